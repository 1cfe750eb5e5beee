"""Shapes that a thing without a variant for them is moulded into: words, sizes, outlines. Pure; any thread.

A trophy case may be asked for as a cylinder and a paperweight as a pyramid. Rather than to ignore the word, the thing
is pressed into that shape: its outline is moved to the shape's, and everything within goes along.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, pi, sin, sqrt

__all__ = ["Mould", "is_by_nature", "is_solid", "mould_for", "outline_radius", "oval_stretch", "profile_width"]

Vector = tuple[float, float, float]

_FLAT = 0.3
"""A thing whose shortest side is less than this share of the second is flat, and is moulded as it lies."""
_UPRIGHT = 0.8
_POINT = 0.06
_UNFIT = ("animal", "person", "vehicle", "clothes")
"""Categories of things that would be maimed."""


@dataclass(frozen=True)
class Mould:
    """How a thing of one recipe is pressed into a shape.

    ``outline`` is the shape across the axes ``plane``; ``profile`` how it narrows along the third axis, if it does;
    ``size`` the box of the moulded thing in metres. ``solid``: it becomes a "ball" or a "cube" on all sides instead.
    """

    outline: str
    plane: tuple[int, int]
    profile: str | None
    size: Vector
    solid: str | None = None


_OUTLINES = {
    "round": "circle", "circular": "circle", "spherical": "circle", "cylindrical": "circle", "conical": "circle",
    "oval": "circle", "elliptical": "circle",
    "square": "square", "rectangular": "square", "cubic": "square", "pyramidal": "square",
    "triangular": "triangle", "pentagonal": "pentagon", "hexagonal": "hexagon", "octagonal": "octagon",
    "diamond": "diamond", "teardrop": "teardrop",
}  # fmt: skip
_PROFILES = {"conical": "point", "pyramidal": "point"}
_BODIES = {"spherical": "ball", "cubic": "cube"}
_SOLIDS = frozenset({*_PROFILES, *_BODIES, "cylindrical"})
_ROUND = frozenset(
    {
        "apple", "ball", "baseball", "basketball", "coin", "donut", "globe", "marble", "moon", "orange", "ornament",
        "peach", "pearl", "planet", "snowball", "sphere", "tire", "tomato", "volleyball", "wheel",
    }
)  # fmt: skip
_OVALS = frozenset({"oval", "elliptical"})
_STANDING = frozenset({"triangular", "diamond", "teardrop", "pentagonal"})
"""Outlines that are seen from the front where the thing is as high as wide; a building has them as its plan."""
_REGULAR = frozenset({"round", "circular", "square", "pentagonal", "hexagonal", "octagonal"})


def mould_for(word: str | None, size: Vector, category: str) -> Mould | None:
    """The mould for a shape word and a thing of this size; None where there is none for it."""
    shape = (word or "").lower()
    if shape not in _OUTLINES or any(unfit in category for unfit in _UNFIT):
        return None
    plane = _plane(shape, size, category)
    return Mould(_OUTLINES[shape], plane, _PROFILES.get(shape), _sized(shape, size, plane), _BODIES.get(shape))


def is_solid(word: str | None) -> bool:
    """Whether the word names a solid, not an outline."""
    return (word or "").lower() in _SOLIDS


def is_by_nature(word: str | None, name: str) -> bool:
    """Whether a thing of this name is round without being pressed: a hook on its top would only spoil it."""
    return (word or "").lower() in ("round", "circular", "spherical") and bool(_ROUND & set(name.split("_")))


def oval_stretch(word: str | None, variant: str, size: Vector) -> Vector | None:
    """What makes an oval of the round variant that was taken for it; None where it is no round one."""
    if (word or "").lower() not in _OVALS or variant == (word or "").lower():
        return None
    first, second = _others(min(range(3), key=lambda axis: (size[axis], axis)))
    if not 0.87 < size[first] / size[second] < 1.15:
        return None
    # What hangs is higher than wide, what lies is wider than deep.
    return (1.0, 1.0, 1.35) if second == 2 else (1.35, 1.0, 1.0)


def _plane(shape: str, size: Vector, category: str) -> tuple[int, int]:
    thin, second, _ = sorted(range(3), key=lambda axis: (size[axis], axis))
    if shape == "cylindrical" and max(size) > size[2] * 1.2:
        return _others(max(range(3), key=lambda axis: size[axis]))
    if shape in _PROFILES or shape == "cylindrical":
        return (0, 1)
    if size[thin] < _FLAT * size[second]:
        return _others(thin)
    # A table is triangular as seen from above; a house by its gable.
    if "furniture" in category or ("building" in category and shape != "triangular"):
        return (0, 1)
    if shape in _STANDING and size[2] >= _UPRIGHT * max(size[:2]):
        return (0, 2)
    return (0, 1)


def _others(axis: int) -> tuple[int, int]:
    first, second = (one for one in range(3) if one != axis)
    return first, second


def _sized(shape: str, size: Vector, plane: tuple[int, int]) -> Vector:
    found = list(size)
    if shape in ("spherical", "cubic"):
        found = [(size[0] * size[1] * size[2]) ** (1 / 3)] * 3
    elif shape in _REGULAR or shape in _PROFILES or shape == "cylindrical":
        mean = sqrt(size[plane[0]] * size[plane[1]])
        for axis in plane:
            found[axis] = mean
    if shape in ("conical", "pyramidal"):
        found[2] = max(found[2], 1.1 * found[0])
    if shape in _OVALS:
        found[plane[0]] *= 1.35 if size[plane[0]] < 1.2 * size[plane[1]] else 1.0
    if shape == "rectangular" and 0.8 < size[plane[0]] / size[plane[1]] < 1.25:
        found[plane[0]] *= 1.4
    x, y, z = found
    return x, y, z


def outline_radius(outline: str, turn: float) -> float:
    """How far the outline reaches from the middle in a direction (radians), in a frame from -1 to 1 both ways."""
    return _RADII[outline](turn)


def _polygon(corners: int) -> Callable[[float], float]:
    """A regular polygon that stands on a side, in the circle of radius 1."""
    half = pi / corners

    def radius(turn: float) -> float:
        return cos(half) / cos((turn + pi / 2 + half) % (2 * half) - half)

    return radius


def _square(turn: float) -> float:
    return 1 / max(abs(cos(turn)), abs(sin(turn)))


def _diamond(turn: float) -> float:
    return 1 / (abs(cos(turn)) + abs(sin(turn)))


def _triangle(turn: float) -> float:
    """From the base's corners to the middle of the top; the middle is the frame's, not the triangle's."""
    x, y = cos(turn), sin(turn)
    down = -1 / y if y < -1e-9 else float("inf")
    # The sides are |x| = (1 - y) / 2.
    return min(down, 1 / (2 * abs(x) + y)) if 2 * abs(x) + y > 1e-9 else down


def _teardrop(turn: float) -> float:
    """A disc of radius 0.62 about (0, -0.38) and its tangents from (0, 1)."""
    x, y = cos(turn), sin(turn)
    centre, round_ = -0.38, 0.62
    along = y * centre
    disc = along + sqrt(max(0.0, along * along - centre * centre + round_ * round_))
    reach = 1 - centre
    slope = round_ / sqrt(reach * reach - round_ * round_)
    # Above the points of contact the tangents |x| = slope * (1 - y) are farther out than the disc.
    touch = centre + round_ * round_ / reach
    tangent = slope / (abs(x) + slope * y) if abs(x) + slope * y > 1e-9 else 0.0
    return tangent if tangent * y >= touch else disc


_RADII: dict[str, Callable[[float], float]] = {
    "circle": lambda _turn: 1.0,
    "square": _square,
    "diamond": _diamond,
    "triangle": _triangle,
    "teardrop": _teardrop,
    "pentagon": _polygon(5),
    "hexagon": _polygon(6),
    "octagon": _polygon(8),
}


def profile_width(profile: str | None, share: float) -> float:
    """How wide a shape still is at a share of its height, of its widest."""
    if profile == "point":
        return _POINT + (1 - _POINT) * (1 - share)
    return 1.0
