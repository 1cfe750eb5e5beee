"""What is done to a solid before it is placed: taper, bend, twist, subdivision, displacement. Main thread."""

import numpy as np

from ...catalogue import Chosen
from ...models.parts import Displace, PartBase
from .mesh_data import Floats, MeshData

__all__ = ["deformed", "subdivided"]


def deformed(mesh: MeshData, part: PartBase, form: Chosen) -> MeshData:
    """All deformations of ``part``, in the order that the language promises."""
    points = mesh.points
    low, high = mesh.bounds()
    height = max(float(high[2] - low[2]), 1e-9)
    share = (points[:, 2] - low[2]) / height
    if part.taper is not None:
        for axis in (0, 1):
            middle = (low[axis] + high[axis]) / 2
            scale = 1 + share * (form.number(part.taper[axis]) - 1)
            points = points.copy()
            points[:, axis] = middle + (points[:, axis] - middle) * scale
    bend = np.radians(form.number(part.bend))
    if bend:
        points = _bent(points, float(low[2]), height, float(bend))
    twist = np.radians(form.number(part.twist))
    if twist:
        cos, sin = np.cos(twist * share), np.sin(twist * share)
        x, y = points[:, 0], points[:, 1]
        points = np.stack([x * cos - y * sin, x * sin + y * cos, points[:, 2]], axis=1)
    mesh = mesh.moved(points)
    for _ in range(part.subdivide):
        mesh = subdivided(mesh)
    return mesh if part.displace is None else _displaced(mesh, part.displace, form)


def _bent(points: Floats, low: float, height: float, angle: float) -> Floats:
    """Bent towards -Y about a line along x, so that the bottom stays where it is."""
    radius = height / angle
    along = (points[:, 2] - low) / height * angle
    across = points[:, 1] + radius
    return np.stack([points[:, 0], across * np.cos(along) - radius, low + across * np.sin(along)], axis=1)


def _displaced(mesh: MeshData, displace: Displace, form: Chosen) -> MeshData:
    scale = max(form.number(displace.scale), 1e-6)
    noise = _noise(mesh.points / scale, displace.seed) + 0.5 * _noise(
        mesh.points / scale * 2.1 + 7.3, displace.seed + 1
    )
    return mesh.moved(mesh.points + mesh.normals() * (noise / 1.2 * form.number(displace.strength))[:, None])


def _noise(points: Floats, seed: int) -> Floats:
    """Smooth value noise, -1 … 1, at points in lattice units; the same everywhere for the same seed."""
    base = np.floor(points).astype(np.int64)
    inner = points - base
    inner = inner**2 * (3 - 2 * inner)
    total = np.zeros(len(points))
    for corner in range(8):
        offset = np.array([corner & 1, corner >> 1 & 1, corner >> 2 & 1])
        weight = np.prod(np.where(offset, inner, 1 - inner), axis=1)
        total += weight * _hashed(base + offset, seed)
    return total


def _hashed(lattice: np.ndarray[tuple[int, ...], np.dtype[np.int64]], seed: int) -> Floats:
    mixed = lattice.astype(np.uint64) * np.array([0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D], dtype=np.uint64)
    value = mixed[:, 0] ^ mixed[:, 1] ^ mixed[:, 2] ^ np.uint64(seed * 0x27D4EB2F + 0x165667B1)
    for shift in (15, 13, 16):
        value = ((value ^ (value >> np.uint64(shift))) * np.uint64(0x2C1B3C6D)) & np.uint64(0xFFFFFFFF)
    return np.asarray(value / 0x7FFFFFFF - 1, dtype=np.float64)


def subdivided(mesh: MeshData) -> MeshData:
    """One step of Catmull-Clark on a closed mesh: all quads."""
    starts, faces = mesh.starts, len(mesh.counts)
    face_of = np.repeat(np.arange(faces), mesh.counts)
    following = np.arange(len(mesh.corners)) + 1
    following[starts + mesh.counts - 1] = starts
    previous = np.empty_like(following)
    previous[following] = np.arange(len(following))
    here, there = mesh.corners, mesh.corners[following]
    edges, edge_of = np.unique(np.sort(np.stack([here, there], axis=1), axis=1), axis=0, return_inverse=True)
    edge_of = edge_of.reshape(-1)
    vertices = len(mesh.points)

    centre = np.zeros((faces, 3))
    np.add.at(centre, face_of, mesh.points[here])
    centre /= mesh.counts[:, None]
    middle = mesh.points[edges].mean(axis=1)
    beside, sides = np.zeros_like(middle), np.zeros(len(edges))
    np.add.at(beside, edge_of, centre[face_of])
    np.add.at(sides, edge_of, 1)
    edge_points = (middle + beside / sides[:, None]) / 2

    valence, around, mids, edge_valence = (
        np.zeros(vertices),
        np.zeros((vertices, 3)),
        np.zeros((vertices, 3)),
        np.zeros(vertices),
    )
    np.add.at(valence, here, 1)
    np.add.at(around, here, centre[face_of])
    for end in (0, 1):
        np.add.at(mids, edges[:, end], middle)
        np.add.at(edge_valence, edges[:, end], 1)
    n = np.maximum(valence, 1)[:, None]
    moved = (around / n + 2 * mids / np.maximum(edge_valence, 1)[:, None] + (n - 3) * mesh.points) / n

    first_edge, first_face = vertices, vertices + len(edges)
    quads = np.stack([here, first_edge + edge_of, first_face + face_of, first_edge + edge_of[previous]], axis=1)
    return MeshData.of(np.concatenate([moved, edge_points, centre]), quads)
