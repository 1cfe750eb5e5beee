"""Is a JPEG whole? Walks its segments to the end mark; the pixels themselves are Blender's to decode. Any thread.

Source of the rules: ITU-T T.81, annex B; Exif 2.32, tag 274 (orientation).
"""

import struct

from .problem import FileProblem

__all__ = ["read_jpeg"]

_FRAMES = frozenset({0xC0, 0xC1, 0xC2})
_OTHER_FRAMES = frozenset({0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
_BARE = frozenset({0x01, *range(0xD0, 0xD8)})
_END, _SCAN, _TABLES, _QUANTA, _APP1 = 0xD9, 0xDA, 0xC4, 0xDB, 0xE1
_MAX_SCANS = 64


def read_jpeg(data: bytes) -> tuple[int, int, int]:
    """Width and height in pixels as stored, and the Exif orientation (1 to 8). Raises ``FileProblem``."""
    try:
        return _walk(data)
    except (struct.error, IndexError):
        raise FileProblem("ends too early") from None


def _walk(data: bytes) -> tuple[int, int, int]:
    if data[:2] != b"\xff\xd8":
        raise FileProblem("is not a JPEG")
    at, orientation, scans = 2, 1, 0
    size: tuple[int, int] | None = None
    tables: set[int] = set()
    while True:
        if data[at] != 0xFF:
            raise FileProblem("is damaged (no marker where one must be)")
        while data[at] == 0xFF:
            at += 1
        marker, at = data[at], at + 1
        if marker == _END:
            break
        if marker in _BARE:
            continue
        (length,) = struct.unpack_from(">H", data, at)
        if length < 2 or at + length > len(data):
            raise FileProblem("ends too early")
        body = data[at + 2 : at + length]
        at += length
        tables.add(marker)
        if marker in _FRAMES | _OTHER_FRAMES:
            size = _frame(marker, body, size)
        elif marker == _APP1 and body.startswith(b"Exif\0\0"):
            orientation = _orientation(body[6:])
        elif marker == _SCAN:
            scans += 1
            if size is None or _QUANTA not in tables or _TABLES not in tables or scans > _MAX_SCANS:
                raise FileProblem("is damaged (a scan without its tables, or too many scans)")
            at = _after_scan(data, at)
    if size is None or not scans:
        raise FileProblem("has no picture in it")
    return (*size, orientation)


def _frame(marker: int, body: bytes, before: tuple[int, int] | None) -> tuple[int, int]:
    if marker in _OTHER_FRAMES:
        raise FileProblem("is a kind of JPEG that is not read here (lossless or arithmetic)")
    depth, height, width, components = struct.unpack_from(">BHHB", body)
    if before is not None or depth != 8 or components not in (1, 3, 4) or len(body) != 6 + 3 * components:
        raise FileProblem("has no valid header")
    if not width or not height:
        raise FileProblem("has no valid size")
    return width, height


def _after_scan(data: bytes, at: int) -> int:
    """Where the next marker is that is none of the scan's own."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise FileProblem("ends in the middle of its pixels")
        if data[at + 1] != 0 and not 0xD0 <= data[at + 1] <= 0xD7:
            return at
        at += 2


def _orientation(tiff: bytes) -> int:
    """How the picture must be turned; 1 where it does not say so readably."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    try:
        if order is None:
            return 1
        (start,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, start)
        for number in range(min(count, 100)):
            tag, kind, _, value = struct.unpack_from(f"{order}HHIH", tiff, start + 2 + 12 * number)
            if tag == 274 and kind == 3:
                return value if 1 <= value <= 8 else 1
    except struct.error:
        pass
    return 1
