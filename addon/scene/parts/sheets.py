"""Outlines that cross themselves or each other, as solids with straight edges. Main thread: mathutils."""

import numpy as np
from mathutils import Vector
from mathutils.geometry import delaunay_2d_cdt

from .mesh_data import Floats, MeshData
from .sweeps import are_inside

__all__ = ["sheet_of_outlines"]


def sheet_of_outlines(loops: list[Floats], depth: float) -> MeshData | None:
    """What an odd number of (x, z) outlines encloses, ``depth`` thick along y about 0; None where that is nothing."""
    edges: list[tuple[int, int]] = []
    for loop in loops:
        first, count = len(edges), len(loop)
        edges += [(first + i, first + (i + 1) % count) for i in range(count)]
    flat = np.concatenate(loops)
    found = delaunay_2d_cdt([Vector(point) for point in flat.tolist()], edges, [], 0, 1e-7)
    points = np.array([point[:] for point in found[0]])
    faces = np.array([face for face in found[2] if len(face) == 3], dtype=np.int64).reshape(-1, 3)
    faces = faces[are_inside(points[faces].mean(axis=1), *loops)]
    if not len(faces):
        return None
    return _thick(points, faces, depth)


def _thick(points: Floats, faces: "np.ndarray[tuple[int, ...], np.dtype[np.int64]]", depth: float) -> MeshData:
    """Two copies of the triangles, and walls along the edges that only one of them has."""
    count = len(points)
    front = np.stack([points[:, 0], np.full(count, -depth / 2), points[:, 1]], axis=1)
    back = front + np.array([0, depth, 0])
    sides = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    known = {(int(a), int(b)) for a, b in sides}
    rim = np.array([(a, b) for a, b in known if (b, a) not in known], dtype=np.int64).reshape(-1, 2)
    walls = np.stack([rim[:, 1], rim[:, 0], rim[:, 0] + count, rim[:, 1] + count], axis=1)
    return MeshData.of(np.concatenate([front, back]), faces, faces[:, ::-1] + count, walls).outward()
