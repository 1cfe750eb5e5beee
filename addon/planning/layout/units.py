"""One thing and its instances as a unit: how they stand to each other before anything else. Pure; any thread."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, cos, pi, radians, sin

from ...models.plan import Arrangement
from .geometry import Body, Rect, bounds, turned_extent

__all__ = ["Unit", "arranged", "ringed"]

_GAP = 0.16
_SPREAD_ROWS = 0.95
_LOOSE = 1.25
"""Rows behind each other need wider gaps to look through."""


@dataclass(frozen=True)
class Unit:
    """What is asked of one thing: how many, how big (box of one instance after scaling), how turned."""

    id: str
    count: int
    size: tuple[float, float, float]
    scale: float
    yaw: float
    arrangement: Arrangement = Arrangement.AUTO
    centre_gap: float = 0.0
    """Free width kept in the middle of a row, for what stands between."""


def arranged(unit: Unit, seed: int, aspect: float) -> list[Body]:
    """The unit's bodies about the origin, each instance apart from the others."""
    if unit.count == 1:
        return [_body(unit, 0, 0.0, 0.0)]
    if unit.centre_gap > 0:
        return _row(unit, unit.centre_gap)
    ways: dict[Arrangement, Callable[[], list[Body]]] = {
        Arrangement.ROW: lambda: _row(unit, 0.0),
        Arrangement.GRID: lambda: _rows(unit, ceil(unit.count**0.5), stagger=False),
        Arrangement.RING: lambda: ringed(unit, 0.0),
        Arrangement.STACK: lambda: _stack(unit),
        Arrangement.PILE: lambda: _pile(unit),
        Arrangement.SCATTER: lambda: _scattered(unit, seed, aspect),
        Arrangement.AUTO: lambda: _rows(unit, _columns(unit, aspect), stagger=True),
    }
    return ways[unit.arrangement]()


def ringed(unit: Unit, inner: float) -> list[Body]:
    """Instances in a circle about the origin, at least ``inner`` metres free from it."""
    width, depth = turned_extent(unit.size, unit.yaw)
    across = max(width, depth)
    radius = max(inner + across / 2, unit.count * across * (1 + _GAP) / (2 * pi), across * 0.75)
    found = []
    for number in range(unit.count):
        # Starting half a step aside leaves the view to the middle free.
        angle = -90.0 + 360.0 / unit.count * (number + 0.5)
        found.append(_body(unit, number, radius * cos(radians(angle)), radius * sin(radians(angle))))
    return found


def _body(unit: Unit, number: int, x: float, y: float, z: float = 0.0, yaw: float | None = None) -> Body:
    turn = unit.yaw if yaw is None else yaw
    return Body(unit.id, number + 1, x, y, z, unit.size, turn, unit.scale)


def _pitch(unit: Unit) -> tuple[float, float]:
    """Distance of neighbours in a row, and of rows."""
    width, depth = turned_extent(unit.size, unit.yaw)
    gap = _GAP * max(width, depth * 0.6)
    return width + gap, max(depth * 1.12, unit.size[2] * _SPREAD_ROWS)


def _columns(unit: Unit, aspect: float) -> int:
    """How many in a row so that each is as big as can be in a picture of this aspect."""
    if unit.count <= 3:
        return unit.count
    step, back = _pitch(unit)
    best, least = unit.count, float("inf")
    for rows in range(1, min(unit.count, 14) + 1):
        columns = ceil(unit.count / rows)
        needed = max((columns + (0.5 if rows > 1 else 0)) * step / aspect, unit.size[2] + (rows - 1) * back * 0.5)
        # A single row is the easiest to count: two rows must win clearly.
        needed *= 1.0 if rows == 1 else 1.15
        if needed < least:
            best, least = columns, needed
    return best


def _row(unit: Unit, centre_gap: float) -> list[Body]:
    step, _ = _pitch(unit)
    half = unit.count // 2
    found = []
    for number in range(unit.count):
        x = (number - (unit.count - 1) / 2) * step
        if centre_gap:
            x += (centre_gap / 2 + step * 0.1) * (1 if number >= half else -1)
        found.append(_body(unit, number, x, 0.0))
    return found


def _rows(unit: Unit, columns: int, stagger: bool) -> list[Body]:
    step, back = _pitch(unit)
    step *= _LOOSE if stagger else 1.0
    rows = ceil(unit.count / columns)
    shift = step / 4 if stagger and rows > 1 else 0.0
    # About where the camera will be: rows farther away look narrower by this, and would close the gaps.
    distance = max(1.6 * columns * step, 2.9 * unit.size[2])
    found: list[Body] = []
    for row in range(rows):
        here = min(columns, unit.count - row * columns)
        wider = 1 + row * back / distance if stagger else 1.0
        # Every row keeps to the same lattice, so that what is behind looks through the gaps.
        first = (columns - here) // 2
        for column in range(here):
            x = (first + column - (columns - 1) / 2) * step + (shift if row % 2 else -shift)
            found.append(_body(unit, row * columns + column, x * wider, row * back))
    return _centred(found)


def _stack(unit: Unit) -> list[Body]:
    found = []
    for number in range(unit.count):
        body = _body(unit, number, 0.0, 0.0, number * unit.size[2])
        found.append(body if number == 0 else _carried(body, unit.id))
    return found


def _pile(unit: Unit) -> list[Body]:
    """Layers, each two smaller than the one below it, on its gaps."""
    width, depth = turned_extent(unit.size, unit.yaw)
    step_x, step_y = width * 1.02, depth * 1.02
    side = 1
    while sum(level * level for level in range(side, 0, -1)) < unit.count:
        side += 1
    found: list[Body] = []
    for layer in range(side):
        across = side - layer
        for cell in range(across * across):
            if len(found) == unit.count:
                break
            x = (cell % across - (across - 1) / 2) * step_x
            y = (cell // across - (across - 1) / 2) * step_y
            body = _body(unit, len(found), x, y, layer * unit.size[2])
            found.append(body if layer == 0 else _carried(body, unit.id))
    return found


def _carried(body: Body, by: str) -> Body:
    return Body(body.id, body.instance, body.x, body.y, body.z, body.size, body.yaw, body.scale, by)


def _scattered(unit: Unit, seed: int, aspect: float) -> list[Body]:
    chance = random.Random(f"{unit.id}:{seed}")
    width, depth = turned_extent(unit.size, unit.yaw)
    across = max(width, depth, (unit.size[0] ** 2 + unit.size[1] ** 2) ** 0.5)
    columns = max(2, ceil((unit.count * aspect) ** 0.5))
    step, back = across * 1.45, max(across * 1.3, unit.size[2] * 0.75)
    found = []
    for number in range(unit.count):
        row, column = divmod(number, columns)
        here = min(columns, unit.count - row * columns)
        x = (column - (here - 1) / 2 + (0.25 if row % 2 else -0.25)) * step
        x += chance.uniform(-0.2, 0.2) * across
        y = row * back + chance.uniform(-0.14, 0.14) * across
        found.append(_body(unit, number, x, y, yaw=unit.yaw + chance.uniform(-35, 35)))
    return _centred(found)


def _centred(bodies: list[Body]) -> list[Body]:
    box: Rect = bounds(bodies)
    dx, dy = -(box.x0 + box.x1) / 2, -(box.y0 + box.y1) / 2
    return [body.moved(dx, dy) for body in bodies]
