"""A built thing's geometry in its own frame: silhouettes, cuts, islands. Pure numbers; any thread."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from .grid import Array, Grid, drawn, hull

__all__ = ["FRONT", "SIDE", "TOP", "Solid"]

CELLS = 96
FRONT, SIDE, TOP = (0, 2), (1, 2), (0, 1)
"""The two axes that a view shows: from the front (along y), from the side (along x), from above."""


@dataclass(frozen=True)
class Solid:
    """Triangles of closed surfaces: ``points`` (n, 3) in the thing's frame (it faces -Y), ``faces`` (m, 3)."""

    points: Array
    faces: NDArray[np.int32]

    @cached_property
    def low(self) -> Array:
        """The lowest coordinates."""
        return np.asarray(self.points[np.unique(self.faces)].min(axis=0))

    @cached_property
    def size(self) -> Array:
        """Width, depth and height."""
        return np.asarray(np.maximum(self.points[np.unique(self.faces)].max(axis=0) - self.low, 1e-9))

    def silhouette(self, axes: tuple[int, int]) -> Grid:
        """What is covered of the bounding rectangle, its longer side ``CELLS`` long, with a free edge of 2 cells."""
        flat = self.points[:, axes] - self.low[list(axes)]
        size = self.size[list(axes)]
        step = size.max() / CELLS
        columns, rows = (int(np.ceil(length / step)) + 4 for length in size)
        return drawn(flat / step + 2, self.faces, columns, rows)

    def cut(self, share: float, axis: int = 2) -> Grid:
        """The inside of the solid at a share of its extent along an axis; cells as in ``silhouette``."""
        others = [one for one in range(3) if one != axis]
        level = self.low[axis] + self.size[axis] * share + self.size[axis] * 1.3e-5
        step = self.size[others].max() / CELLS
        columns, rows = (int(np.ceil(length / step)) + 4 for length in self.size[others])
        segments = self._segments(level, axis)
        flat = (segments[..., others] - self.low[others]) / step + 2
        if axis == 1:
            flat = flat[:, ::-1]
        return _wound(flat, columns, rows)

    def _segments(self, level: float, axis: int) -> Array:
        """Where the surface crosses the plane, each segment with the inside on the same hand: (k, 2, 3)."""
        corners = self.points[self.faces]
        above = corners[..., axis] > level
        mixed = above.any(axis=1) & ~above.all(axis=1)
        corners, above = corners[mixed], above[mixed]
        if not len(corners):
            return np.zeros((0, 2, 3))
        # Turn each triangle so that its lone corner comes first.
        lone = np.where(above.sum(axis=1) == 1, above.argmax(axis=1), (~above).argmax(axis=1))
        turned = corners[np.arange(len(corners))[:, None], (lone[:, None] + np.arange(3)) % 3]
        first, second, third = turned[:, 0], turned[:, 1], turned[:, 2]

        def crossing(end: Array) -> Array:
            part = (level - first[:, axis]) / (end[:, axis] - first[:, axis])
            return np.asarray(first + part[:, None] * (end - first))

        lone_above = above[np.arange(len(above)), lone]
        pair = np.stack([crossing(second), crossing(third)], axis=1)
        pair[~lone_above] = pair[~lone_above][:, ::-1]
        return pair

    @cached_property
    def islands(self) -> "list[Solid]":
        """The connected pieces of the surface, the largest box first."""
        label = np.arange(len(self.points))
        edges = np.concatenate([self.faces[:, [0, 1]], self.faces[:, [1, 2]]])
        while True:
            least = np.minimum(label[edges[:, 0]], label[edges[:, 1]])
            after = label.copy()
            np.minimum.at(after, edges[:, 0], least)
            np.minimum.at(after, edges[:, 1], least)
            after = after[after]
            if np.array_equal(after, label):
                break
            label = after
        of_face = label[self.faces[:, 0]]
        order = np.argsort(of_face, kind="stable")
        starts = np.flatnonzero(np.diff(of_face[order])) + 1
        found = [Solid(self.points, faces) for faces in np.split(self.faces[order], starts) if len(faces)]
        return sorted(found, key=lambda solid: -float(np.sort(solid.size)[1:].prod()))

    def outline(self, axes: tuple[int, int]) -> Array:
        """The convex outline in a view, through its outermost points in 256 directions."""
        flat = self.points[np.unique(self.faces)][:, axes]
        turns = np.linspace(0, 2 * np.pi, 256, endpoint=False)
        outermost = np.unique((flat @ np.array([np.cos(turns), np.sin(turns)])).argmax(axis=0))
        return hull(flat[outermost])

    @cached_property
    def volume(self) -> float:
        """What the closed surfaces hold, together."""
        a, b, c = (self.points[self.faces[:, corner]] - self.low for corner in range(3))
        return float(abs((a * np.cross(b, c)).sum() / 6))


def _wound(segments: Array, columns: int, rows: int) -> Grid:
    """Cells whose middle the segments wind around. (k, 2, 2) in cells."""
    turns = np.zeros((rows, columns + 1), dtype=np.int32)
    (ax, ay), (bx, by) = segments[:, 0].T, segments[:, 1].T
    for row in range(rows):
        y = row + 0.5003
        up, down = (ay <= y) & (by > y), (by <= y) & (ay > y)
        for crossed, sign in ((up, 1), (down, -1)):
            part = (y - ay[crossed]) / (by[crossed] - ay[crossed])
            x = ax[crossed] + part * (bx[crossed] - ax[crossed])
            # A middle at column + 0.5 is inside when it is to the right of the crossing.
            column = np.clip(np.ceil(x - 0.5), 0, columns).astype(int)
            np.add.at(turns[row], column, sign)
    return np.asarray(turns.cumsum(axis=1)[:, :columns] != 0)
