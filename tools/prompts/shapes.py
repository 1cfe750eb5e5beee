"""Whether a built thing has the shape that a word names, by its outlines in three views. Pure numbers; any thread."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from .grid import hull_area, sides
from .solid import FRONT, SIDE, TOP, Solid

__all__ = ["SIZE_WORDS", "shaped"]

VIEWS = (FRONT, SIDE, TOP)
SIZE_WORDS = {"big": 1, "large": 1, "tall": 1, "long": 1, "small": -1, "short": -1, "little": -1, "tiny": -1}
"""Words that mean more or less than the other things of the picture."""
MAIN = 0.2
"""Least share of the whole's box that a piece has in its two longest sides to stand for it: a mirror's oval glass."""
MOST_PIECES, BEADS = 8, 60


@dataclass(frozen=True)
class _Outline:
    """A convex outline: ``fill`` of its rectangle, ``circle`` (1 for a disc), ``aspect`` (1 for a square or disc)."""

    fill: float
    circle: float
    aspect: float
    corners: int


def shaped(whole: Solid, word: str, gems: bool = False) -> bool:
    """Whether the whole or one of its main pieces is ``word``. ``gems``: it has a cut, clear stone.

    Raises ``KeyError`` for a word without a rule.
    """
    rule = _RULES[_SAME.get(word, word)]
    if word == "diamond" and gems:
        return True
    return any(rule(solid) for solid in _candidates(whole))


def _candidates(whole: Solid) -> Sequence[Solid]:
    large = float(np.sort(whole.size)[1:].prod())
    pieces = [one for one in whole.islands[:MOST_PIECES] if float(np.sort(one.size)[1:].prod()) >= MAIN * large]
    return [whole, *pieces]


def _outline(solid: Solid, view: tuple[int, int]) -> _Outline:
    points = solid.outline(view)
    width, height = (np.ptp(points, axis=0) if len(points) else np.zeros(2)).tolist()
    area = hull_area(points)
    around = float(np.linalg.norm(points - np.roll(points, -1, axis=0), axis=1).sum()) if len(points) else 0.0
    if min(width, height) <= 0 or around <= 0:
        return _Outline(0.0, 0.0, 0.0, 2)
    short, long = sorted((width, height))
    return _Outline(area / (width * height), 4 * math.pi * area / around**2, short / long, sides(points))


def _ratio(solid: Solid) -> tuple[float, float]:
    """The shortest side by the longest, the second by the longest."""
    short, second, long = np.sort(solid.size).tolist()
    return short / long, second / long


def _disc(one: _Outline) -> bool:
    return one.circle >= 0.93 and one.aspect >= 0.86


def _box(one: _Outline) -> bool:
    return one.fill >= 0.86 and one.circle < 0.93


def _pointed(one: _Outline) -> bool:
    return 0.4 <= one.fill <= 0.7


def _any(test: Callable[[_Outline], bool]) -> Callable[[Solid], bool]:
    """In a view from which the thing is broad: no coin is round because its edge has round ends."""

    def rule(solid: Solid) -> bool:
        return any(test(_outline(solid, view)) for view in _broad(solid))

    return rule


def _broad(solid: Solid) -> list[tuple[int, int]]:
    longest = float(np.sort(solid.size)[1:].prod())
    return [view for view in VIEWS if float(solid.size[list(view)].prod()) >= 0.5 * longest]


def _spherical(solid: Solid) -> bool:
    return _is_ball(solid) or _beaded(solid)


def _is_ball(solid: Solid) -> bool:
    return all(one.circle >= 0.9 and one.aspect >= 0.86 for one in (_outline(solid, view) for view in VIEWS))


def _beaded(solid: Solid) -> bool:
    """Whether it is mostly a string of balls."""
    beads = solid.islands[:BEADS]
    return len(beads) >= 6 and sum(_is_ball(bead) for bead in beads) >= 0.5 * len(beads)


def _cubic(solid: Solid) -> bool:
    return _ratio(solid)[0] >= 0.8 and all(_box(_outline(solid, view)) for view in VIEWS)


def _along(solid: Solid, end: Callable[[_Outline], bool], side: Callable[[_Outline], bool]) -> bool:
    """Whether along some axis the end looks like one thing and both sides like another."""
    outlines = {view: _outline(solid, view) for view in VIEWS}
    return any(
        end(outlines[view]) and all(side(one) for other, one in outlines.items() if other != view) for view in VIEWS
    )


def _cylindrical(solid: Solid) -> bool:
    return _along(solid, _disc, lambda one: one.fill >= 0.78)


def _conical(solid: Solid) -> bool:
    return _along(solid, lambda one: one.circle >= 0.9, _pointed)


def _pyramidal(solid: Solid) -> bool:
    return _along(solid, lambda one: one.circle < 0.9 and (one.corners in (3, 4) or one.fill >= 0.86), _pointed)


def _teardrop(solid: Solid) -> bool:
    """Round at one end, pointed at the other, broadest off the middle."""
    for view in _broad(solid):
        grid = solid.silhouette(view)[2:-2, 2:-2]
        for lines in (grid, grid.T):
            widths = lines.sum(axis=1).astype(float)
            widths = widths[widths > 0] / max(1.0, widths.max())
            if len(widths) < 20:
                continue
            for run in (widths, widths[::-1]):
                at = int(np.argmax(run)) / len(run)
                tip, end = run[int(len(run) * 0.93) :].mean(), run[: max(1, int(len(run) * 0.07))].mean()
                if 0.15 <= at <= 0.46 and tip <= 0.36 and end >= tip * 1.25 and run[int(len(run) * 0.75)] <= 0.72:
                    return True
    return False


def _crescent(solid: Solid) -> bool:
    return any(solid.silhouette(view)[2:-2, 2:-2].mean() <= 0.8 * _outline(solid, view).fill for view in _broad(solid))


_RULES: dict[str, Callable[[Solid], bool]] = {
    "round": _any(_disc),
    "oval": _any(lambda one: 0.72 <= one.fill <= 0.83 and one.aspect <= 0.9 and one.corners > 4),
    "square": _any(lambda one: _box(one) and one.aspect >= 0.85),
    "rectangular": _any(lambda one: one.fill >= 0.84 and one.circle < 0.93),
    "triangular": _any(lambda one: one.corners == 3 or (_pointed(one) and one.corners <= 4)),
    "pentagonal": _any(lambda one: one.corners == 5 and 0.6 <= one.fill <= 0.82),
    "hexagonal": _any(lambda one: one.corners == 6 and 0.68 <= one.fill <= 0.9),
    "diamond": _any(lambda one: one.corners == 4 and 0.44 <= one.fill <= 0.62),
    "spherical": _spherical,
    "cubic": _cubic,
    "cylindrical": _cylindrical,
    "conical": _conical,
    "pyramidal": _pyramidal,
    "teardrop": _teardrop,
    "crescent": _crescent,
    "oblong": lambda solid: _ratio(solid)[1] <= 0.8,
    "long": lambda solid: _ratio(solid)[1] <= 0.5,
    "tall": lambda solid: bool(solid.size[2] >= 1.15 * solid.size[:2].max()),
}
_SAME = {
    "circular": "round", "cube": "cubic", "cube-shaped": "cubic", "spheric": "spherical", "elliptical": "oval",
    "oblong": "oblong", "rectangle": "rectangular", "teardrop-shaped": "teardrop", "diamond-shaped": "diamond",
}  # fmt: skip
