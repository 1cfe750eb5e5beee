"""Presses a finished thing into the outline of a shape that it has no variant for. Main thread."""

import math

import bmesh
import bpy
import numpy as np

from ...catalogue import Mould, outline_radius, profile_width
from .booleans import to_mesh
from .mesh_data import Floats, MeshData
from .sweeps import welded

__all__ = ["moulded"]

_DIRECTIONS = 720
_SPHERE, _CHUNK = 600, 4096
_EDGES = 12
_LONGEST, _LONGEST_OF_CUBES = 0.1, 0.045
"""Of the thing's longest side: longer edges are divided first, so that they can bend, or meet in a corner."""
_ROUNDS = 5
_LEAST_REACH = 0.15
"""Of half a side: where an outline comes nearer to the middle, it is moved as if it did not."""


def moulded(meshes: list[MeshData], mould: Mould, size: tuple[float, float, float]) -> list[MeshData]:
    """The meshes of a thing of this ``size``, standing on z = 0, with the mould's outline and of the same size."""
    half, centre = np.array(size) / 2, np.array([0.0, 0.0, size[2] / 2])
    longest = _LONGEST_OF_CUBES if mould.solid == "cube" else _LONGEST
    fine = [_divided(mesh, longest * max(size)) for mesh in meshes]
    unit = np.concatenate([(mesh.points - centre) / half for mesh in fine])
    unit = _pressed_into_solid(unit, mould) if mould.solid is not None else _pressed_into_outline(unit, mould)
    low, high = unit.min(axis=0), unit.max(axis=0)
    points = ((unit - low) / np.maximum(high - low, 1e-9) * 2 - 1) * half + centre
    ends = np.cumsum([len(mesh.points) for mesh in fine])[:-1]
    return [mesh.moved(own) for mesh, own in zip(fine, np.split(points, ends), strict=True)]


def _pressed_into_solid(unit: Floats, mould: Mould) -> Floats:
    """Points (n, 3) of -1..1 moved along their rays, so that their convex hull becomes a ball or a cube."""
    around = _sphere_directions()
    support = np.maximum((unit @ around.T).max(axis=0), _LEAST_REACH)
    distance = np.linalg.norm(unit, axis=1)
    rays = unit / np.maximum(distance, 1e-9)[:, None]
    reach = np.empty(len(unit))
    for start in range(0, len(unit), _CHUNK):
        cosine = rays[start : start + _CHUNK] @ around.T
        reach[start : start + _CHUNK] = np.where(cosine > 0.02, support / np.maximum(cosine, 0.02), np.inf).min(axis=1)
    # A cube with rounded edges, which the mesh need not meet: a superellipsoid.
    wanted = (
        1.0 if mould.solid == "ball" else 1 / np.maximum((np.abs(rays) ** _EDGES).sum(axis=1) ** (1 / _EDGES), 1e-9)
    )
    return np.asarray(rays * (distance * wanted / np.maximum(reach, _LEAST_REACH))[:, None])


def _sphere_directions() -> Floats:
    """Evenly spread unit vectors (n, 3), by the golden angle (R. Swinbank and R. Purser, 2006), and the six axes."""
    step = np.arange(_SPHERE) + 0.5
    height = 1 - 2 * step / _SPHERE
    turn = math.pi * (1 + 5**0.5) * step
    flat = np.sqrt(1 - height**2)
    spread = np.stack([flat * np.cos(turn), flat * np.sin(turn), height], axis=1)
    return np.concatenate([spread, np.eye(3), -np.eye(3)])


def _pressed_into_outline(unit: Floats, mould: Mould) -> Floats:
    """Points (n, 3) of -1..1 moved across the mould's plane, so that their outline becomes the mould's."""
    a, b = mould.plane
    (along,) = (axis for axis in range(3) if axis not in mould.plane)
    reach = _reach(unit[:, [a, b]])
    turn = np.arctan2(unit[:, b], unit[:, a])
    steps = np.linspace(-math.pi, math.pi, _DIRECTIONS + 1)
    wanted = np.array([outline_radius(mould.outline, step) for step in steps])
    factor = np.interp(turn, steps, wanted / reach)
    share = np.clip((unit[:, along] + 1) / 2, 0, 1)
    factor *= np.array([profile_width(mould.profile, one) for one in share.tolist()])
    moved = unit.copy()
    moved[:, [a, b]] *= factor[:, None]
    return moved


def _reach(flat: Floats) -> Floats:
    """How far the convex outline of points (n, 2) reaches from the middle, for each direction from -180 degrees."""
    steps = np.linspace(-math.pi, math.pi, _DIRECTIONS + 1)
    around = np.stack([np.cos(steps), np.sin(steps)])
    support = (flat @ around).max(axis=0)
    # A convex outline is where no tangent is nearer: tangent i meets direction j at support / cosine.
    cosine = around.T @ around
    meets = np.where(cosine > 0.02, support[:, None] / np.maximum(cosine, 0.02), np.inf)
    return np.asarray(np.maximum(meets.min(axis=0), _LEAST_REACH))


def _divided(mesh: MeshData, longest: float) -> MeshData:
    """The mesh with its long edges halved until none is longer; faces that this touches become triangles."""
    made = to_mesh(mesh, "mould")
    solid = bmesh.new()
    try:
        solid.from_mesh(made)
        for _ in range(_ROUNDS):
            long = [edge for edge in solid.edges if edge.calc_length() > longest]
            if not long:
                break
            faces = list({face for edge in long for face in edge.link_faces})
            bmesh.ops.triangulate(solid, faces=faces)
            long = [edge for edge in solid.edges if edge.calc_length() > longest]
            bmesh.ops.subdivide_edges(solid, edges=long, cuts=1, use_grid_fill=True)
        return welded(solid, 0.0)
    finally:
        solid.free()
        bpy.data.meshes.remove(made)
