"""Is a WebP whole? Walks its chunks; the pixels themselves are Blender's to decode. Any thread.

Source of the rules: RFC 9649 (container, VP8L header) and RFC 6386, section 9.1 (VP8 frame header).
"""

import struct

from .problem import FileProblem

__all__ = ["read_webp"]


def read_webp(data: bytes) -> tuple[int, int]:
    """Width and height in pixels. Raises ``FileProblem``; also for animations, which are no pictures."""
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        raise FileProblem("is not a WebP")
    (whole,) = struct.unpack_from("<I", data, 4)
    if whole + 8 > len(data):
        raise FileProblem("ends too early")
    at, canvas, picture = 12, None, None
    while at + 8 <= whole + 8:
        kind, length = struct.unpack_from("<4sI", data, at)
        body = data[at + 8 : at + 8 + length]
        if len(body) != length:
            raise FileProblem("ends too early")
        if kind in (b"ANIM", b"ANMF"):
            raise FileProblem("is an animation; send one picture")
        if kind == b"VP8X" and length >= 10:
            canvas = (1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little"))
        elif kind in (b"VP8 ", b"VP8L"):
            picture = _lossy(body) if kind == b"VP8 " else _lossless(body)
        at += 8 + length + length % 2
    if picture is None or canvas not in (None, picture):
        raise FileProblem("has no picture in it, or one of another size than it says")
    return picture


def _lossy(body: bytes) -> tuple[int, int]:
    if len(body) < 10 or body[3:6] != b"\x9d\x01\x2a" or body[0] & 1:
        raise FileProblem("has no valid picture header")
    tag = int.from_bytes(body[:3], "little")
    width, height = (value & 0x3FFF for value in struct.unpack_from("<HH", body, 6))
    if tag >> 5 > len(body) - 10 or not width or not height:
        raise FileProblem("ends in the middle of its pixels")
    return width, height


def _lossless(body: bytes) -> tuple[int, int]:
    if len(body) < 6 or body[0] != 0x2F:
        raise FileProblem("has no valid picture header")
    bits = int.from_bytes(body[1:5], "little")
    if bits >> 29:
        raise FileProblem("is of a newer version than is read here")
    return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
