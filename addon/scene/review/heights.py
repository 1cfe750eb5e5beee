"""How far a thing is above what is under it, column by column. Pure; any thread.

The thing is drawn from below and what may carry it from above, on one grid over its footprint; where both are, the
difference is the free height between them.
"""

from collections.abc import Sequence

import numpy as np

from .raster import Closeness, Floats, draw
from .shapes import Solid, Thing

__all__ = ["free_heights"]

_COLUMNS, _FEWEST, _MANY = 64, 16, 8
"""Columns along a thing's longer side; fewer where there are many things, so that the whole takes about as long."""
_REACH = 0.5
"""What begins above this share of a thing's height is beside or over it, and no support."""


def free_heights(thing: Thing, others: Sequence[Thing], floor: float | None) -> Floats:
    """The free height under each column of a thing that has something below it, metres.

    Negative where the thing is below the surface. ``floor`` is the height of a level ground under everything.
    """
    low, high = thing.bounds
    columns = max(_FEWEST, min(_COLUMNS, _COLUMNS * _MANY // max(1, len(others))))
    cell = max(float(max(high[0] - low[0], high[1] - low[1])) / columns, 1e-6)
    shape = (int((high[1] - low[1]) / cell) + 1, int((high[0] - low[0]) / cell) + 1)
    ceiling, reach = float(high[2]) + 1.0, float(low[2] + _REACH * (high[2] - low[2]))
    below = np.zeros(shape, dtype=np.float32)
    for solid in thing.solids:
        _draw(below, solid, low, cell, (ceiling, -1.0), np.inf)
    carriers = [one for one in others if _over(one, low, high)]
    base = min([float(low[2]), floor or 0.0, *(float(one.bounds[0][2]) for one in carriers)]) - 1.0
    above = np.zeros(shape, dtype=np.float32)
    if floor is not None:
        above[:] = floor - base
    for solid in (solid for one in carriers for solid in one.solids):
        _draw(above, solid, low, cell, (-base, 1.0), reach)
    both = (below > 0) & (above > 0)
    underside = ceiling - below[both].astype(np.float64)
    return np.asarray(underside - (above[both].astype(np.float64) + base))


def _over(other: Thing, low: Floats, high: Floats) -> bool:
    its_low, its_high = other.bounds
    return bool(np.all(its_low[:2] <= high[:2]) and np.all(its_high[:2] >= low[:2]) and its_low[2] < high[2])


def _draw(buffer: Closeness, solid: Solid, low: Floats, cell: float, toward: tuple[float, float], reach: float) -> None:
    """``toward``: closeness is the first plus the second times z. Triangles that begin above ``reach`` are left out."""
    pixels = (solid.points[:, :2] - low[:2]) / cell
    points = np.column_stack([pixels, toward[0] + toward[1] * solid.points[:, 2]])
    triangles = solid.triangles
    if np.isfinite(reach):
        triangles = triangles[solid.points[:, 2][triangles].min(axis=1) <= reach]
        used = np.unique(triangles)
        renumbered = np.zeros(len(points), dtype=np.int64)
        renumbered[used] = np.arange(len(used))
        points, triangles = points[used], renumbered[triangles]
    draw(buffer, points, triangles, np.zeros((0, 3, 3)))
