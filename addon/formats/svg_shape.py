"""SVG's basic shapes → polylines, and transforms. Pure, any thread. Source of the rules: SVG 1.1, chapters 7 and 9."""

import math
import re
from collections.abc import Mapping

from .problem import FileProblem
from .svg_path import Line, Point, path_lines

__all__ = ["IDENTITY", "SHAPES", "Matrix", "applied", "lines_of", "number", "times", "transform"]

Matrix = tuple[float, float, float, float, float, float]
"""a, b, c, d, e, f, as SVG's ``matrix()`` has them."""

IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
SHAPES = frozenset({"path", "rect", "circle", "ellipse", "polygon", "polyline", "line"})
_STEPS, _ROUND = 10, 48
_LENGTH = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(px|pt|pc|mm|cm|in|em|rem|%)?\s*")
_UNITS = {"pt": 4 / 3, "pc": 16, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96, "em": 16, "rem": 16}
_CALL = re.compile(r"\s*,?\s*([a-zA-Z]+)\s*\(([^()]*)\)")


def number(given: str | None, default: float = 0.0) -> float:
    """A length in user units. Raises ``FileProblem`` for what is none."""
    if given is None:
        return default
    found = _LENGTH.fullmatch(given)
    if found is None or abs(float(found[1])) > 1e7:
        raise FileProblem(f"has {given[:20]!r} where a length must be")
    return float(found[1]) * _UNITS.get(found[2] or "", 1)


def lines_of(tag: str, given: Mapping[str, str]) -> list[Line]:
    """The lines of one of ``SHAPES``. Raises ``FileProblem``."""
    if tag == "path":
        return path_lines(given.get("d", ""), _STEPS)
    if tag in ("polygon", "polyline"):
        values = [number(word) for word in given.get("points", "").replace(",", " ").split()]
        points = list(zip(values[::2], values[1::2], strict=False))
        return [(points, tag == "polygon")] if points else []
    if tag == "line":
        ends = [(number(given.get(f"x{end}")), number(given.get(f"y{end}"))) for end in "12"]
        return [(ends, False)]
    if tag == "rect":
        return _rect(given)
    radius = number(given.get("r"))
    rx, ry = number(given.get("rx"), radius), number(given.get("ry"), radius)
    if rx <= 0 or ry <= 0:
        return []
    return [(_round(number(given.get("cx")), number(given.get("cy")), rx, ry, 0, math.tau, _ROUND)[:-1], True)]


def _rect(given: Mapping[str, str]) -> list[Line]:
    x, y, width, height = (number(given.get(name)) for name in ("x", "y", "width", "height"))
    if width <= 0 or height <= 0:
        return []
    rx, ry = given.get("rx"), given.get("ry")
    across = min(number(rx if rx is not None else ry), width / 2)
    up = min(number(ry if ry is not None else rx), height / 2)
    if across <= 0 or up <= 0:
        return [([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], True)]
    right, low = x + width - across, y + height - up
    corners = ((right, y + up, -1), (right, low, 0), (x + across, low, 1), (x + across, y + up, 2))
    quarter = math.pi / 2
    return [([p for cx, cy, at in corners for p in _round(cx, cy, across, up, at * quarter, quarter, _STEPS)], True)]


def _round(x: float, y: float, rx: float, ry: float, start: float, sweep: float, pieces: int) -> list[Point]:
    angles = [start + sweep * step / pieces for step in range(pieces + 1)]
    return [(x + rx * math.cos(angle), y + ry * math.sin(angle)) for angle in angles]


def transform(text: str | None) -> Matrix:
    """A ``transform`` attribute as one matrix. Raises ``FileProblem``."""
    matrix, at = IDENTITY, 0
    text = (text or "").strip()
    while at < len(text):
        found = _CALL.match(text, at)
        if found is None:
            raise FileProblem("has a transform that is none")
        values = [number(word) for word in found[2].replace(",", " ").split()]
        matrix = times(matrix, _called(found[1], values))
        at = found.end()
    return matrix


def _called(name: str, values: list[float]) -> Matrix:
    count = len(values)
    if name == "matrix" and count == 6:
        a, b, c, d, e, f = values
        return (a, b, c, d, e, f)
    if name == "translate" and count in (1, 2):
        return (1, 0, 0, 1, values[0], values[1] if count == 2 else 0)
    if name == "scale" and count in (1, 2):
        return (values[0], 0, 0, values[-1], 0, 0)
    if name in ("skewX", "skewY") and count == 1 and abs(values[0]) < 89:
        slope = math.tan(math.radians(values[0]))
        return (1, 0, slope, 1, 0, 0) if name == "skewX" else (1, slope, 0, 1, 0, 0)
    if name == "rotate" and count in (1, 3):
        cos, sin = math.cos(math.radians(values[0])), math.sin(math.radians(values[0]))
        x, y = values[1:] or (0.0, 0.0)
        return (cos, sin, -sin, cos, x - cos * x + sin * y, y - sin * x - cos * y)
    raise FileProblem(f"has a transform that is not read here: {name[:20]!r}")


def times(left: Matrix, right: Matrix) -> Matrix:
    """``right`` first, then ``left``."""
    a, b, c, d, e, f = left
    g, h, i, j, k, m = right
    return (a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * m + e, b * k + d * m + f)


def applied(matrix: Matrix, line: Line) -> Line:
    """A line moved."""
    a, b, c, d, e, f = matrix
    points = [(a * x + c * y + e, b * x + d * y + f) for x, y in line[0]]
    if not all(abs(x) < 1e9 and abs(y) < 1e9 for x, y in points):
        raise FileProblem("has points that are too far out, or no numbers")
    return points, line[1]
