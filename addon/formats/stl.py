"""Is an STL whole? Binary and text. Any thread."""

import math
import struct
import sys
from array import array

from .bounds import MAX_FACES, Box, box_of
from .problem import FileProblem

__all__ = ["is_stl", "read_stl"]

_HEAD, _FACET = 84, 50


def is_stl(data: bytes) -> bool:
    """Whether the content looks like one: a text that begins so, or a length that fits the number of triangles."""
    return _is_binary(data) or (data[:6].lower() in (b"solid ", b"solid\n", b"solid\r") and b"facet" in data[:4096])


def read_stl(data: bytes) -> Box:
    """The box around it, in the file's numbers, z up. Raises ``FileProblem``."""
    return _binary(data) if _is_binary(data) else _text(data)


def _is_binary(data: bytes) -> bool:
    if len(data) < _HEAD + _FACET:
        return False
    (count,) = struct.unpack_from("<I", data, 80)
    return len(data) == _HEAD + _FACET * int(count)


def _binary(data: bytes) -> Box:
    (count,) = struct.unpack_from("<I", data, 80)
    if count > MAX_FACES:
        raise FileProblem(f"has {count} triangles; at most {MAX_FACES} are taken")
    body = memoryview(data)[_HEAD:]
    # The three corners of a facet are bytes 12 to 48 of its 50.
    corners = array("f", b"".join(body[at + 12 : at + 48] for at in range(0, len(body), _FACET)))
    if sys.byteorder == "big":
        corners.byteswap()
    return box_of(corners)


def _text(data: bytes) -> Box:
    corners = array("d")
    expected, facets = 0, 0
    for number, line in enumerate(data.splitlines(), 1):
        words = line.split()
        if not words:
            continue
        if words[0] == b"vertex":
            corners.extend(_corner(words, number))
        elif words[0] == b"outer":
            expected = len(corners) + 9
        elif words[0] == b"endloop":
            facets += 1
            if len(corners) != expected or facets > MAX_FACES:
                raise FileProblem(f"has a facet that is no triangle, or too many of them (line {number})")
        elif words[0] not in (b"solid", b"facet", b"endfacet", b"endsolid"):
            raise FileProblem(f"has a line that STL does not know (line {number})")
    if not facets or len(corners) != 9 * facets or b"endsolid" not in data[-4096:]:
        raise FileProblem("has no triangles, or ends too early")
    return box_of(corners)


def _corner(words: list[bytes], number: int) -> tuple[float, float, float]:
    try:
        x, y, z = (float(word) for word in words[1:])
    except ValueError:
        raise FileProblem(f"has a corner that is not three numbers (line {number})") from None
    if not (math.isfinite(x) and math.isfinite(y) and math.isfinite(z)):
        raise FileProblem(f"has numbers that are not finite (line {number})")
    return x, y, z
