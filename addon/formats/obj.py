"""Is a Wavefront OBJ whole? Points are finite and faces name points that there are. Any thread.

Materials and everything else that would lead to another file is not followed: ``without_references`` leaves it out.
"""

from array import array

from .bounds import MAX_FACES, MAX_POINTS, Box, box_of
from .problem import FileProblem

__all__ = ["is_obj", "read_obj", "without_references"]

_WORDS = frozenset(
    b"v vt vn vp f l p o g s usemtl mtllib shadow_obj trace_obj maplib usemap bevel c_interp d_interp lod".split()
)
_KEPT = frozenset(b"v vt vn f o g s".split())
_CORNERS_MAX = 256


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
    """The box around the points that faces use, in the file's numbers, y up. Raises ``FileProblem``."""
    points = array("d")
    counts = {b"v": 0, b"vt": 0, b"vn": 0}
    faces = 0
    for number, line in enumerate(data.replace(b"\\\n", b" ").splitlines(), 1):
        words = line.split()
        if not words or words[0].startswith(b"#"):
            continue
        word = words[0]
        if word == b"v":
            points.extend(_numbers(words[1:4], 3, number))
        elif word in (b"vt", b"vn"):
            _numbers(words[1:4], 1, number)
        elif word == b"f":
            faces += 1
            _face(words[1:], counts, number)
        if word in counts:
            counts[word] += 1
        if counts[b"v"] > MAX_POINTS or faces > MAX_FACES:
            raise FileProblem(f"has more than {MAX_POINTS} points or {MAX_FACES} faces")
    if not faces:
        raise FileProblem("has no faces")
    return box_of(points)


def _numbers(words: list[bytes], least: int, number: int) -> list[float]:
    try:
        values = [float(word) for word in words]
    except ValueError:
        values = []
    if len(values) < least or any(value - value != 0 for value in values):
        raise FileProblem(f"has a line without its finite numbers (line {number})")
    return values


def _face(words: list[bytes], counts: dict[bytes, int], number: int) -> None:
    if not 3 <= len(words) <= _CORNERS_MAX:
        raise FileProblem(f"has a face without at least three corners (line {number})")
    for word in words:
        for name, index in zip((b"v", b"vt", b"vn"), word.split(b"/"), strict=False):
            if not index and name != b"v":
                continue
            try:
                at = int(index)
            except ValueError:
                at = 0
            # Counted from 1, or from the last one backwards.
            if not (1 <= at <= counts[name] or -counts[name] <= at <= -1):
                raise FileProblem(f"has a face that names a point that is not there (line {number})")


def without_references(data: bytes) -> bytes:
    """The shapes alone: no line of it leads to another file."""
    lines = data.replace(b"\\\n", b" ").splitlines()
    return b"\n".join(line for line in lines if line.split(None, 1)[:1] and line.split(None, 1)[0] in _KEPT) + b"\n"
