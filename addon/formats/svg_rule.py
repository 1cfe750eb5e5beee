"""Which outlines of an SVG shape bound what is painted. Pure, any thread."""

import math

from .svg_path import Point

__all__ = ["is_a_line", "ruled"]

_WORK_MAX = 500_000


def is_a_line(outline: list[Point]) -> bool:
    """Whether all its points are on one line, so that it encloses nothing; what crosses itself is none."""
    x, y = outline[0]
    far = max(outline, key=lambda point: math.dist(point, (x, y)))
    across, up = far[0] - x, far[1] - y
    length = math.hypot(across, up)
    return length <= 1e-9 or all(abs(across * (b - y) - up * (a - x)) <= 1e-7 * length * length for a, b in outline)


def _area(outline: list[Point]) -> float:
    """Signed area of a closed outline."""
    pairs = zip(outline, [*outline[1:], outline[0]], strict=True)
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs) / 2


def ruled(outlines: list[list[Point]], rule: str) -> list[list[Point]]:
    """Outlines so that those within others are holes, as the fill rule means it.

    Where the rule is nonzero, an outline in one that runs the same way round makes no difference and is left out.
    """
    outlines = [outline for outline in outlines if len(outline) > 2]
    if rule == "evenodd" or len(outlines) * sum(map(len, outlines)) > _WORK_MAX:
        return outlines
    turns = [1 if _area(outline) > 0 else -1 for outline in outlines]
    kept = []
    for number, one in enumerate(outlines):
        around = [turns[other] for other in range(len(outlines)) if other != number and _in(outlines[other], one[0])]
        if (sum(around) == 0) != (sum(around) + turns[number] == 0):
            kept.append(one)
    return kept


def _in(outline: list[Point], point: Point) -> bool:
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in zip(outline, [*outline[1:], outline[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
            inside = not inside
    return inside
