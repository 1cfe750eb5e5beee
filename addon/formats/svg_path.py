"""SVG path data → polylines. Pure, any thread. Source of the rules: SVG 1.1, chapter 8 and appendix F.6 (arcs)."""

import math
import re
from collections.abc import Iterator
from itertools import pairwise

from .problem import FileProblem

__all__ = ["Line", "Point", "path_lines"]

Point = tuple[float, float]
Line = tuple[list[Point], bool]
"""The points of a line, and whether it is closed."""

_TOKEN = re.compile(r"([MmLlHhVvCcSsQqTtAaZz])|([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|([\s,]+)|(.)", re.DOTALL)
_FLAG = re.compile(r"[\s,]*([01])")
_NUMBER = re.compile(r"[\s,]*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)")
_ARGUMENTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}
_FAR = 1e7


def path_lines(path: str, steps: int) -> list[Line]:
    """The lines of a path, curves in ``steps`` pieces. y as it is written, downwards.

    Raises ``FileProblem`` where it is no path; an error in the middle is not read over.
    """
    lines: list[Line] = []
    here: Point = (0.0, 0.0)
    start, control, before = here, here, ""
    for command, values in _commands(path):
        kind = command.upper()
        if not lines and kind != "M":
            raise FileProblem("has a path that does not begin with M")
        if kind == "Z":
            lines[-1] = (lines[-1][0], True)
            here = control = start
        elif kind == "M":
            here = start = control = _end(kind, command, values, here)
            lines.append(([here], False))
        else:
            if lines[-1][1]:  # after Z the pen goes on where the line began
                lines.append(([here], False))
            smooth = before in ("CS" if kind == "S" else "QT")
            points, control = _segment(kind, command, values, here, control if smooth else here, steps)
            if not all(abs(x) < _FAR and abs(y) < _FAR for x, y in points):
                raise FileProblem("has points that are too far out, or no numbers")
            lines[-1][0].extend(points)
            here = points[-1]
        before = kind
    return lines


def _commands(path: str) -> Iterator[tuple[str, list[float]]]:
    at, command = 0, ""
    while at < len(path):
        match = _TOKEN.match(path, at)
        assert match is not None
        letter, number, space, _ = match.groups()
        if space:
            at = match.end()
            continue
        if letter:
            command, at = letter, match.end()
        elif not number or command in ("", "Z", "z"):
            raise FileProblem(f"has a path with {match.group()[:10]!r} where a command must be")
        values: list[float] = []
        for position in range(_ARGUMENTS[command.upper()]):
            # An arc's two flags may be written without anything between them.
            pattern = _FLAG if command in "Aa" and position in (3, 4) else _NUMBER
            found = pattern.match(path, at)
            if found is None:
                raise FileProblem(f"has a path whose {command!r} lacks numbers")
            values.append(float(found[1]))
            at = found.end()
        yield command, values
        command = {"M": "L", "m": "l"}.get(command, command)


def _end(kind: str, command: str, values: list[float], here: Point) -> Point:
    base_x, base_y = here if command.islower() else (0.0, 0.0)
    if kind == "H":
        return (base_x + values[0], here[1])
    if kind == "V":
        return (here[0], base_y + values[0])
    x, y = base_x + values[-2], base_y + values[-1]
    if not (abs(x) < _FAR and abs(y) < _FAR):
        raise FileProblem("has points that are too far out")
    return (x, y)


def _segment(
    kind: str, command: str, values: list[float], here: Point, control: Point, steps: int
) -> tuple[list[Point], Point]:
    """The points after ``here``, and the last control point. ``control`` is the one before, where it counts."""
    end = _end(kind, command, values, here)
    if kind in "LHV":
        return [end], end
    if kind == "A":
        return _arc(here, end, values, steps), end
    base_x, base_y = here if command.islower() else (0.0, 0.0)
    hull = [here, *((base_x + x, base_y + y) for x, y in zip(values[::2], values[1::2], strict=True))]
    if kind in "ST":
        hull.insert(1, (2 * here[0] - control[0], 2 * here[1] - control[1]))
    return [_bezier(hull, step / steps) for step in range(1, steps)] + [end], hull[-2]


def _bezier(hull: list[Point], t: float) -> Point:
    while len(hull) > 1:
        hull = [(a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t) for a, b in pairwise(hull)]
    return hull[0]


def _arc(here: Point, end: Point, values: list[float], steps: int) -> list[Point]:
    """An elliptical arc, by its centre."""
    rx, ry, turn = abs(values[0]), abs(values[1]), math.radians(values[2] % 360)
    if rx == 0 or ry == 0 or here == end:
        return [end]
    cos, sin = math.cos(turn), math.sin(turn)
    dx, dy = (here[0] - end[0]) / 2, (here[1] - end[1]) / 2
    x, y = (cos * dx + sin * dy) / rx, (cos * dy - sin * dx) / ry
    reach = x * x + y * y
    if reach > 1:  # too small to reach from point to point: grown until they do
        rx, ry, x, y, reach = (
            rx * math.sqrt(reach),
            ry * math.sqrt(reach),
            x / math.sqrt(reach),
            y / math.sqrt(reach),
            1,
        )
    away = math.sqrt(max(0.0, 1 / reach - 1)) * (1 if values[3] != values[4] else -1)
    cx, cy = away * y, -away * x
    first, last = math.atan2(y - cy, x - cx), math.atan2(-y - cy, -x - cx)
    sweep = (last - first) % math.tau if values[4] else -((first - last) % math.tau)
    middle_x = (here[0] + end[0]) / 2 + cos * cx * rx - sin * cy * ry
    middle_y = (here[1] + end[1]) / 2 + sin * cx * rx + cos * cy * ry
    pieces = max(2, math.ceil(steps * 2 * abs(sweep) / math.pi))
    points = []
    for step in range(1, pieces):
        angle = first + sweep * step / pieces
        across, up = rx * math.cos(angle), ry * math.sin(angle)
        points.append((middle_x + cos * across - sin * up, middle_y + sin * across + cos * up))
    return [*points, end]
