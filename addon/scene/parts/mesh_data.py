"""MeshData: a mesh as arrays, so that shapes are computed in bulk and become Blender's only at the end. Main thread."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Bools", "Floats", "Ints", "MeshData", "bridge_rings", "gathered", "join", "rotation_matrix"]

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class MeshData:
    """``points`` (n, 3) in metres; ``corners`` are the faces' vertices one after another, ``counts`` how many each."""

    points: Floats
    corners: Ints
    counts: Ints

    @staticmethod
    def of(points: Floats, *faces: Ints) -> "MeshData":
        """From blocks of faces, each (m, k): k corners for each of m faces."""
        blocks = [block for block in faces if len(block)]
        corners = np.concatenate([block.reshape(-1) for block in blocks]).astype(np.int64)
        counts = np.concatenate([np.full(len(block), block.shape[1]) for block in blocks]).astype(np.int64)
        return MeshData(points, corners, counts)

    @property
    def starts(self) -> Ints:
        """Index of each face's first corner."""
        return np.concatenate([[0], np.cumsum(self.counts)[:-1]]).astype(np.int64)

    @property
    def triangles(self) -> int:
        """How many triangles the faces make."""
        return int((self.counts - 2).sum())

    def bounds(self) -> tuple[Floats, Floats]:
        """Lowest and highest corner of the box around it."""
        return self.points.min(axis=0), self.points.max(axis=0)

    def volume(self) -> float:
        """Signed volume in m³: positive where normals point outwards."""
        starts, total = self.starts, 0.0
        for size in np.unique(self.counts):
            face = self.corners[starts[self.counts == size][:, None] + np.arange(size)]
            first = self.points[face[:, 0]]
            for second in range(1, size - 1):
                cross = np.cross(self.points[face[:, second]], self.points[face[:, second + 1]])
                total += float(np.einsum("ij,ij->", first, cross))
        return total / 6

    def moved(self, points: Floats) -> "MeshData":
        """The same faces over other points."""
        return MeshData(points, self.corners, self.counts)

    def flipped(self) -> "MeshData":
        """Faces turned around."""
        # Reversing everything reverses each face; the order of faces turns around as well, harmlessly.
        return MeshData(self.points, self.corners[::-1].copy(), self.counts[::-1].copy())

    def outward(self) -> "MeshData":
        """Normals to the outside."""
        return self if self.volume() >= 0 else self.flipped()

    def normals(self) -> Floats:
        """Vertex normals (n, 3), area weighted."""
        starts = self.starts
        total = np.zeros_like(self.points)
        for size in np.unique(self.counts):
            face = self.corners[starts[self.counts == size][:, None] + np.arange(size)]
            p = self.points[face]
            normal = np.zeros((len(face), 3))
            for second in range(1, size - 1):
                normal += np.cross(p[:, second] - p[:, 0], p[:, second + 1] - p[:, 0])
            for corner in range(size):
                total += gathered(face[:, corner], normal, len(total))
        length = np.linalg.norm(total, axis=1, keepdims=True)
        return np.asarray(total / np.maximum(length, 1e-12))


def gathered(index: Ints, values: Floats, count: int) -> Floats:
    """Sums of the rows of ``values`` (m, k) for each index from 0 to ``count`` - 1: (count, k)."""
    # bincount is ten times as fast as numpy.add.at.
    return np.stack([np.bincount(index, column, count) for column in values.T], axis=1)


def join(meshes: list[MeshData]) -> MeshData:
    """Several as one."""
    if len(meshes) == 1:
        return meshes[0]
    offsets = np.cumsum([0, *(len(mesh.points) for mesh in meshes[:-1])])
    return MeshData(
        np.concatenate([mesh.points for mesh in meshes]),
        np.concatenate([mesh.corners + offset for mesh, offset in zip(meshes, offsets, strict=True)]),
        np.concatenate([mesh.counts for mesh in meshes]),
    )


def bridge_rings(rings: list[Floats], *, closed: bool = False) -> MeshData:
    """Quads between neighbouring rings (each (k, 3), or (1, 3) for a pole); ``closed`` joins the last to the first.

    Rings run anticlockwise seen from the side the list goes to, for outward normals.
    """
    points = np.concatenate(rings)
    starts = np.cumsum([0, *(len(ring) for ring in rings)])
    quads: list[Ints] = []
    triangles: list[Ints] = []
    pairs = list(zip(range(len(rings) - 1), range(1, len(rings)), strict=True))
    if closed:
        pairs.append((len(rings) - 1, 0))
    for low, high in pairs:
        k = max(len(rings[low]), len(rings[high]))
        here = np.arange(k)
        after = np.roll(here, -1)
        a, b = starts[low], starts[high]
        if len(rings[low]) == 1 and len(rings[high]) == 1:
            continue
        if len(rings[low]) == 1:
            triangles.append(np.stack([np.full(k, a), b + after, b + here], axis=1))
        elif len(rings[high]) == 1:
            triangles.append(np.stack([a + here, a + after, np.full(k, b)], axis=1))
        else:
            quads.append(np.stack([a + here, a + after, b + after, b + here], axis=1))
    return MeshData.of(points, *quads, *triangles)


def rotation_matrix(degrees: tuple[float, float, float]) -> Floats:
    """XYZ Euler angles as a 3 by 3 matrix for column vectors, as Blender turns things."""
    x, y, z = np.radians(degrees)
    around_x = np.array([[1, 0, 0], [0, np.cos(x), -np.sin(x)], [0, np.sin(x), np.cos(x)]])
    around_y = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    around_z = np.array([[np.cos(z), -np.sin(z), 0], [np.sin(z), np.cos(z), 0], [0, 0, 1]])
    return np.asarray(around_z @ around_y @ around_x)
