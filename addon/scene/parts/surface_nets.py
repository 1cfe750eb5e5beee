"""The surface where a field on a grid is zero, as quads: naive surface nets. Main thread (numpy only)."""

import numpy as np

from .mesh_data import Floats, Ints, MeshData, gathered

__all__ = ["surface_nets"]

_CORNERS = np.array([(i, j, k) for i in (0, 1) for j in (0, 1) for k in (0, 1)])
_EDGES = [(a, b) for a in range(8) for b in range(a + 1, 8) if np.abs(_CORNERS[a] - _CORNERS[b]).sum() == 1]


def surface_nets(field: Floats, start: Floats, cell: float) -> MeshData:
    """The surface of ``field`` (negative inside; positive all along its rim). ``ValueError`` where there is none."""
    inside = field < 0
    corners = [
        inside[i : inside.shape[0] - 1 + i, j : inside.shape[1] - 1 + j, k : inside.shape[2] - 1 + k]
        for i, j, k in _CORNERS
    ]
    count = np.sum(corners, axis=0)
    active = np.argwhere((count > 0) & (count < 8))
    if not len(active):
        raise ValueError("the blend has no surface")
    numbers = np.full(count.shape, -1, dtype=np.int64)
    numbers[tuple(active.T)] = np.arange(len(active))
    quads = np.concatenate([_quads(inside, numbers, axis) for axis in range(3)])
    points = _relaxed(_crossings(field, active), quads)
    return MeshData.of(start + cell * points, quads)


def _crossings(field: Floats, active: Ints) -> Floats:
    """For each cell the mean of the points where its edges cross zero, in cells."""
    values = np.stack([field[tuple((active + corner).T)] for corner in _CORNERS], axis=1)
    total, hits = np.zeros((len(active), 3)), np.zeros(len(active))
    for a, b in _EDGES:
        crosses = (values[:, a] < 0) != (values[:, b] < 0)
        share = values[:, a] / np.where(crosses, values[:, a] - values[:, b], 1)
        point = _CORNERS[a] + share[:, None] * (_CORNERS[b] - _CORNERS[a])
        total += np.where(crosses[:, None], point, 0)
        hits += crosses
    return np.asarray(active + total / hits[:, None])


def _quads(inside: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], numbers: Ints, axis: int) -> Ints:
    """A quad between the four cells around each grid edge along ``axis`` that crosses the surface."""
    u, v = (axis + 1) % 3, (axis + 2) % 3
    turned = np.moveaxis(inside, (axis, u, v), (0, 1, 2))
    cells = np.moveaxis(numbers, (axis, u, v), (0, 1, 2))
    low, high = turned[:-1, 1:-1, 1:-1], turned[1:, 1:-1, 1:-1]
    i, j, k = np.nonzero(low != high)
    quads = np.stack([cells[i, j, k], cells[i, j + 1, k], cells[i, j + 1, k + 1], cells[i, j, k + 1]], axis=1)
    leaving = low[i, j, k]
    return np.where(leaving[:, None], quads, quads[:, ::-1])


def _relaxed(points: Floats, quads: Ints) -> Floats:
    """A little nearer to the mean of the neighbours: takes the grid's steps away, keeps the form."""
    count = len(points)
    total, hits = np.zeros_like(points), np.zeros(count)
    for a, b in ((0, 1), (1, 2), (2, 3), (3, 0)):
        for here, there in ((a, b), (b, a)):
            total += gathered(quads[:, here], points[quads[:, there]], count)
            hits += np.bincount(quads[:, here], minlength=count)
    return np.asarray(0.45 * points + 0.55 * total / hits[:, None])
