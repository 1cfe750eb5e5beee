"""What a recipe will cost to build, from its numbers alone: an estimate, mostly too high. Pure; any thread."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ...models.parts import (
    Blend,
    Box,
    Capsule,
    Cone,
    Cylinder,
    Extrude,
    Hull,
    Lathe,
    Part,
    Sphere,
    TextSolid,
    Torus,
    Tube,
)
from ...models.recipe import Recipe

__all__ = ["MAX_TRIANGLES", "MAX_WORK", "Cost", "cost_of"]

MAX_TRIANGLES = 250_000
"""As estimated, which is two or three times what comes out where it matters; the catalogue's largest have 190,000."""
MAX_WORK = 80_000_000
"""Cells of all blends, times what is evaluated in each."""

_CURVE_STEPS = 6
_ROUNDING = 8
_BALL_POINTS = 96
_LETTER = 400


@dataclass(frozen=True)
class Cost:
    """Triangles and parts with all copies, and the blends' evaluations."""

    triangles: int
    copies: int
    work: int


def cost_of(recipe: Recipe) -> Cost:
    """The whole recipe's, all variants and poses together."""
    triangles = copies = work = 0
    blends = {part.name: part for part in recipe.parts if isinstance(part, Blend)}
    for part in recipe.parts:
        times = math.prod(array.count for array in part.array) * 2 ** len(part.mirror)
        copies += times
        # A cut is made of both meshes, about.
        triangles += _triangles(part) * 4**part.subdivide * times * (1 + len(part.cut))
        if isinstance(part, Blend):
            work += part.resolution**3 * _elements(part, blends)
    return Cost(triangles, copies, work)


def _elements(blend: Blend, blends: dict[str, Blend]) -> int:
    taken = blends.get(blend.of or "")
    inherited = len(taken.balls) + len(taken.limbs) if taken is not None else 0
    return max(1, inherited + len(blend.balls) + len(blend.limbs) + len(blend.within))


def _triangles(part: Part) -> int:
    return _TRIANGLES[type(part)](part)


def _lathe(part: Lathe) -> int:
    return 2 * part.sides * len(part.profile) * (_CURVE_STEPS if part.smooth or part.round else 1)


def _extrude(part: Extrude) -> int:
    points = len(part.outline) + sum(map(len, part.holes)) + len(part.path or "") // 4
    return points * (_CURVE_STEPS if part.smooth or part.round or part.path else 1) * 2 * _ROUNDING


def _tube(part: Tube) -> int:
    return 2 * part.sides * (len(part.path) * (_CURVE_STEPS if part.smooth else 1) + 2 * _ROUNDING)


def _hull(part: Hull) -> int:
    return 2 * sum(_BALL_POINTS if len(point) == 4 else 4 for point in part.points)


_TRIANGLES: dict[type, Callable[[Any], int]] = {
    Box: lambda part: 12 * (part.segments + 1) ** 2,
    Cylinder: lambda part: part.sides * (4 + 2 * _ROUNDING),
    Cone: lambda part: part.sides * (4 + 2 * _ROUNDING),
    Sphere: lambda part: part.segments**2,
    Torus: lambda part: 2 * part.segments * part.sides,
    Capsule: lambda part: part.sides**2,
    Lathe: _lathe,
    Extrude: _extrude,
    Tube: _tube,
    Hull: _hull,
    Blend: lambda part: 6 * part.resolution**2,
    TextSolid: lambda part: _LETTER * len(part.text),
}
