"""The box around points, and that every number of them is one. Pure, any thread."""

import math
from array import array
from collections.abc import Sequence

from .problem import FileProblem

__all__ = ["MAX_FACES", "MAX_POINTS", "Box", "box_of", "joined", "size_of"]

Box = tuple[tuple[float, float, float], tuple[float, float, float]]
"""Lowest and highest corner."""

MAX_POINTS = 500_000
MAX_FACES = 1_000_000


def box_of(numbers: Sequence[float]) -> Box:
    """The box around points given as x, y, z, x, y, z …. Raises ``FileProblem`` for infinities and NaN."""
    # A sum is finite only if everything in it is, and summing is far quicker than asking each.
    if not math.isfinite(sum(numbers)):
        raise FileProblem("has numbers that are not finite")
    axes = [numbers[axis::3] for axis in range(3)]
    low, high = [min(axis) for axis in axes], [max(axis) for axis in axes]
    if max(map(abs, (*low, *high))) > 1e9:
        raise FileProblem("has points that are too far out")
    return (low[0], low[1], low[2]), (high[0], high[1], high[2])


def joined(boxes: Sequence[Box]) -> Box:
    """The box around boxes; there is at least one."""
    return box_of(array("d", [number for box in boxes for corner in box for number in corner]))


def size_of(box: Box) -> tuple[float, float, float]:
    """Width, depth and height. Raises ``FileProblem`` where there is nothing to see."""
    sides = [high - low for low, high in zip(*box, strict=True)]
    if max(sides) <= 1e-9:
        raise FileProblem("has no size: all its points are in one place")
    return sides[0], sides[1], sides[2]
