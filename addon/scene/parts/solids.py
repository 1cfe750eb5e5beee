"""Boxes and everything that is turned: cylinders, cones, spheres, capsules, lathes, rings. Main thread."""

import numpy as np

from ...catalogue import Chosen
from ...models.parts import Box, Capsule, Cone, Cylinder, Lathe, Sphere, Torus
from .mesh_data import Floats, MeshData, bridge_rings
from .outlines import round_corners, smooth_curve, without_repeats

__all__ = ["box", "capsule", "cone", "cylinder", "lathe", "sphere", "torus"]


def box(part: Box, form: Chosen) -> MeshData:
    """A box with rounded edges, centred."""
    half = np.array(form.vector(part.size)) / 2
    radius = min(form.number(part.round), 0.98 * float(half.min()))
    steps = part.segments if radius > 0 else 0
    last = 2 * steps + 1
    faces = []
    for axis in range(3):
        u, v = (axis + 1) % 3, (axis + 2) % 3
        i, j = (grid.reshape(-1) for grid in np.meshgrid(np.arange(last), np.arange(last), indexing="ij"))
        for side in (0, last):
            corners = np.zeros((len(i), 4, 3), dtype=np.int64)
            corners[:, :, axis] = side
            corners[:, :, u] = np.stack([i, i + 1, i + 1, i], axis=1)
            corners[:, :, v] = np.stack([j, j, j + 1, j + 1], axis=1)
            faces.append(corners if side else corners[:, ::-1])
    lattice, index = np.unique(np.concatenate(faces).reshape(-1, 3), axis=0, return_inverse=True)
    return MeshData.of(_on_rounded_box(lattice, half, radius, steps), index.reshape(-1, 4))


def _on_rounded_box(lattice: Floats, half: Floats, radius: float, steps: int) -> Floats:
    """Lattice points (0 … 2·steps + 1 on each axis) on the surface: flat in the middle, eighths of a sphere outside."""
    upper = lattice > steps
    if steps == 0:
        return np.where(upper, half, -half)
    outward = np.where(upper, lattice - steps - 1, lattice - steps) / steps
    direction = np.tan(outward * np.pi / 4)
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    return np.asarray(np.where(upper, half - radius, radius - half) + radius * direction)


def cylinder(part: Cylinder, form: Chosen) -> MeshData:
    """An upright cylinder or prism that fills its size, centred."""
    x, y, z = form.vector(part.size)
    profile = np.array([(0, -z / 2), (x / 2, -z / 2), (x / 2, z / 2), (0, z / 2)])
    return _filling(_turn(round_corners(profile, form.number(part.round)), part.sides), (x, y, z))


def cone(part: Cone, form: Chosen) -> MeshData:
    """An upright, perhaps truncated, cone or pyramid that fills its size, centred."""
    x, y, z = form.vector(part.size)
    top = form.number(part.top)
    profile = np.array([(0, -z / 2), (x / 2, -z / 2), (x / 2 * top, z / 2), (0, z / 2)])
    return _filling(_turn(round_corners(profile, form.number(part.round)), part.sides), (x, y, z))


def sphere(part: Sphere, form: Chosen) -> MeshData:
    """An ellipsoid that fills its size, centred."""
    angles = np.linspace(-np.pi / 2, np.pi / 2, part.segments // 2 + 1)
    profile = np.stack([np.cos(angles), np.sin(angles)], axis=1) / 2
    return _filling(_turn(profile, part.segments), form.vector(part.size))


def capsule(part: Capsule, form: Chosen) -> MeshData:
    """A cylinder with half spheres at its ends that fills its size, centred."""
    x, y, z = form.vector(part.size)
    radius = min(x / 2, z / 2)
    arc = np.linspace(-np.pi / 2, 0, part.sides // 4 + 1)
    low = np.stack([x / 2 * np.cos(arc), radius * np.sin(arc) - (z / 2 - radius)], axis=1)
    profile = np.concatenate([low, low[::-1] * (1, -1)])
    return _filling(_turn(without_repeats(profile), part.sides), (x, y, z))


def torus(part: Torus, form: Chosen) -> MeshData:
    """A ring about z, centred."""
    angles = np.linspace(0, 2 * np.pi, part.sides, endpoint=False)
    tube = form.number(part.tube)
    profile = np.stack([form.number(part.radius) + tube * np.cos(angles), tube * np.sin(angles)], axis=1)
    return _turn(profile, part.segments, closed=True)


def lathe(part: Lathe, form: Chosen) -> MeshData:
    """A profile turned about z, where the profile says."""
    profile = np.array([[form.number(r), form.number(z)] for r, z in part.profile])
    if part.smooth:
        profile = smooth_curve(profile, closed=part.closed)
    profile = round_corners(profile, form.number(part.round), closed=part.closed)
    profile[:, 0] = np.maximum(profile[:, 0], 0)
    mesh = _turn(profile, part.sides, closed=part.closed)
    if not part.lobes:
        return mesh
    angle = np.arctan2(mesh.points[:, 1], mesh.points[:, 0])
    shrink = 1 - form.number(part.lobe_depth) * (0.5 - 0.5 * np.abs(np.cos(angle * part.lobes / 2)) ** 0.7) * 2
    return mesh.moved(mesh.points * np.stack([shrink, shrink, np.ones_like(shrink)], axis=1))


def _turn(profile: Floats, sides: int, *, closed: bool = False) -> MeshData:
    """(r, z) points about z; open profiles get caps to the axis. A flat side, not an edge, looks towards -Y."""
    if not closed:
        profile = profile.copy()
        profile[profile[:, 0] < 1e-6, 0] = 0
        first = [] if profile[0, 0] == 0 else [(0, profile[0, 1])]
        last = [] if profile[-1, 0] == 0 else [(0, profile[-1, 1])]
        profile = np.array([*first, *profile, *last])
    angles = (np.arange(sides) + 0.5) * (2 * np.pi / sides) - np.pi / 2
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    rings = []
    for radius, height in profile:
        flat = circle * radius if radius > 0 else np.zeros((1, 2))
        rings.append(np.concatenate([flat, np.full((len(flat), 1), height)], axis=1))
    return bridge_rings(rings, closed=closed).outward()


def _filling(mesh: MeshData, size: tuple[float, float, float]) -> MeshData:
    low, high = mesh.bounds()
    return mesh.moved((mesh.points - (low + high) / 2) * (np.array(size) / (high - low)))
