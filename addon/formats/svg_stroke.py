"""Strokes → outlines, so that a line drawing has thickness. Pure, any thread."""

import math

from .svg_path import Line, Point

__all__ = ["stroked"]

_MITRE = 2.0
"""How far a corner may stick out, in half widths; sharper ones are cut."""


def stroked(line: Line, width: float) -> list[list[Point]]:
    """The outlines of a line ``width`` wide: one for an open line (its ends cut straight), two for a ring."""
    points = _apart(line[0], closed=line[1], least=width * 0.02)
    if len(points) < 2:
        return []
    if line[1] and len(points) > 2:
        return [_beside(points, width / 2, closed=True), _beside(points, -width / 2, closed=True)[::-1]]
    there, back = _beside(points, width / 2, closed=False), _beside(points, -width / 2, closed=False)
    return [[*there, *back[::-1]]]


def _apart(points: list[Point], *, closed: bool, least: float) -> list[Point]:
    kept: list[Point] = []
    for point in points:
        if not kept or math.dist(point, kept[-1]) > least:
            kept.append(point)
    if closed and len(kept) > 2 and math.dist(kept[0], kept[-1]) <= least:
        kept.pop()
    return kept


def _beside(points: list[Point], distance: float, *, closed: bool) -> list[Point]:
    """The line moved to its left by ``distance``."""
    count = len(points)
    moved = []
    for i, (x, y) in enumerate(points):
        before = points[i - 1] if i or closed else None
        after = points[(i + 1) % count] if i + 1 < count or closed else None
        first = _normal(before, (x, y)) if before else None
        last = _normal((x, y), after) if after else None
        one, other = first or last or (0.0, 0.0), last or first or (0.0, 0.0)
        sum_x, sum_y = one[0] + other[0], one[1] + other[1]
        reach = (sum_x**2 + sum_y**2) / 2
        step = distance / max(reach, 2 / _MITRE**2)
        moved.append((x + sum_x * step, y + sum_y * step))
    return moved


def _normal(start: Point, end: Point) -> Point:
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy) or 1.0
    return (-dy / length, dx / length)
