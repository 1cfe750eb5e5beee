"""Is a Wavefront OBJ whole? Points are finite and faces name points that there are. Any thread.

Materials and everything else that would lead to another file is not followed: ``without_references`` leaves it out.
"""

import math
from array import array

from .bounds import MAX_FACES, MAX_POINTS, Box, box_of
from .problem import FileProblem

__all__ = ["is_obj", "read_obj", "without_references"]

_WORDS = frozenset(
    b"v vt vn vp f l p o g s usemtl mtllib shadow_obj trace_obj maplib usemap bevel c_interp d_interp lod".split()
)
_KEPT = frozenset(b"v vt vn f o g s".split())
_CORNERS_MAX = 256
_NAMES = (b"v", b"vt", b"vn")


def is_obj(data: bytes) -> bool:
    """Whether the content looks like one: its first lines are comments and words of the format, one of them ``v``."""
    seen = set()
    for line in data[:65536].splitlines()[:2000]:
        word = line.split(None, 1)[:1]
        if not word or word[0].startswith(b"#"):
            continue
        if word[0] not in _WORDS:
            return False
        if word[0] == b"v":
            return True
        seen.add(word[0])
    return b"f" in seen


def read_obj(data: bytes) -> Box:
    """The box around its points, in the file's numbers, y up. Raises ``FileProblem``."""
    # Line by line in Python this takes many seconds for a large file; by columns it is mostly done in C.
    by_word: dict[bytes, list[list[bytes]]] = {word: [] for word in (*_NAMES, b"f")}
    for words in map(bytes.split, _whole_lines(data)):
        if words and words[0] in by_word:
            by_word[words[0]].append(words)
    if len(by_word[b"v"]) > MAX_POINTS or len(by_word[b"f"]) > MAX_FACES:
        raise FileProblem(f"has more than {MAX_POINTS} points or {MAX_FACES} faces")
    if not by_word[b"f"]:
        raise FileProblem("has no faces")
    points = _numbers(by_word[b"v"], 3)
    for name in (b"vt", b"vn"):
        _numbers(by_word[name], 1)
    _check_faces(by_word[b"f"], {name: len(by_word[name]) for name in _NAMES})
    return box_of(points)


def _whole_lines(data: bytes) -> list[bytes]:
    """Lines, with those put together that a backslash divides."""
    return data.replace(b"\\\r\n", b" ").replace(b"\\\n", b" ").splitlines()


def _numbers(rows: list[list[bytes]], least: int) -> "array[float]":
    """The first ``least`` numbers of each row, one after another."""
    if min(map(len, rows), default=least + 1) <= least:
        raise FileProblem("has a line without its numbers")
    try:
        values = array("d", [float(word) for words in rows for word in words[1 : least + 1]])
    except ValueError:
        raise FileProblem("has a line whose numbers are none") from None
    if not math.isfinite(sum(values)):
        raise FileProblem("has numbers that are not finite")
    return values


def _check_faces(rows: list[list[bytes]], counts: dict[bytes, int]) -> None:
    """Each corner names points that there are: counted from 1, or from the last one backwards."""
    if min(map(len, rows)) < 4 or max(map(len, rows)) > _CORNERS_MAX:
        raise FileProblem(f"has a face without three to {_CORNERS_MAX - 1} corners")
    corners = [word.split(b"/") for words in rows for word in words[1:]]
    for column, name in enumerate(_NAMES):
        named = [corner[column] for corner in corners if len(corner) > column and corner[column]]
        try:
            indices = array("q", map(int, named))
        except (ValueError, OverflowError):
            raise FileProblem("has a face whose corners are no numbers") from None
        if column == 0 and len(indices) != len(corners):
            raise FileProblem("has a face whose corner names no point")
        if len(indices) and (max(indices) > counts[name] or min(indices) < -counts[name] or 0 in indices):
            raise FileProblem("has a face that names a point that is not there")


def without_references(data: bytes) -> bytes:
    """The shapes alone: no line of it leads to another file."""
    lines = _whole_lines(data)
    return b"\n".join(line for line in lines if line.split(None, 1)[:1] and line.split(None, 1)[0] in _KEPT) + b"\n"
