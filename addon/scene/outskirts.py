"""Where the ground changes behind the scene: a shore with the sea, a street with its pavement. Main thread.

Everything is measured in the scene's own size, so that it fits a toy as well as a house.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

from .extent import Extent

__all__ = ["Add", "add_shore", "add_street"]

Point = tuple[float, float, float]
Add = Callable[[str, str, Sequence[Point], Sequence[Sequence[int]]], Any]
"""Makes a ground object of a name, a part, points and faces."""

_FAR = 900.0
_STEPS = 120


def add_shore(add: Add, extent: Extent) -> None:
    """The sea behind everything, with foam where it meets the sand."""
    reach = max(extent.radius, extent.camera_distance)
    start, height = extent.high[1] + 0.55 * extent.radius, 0.002 * reach
    # Close together before the camera, far apart beyond what it sees.
    xs = [extent.centre[0] + reach * math.sinh(6.0 * (step / _STEPS - 0.5)) for step in range(_STEPS + 1)]
    line = [(x, start + extent.radius * _wave(x / reach), height) for x in xs]
    far = [(x * 20, reach * _FAR, height) for x, _, _ in line]
    _ribbon(add, "Sea", "sea", line, far)
    width = 0.1 * extent.radius
    edge = [(x, y - width * (0.45 + 0.4 * math.sin(9 * x / reach + 1)), z * 1.4) for x, y, z in line]
    back = [(x, y + width * (0.25 + 0.2 * math.sin(7 * x / reach)), z * 1.4) for x, y, z in line]
    _ribbon(add, "Foam", "foam", edge, back)


def _wave(along: float) -> float:
    return 0.16 * math.sin(2.1 * along + 0.7) + 0.07 * math.sin(5.3 * along) + 0.12 * math.tanh(along)


def _ribbon(add: Add, name: str, part: str, near: Sequence[Point], far: Sequence[Point]) -> None:
    count = len(near)
    add(name, part, [*near, *far], [[n, n + 1, count + n + 1, count + n] for n in range(count - 1)])


def add_street(add: Add, extent: Extent) -> None:
    """A road from left to right with a broken line before the things, and a pavement behind them."""
    reach = max(extent.radius, extent.camera_distance)
    kerb, height = extent.high[1] + 0.5 * extent.radius, min(0.14, 0.05 * extent.radius)
    wide, deep = reach * _FAR, reach * _FAR
    left, right = extent.centre[0] - wide, extent.centre[0] + wide
    ends = [(kerb, 0.0), (kerb, height), (kerb + deep, height)]
    points = [(x, y, z) for x in (left, right) for y, z in ends]
    add("Pavement", "pavement", points, [[n, 3 + n, 4 + n, 1 + n] for n in range(2)])
    dash, lift = 0.55 * extent.radius, 0.0008 * reach
    middle, half = extent.low[1] - 0.26 * extent.radius, 0.022 * extent.radius
    for number, x in enumerate(extent.centre[0] + dash * 1.9 * step for step in range(-7, 8)):
        corners = [(x - dash / 2, middle - half), (x + dash / 2, middle - half), (x + dash / 2, middle + half),
                   (x - dash / 2, middle + half)]  # fmt: skip
        add(f"Line {number + 1}", "marking", [(px, py, lift) for px, py in corners], [[0, 1, 2, 3]])
    edge = kerb - 0.12 * extent.radius
    strip = [(left, edge - half), (right, edge - half), (right, edge + half), (left, edge + half)]
    add("Edge line", "marking", [(px, py, lift) for px, py in strip], [[0, 1, 2, 3]])
