"""Is a PNG whole? Decodes all of it, keeping none of its pixels. Any thread.

Source of the rules: PNG specification (third edition), sections 5, 7, 9 and 11.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import Protocol

from .problem import FileProblem

__all__ = ["SIGNATURE", "BinaryStream", "check_png", "exactly"]

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
_MAX_BYTES = 2**31
_CHUNK = 1 << 20
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
"""Adam7: first column, first row, and the steps to the next ones."""


class BinaryStream(Protocol):
    """What can be read from, compressed or not."""

    def read(self, size: int, /) -> bytes:
        """Up to ``size`` bytes."""


def exactly(stream: BinaryStream, size: int) -> bytes:
    """``size`` bytes. Raises ``EOFError``."""
    data = stream.read(size)
    if len(data) != size:
        raise EOFError("ends too early")
    return data


def check_png(stream: BinaryStream, *, max_pixels: int | None = None) -> tuple[int, int]:
    """Width and height of a whole PNG: chunk checksums, the zlib stream and every row's filter are right.

    Raises ``FileProblem`` where it is not one, is damaged, or has more than ``max_pixels`` (before any is unpacked).
    """
    if stream.read(8) != SIGNATURE:
        raise FileProblem("is not a PNG")
    try:
        return _body(stream, max_pixels)
    except (struct.error, zlib.error, EOFError) as error:
        raise FileProblem(f"is damaged ({error})") from None


def _body(stream: BinaryStream, max_pixels: int | None) -> tuple[int, int]:
    header: tuple[int, ...] | None = None
    pixels: _Pixels | None = None
    for kind, piece in _pieces(stream):
        if kind == b"IHDR":
            header = struct.unpack(">IIBBBBB", piece)
            width, height, depth, colour = header[:4]
            if width == 0 or height == 0 or depth not in _DEPTHS.get(colour, ()):
                raise FileProblem("has no valid header")
            pixels = _Pixels(_rows(header))
            if pixels.size > _MAX_BYTES or (max_pixels is not None and width * height > max_pixels):
                raise FileProblem(f"is too large: {width} × {height} pixels")
        elif kind == b"IDAT":
            if pixels is None:
                raise FileProblem("has pixels before its header")
            pixels.take(piece)
        elif kind == b"IEND":
            if header is None or pixels is None:
                raise FileProblem("has no valid header")
            pixels.check()
            return header[0], header[1]
    raise FileProblem("ends too early")


def _pieces(stream: BinaryStream) -> Iterator[tuple[bytes, bytes]]:
    """(kind, up to 1 MiB of a chunk's data); the end of a chunk comes only when its checksum is right."""
    while head := stream.read(8):
        length, kind = struct.unpack(">I4s", head)
        checksum, first = zlib.crc32(kind), True
        while length or first:
            piece = exactly(stream, min(length, _CHUNK))
            checksum, first = zlib.crc32(piece, checksum), False
            length -= len(piece)
            if length == 0 and struct.unpack(">I", exactly(stream, 4)) != (checksum,):
                raise FileProblem(f"is damaged (checksum of chunk {kind.decode('latin-1')!r})")
            yield kind, piece


def _rows(header: tuple[int, ...]) -> list[tuple[int, int]]:
    """(bytes of a row with its filter, how many of them), in the file's order."""
    width, height, depth, colour = header[:4]
    bits = depth * _CHANNELS[colour]
    if not header[6]:
        return [(1 + (width * bits + 7) // 8, height)]
    passes = []
    for left, top, step_x, step_y in _PASSES:
        columns, rows = -(-(width - left) // step_x), -(-(height - top) // step_y)
        if columns > 0 and rows > 0:
            passes.append((1 + (columns * bits + 7) // 8, rows))
    return passes


class _Pixels:
    """Counts the rows of a picture while they are unpacked, and looks at each row's filter; keeps none of them."""

    def __init__(self, rows: list[tuple[int, int]]) -> None:
        self._inflater = zlib.decompressobj()
        self._blocks: list[tuple[int, int, int]] = []
        start = 0
        for row_bytes, count in rows:
            self._blocks.append((start, start + row_bytes * count, row_bytes))
            start += row_bytes * count
        self.size = start
        self._seen = 0
        self._filters = 0

    def take(self, data: bytes) -> None:
        """More of the compressed pixels. Never unpacks more than a picture of this size has."""
        while data and self._seen <= self.size:
            rows = self._inflater.decompress(data, _CHUNK)
            self._look(rows)
            self._seen += len(rows)
            data = self._inflater.unconsumed_tail

    def _look(self, rows: bytes) -> None:
        for start, end, row_bytes in self._blocks:
            low, high = max(start, self._seen), min(end, self._seen + len(rows))
            if low < high:
                first = low + -(low - start) % row_bytes
                firsts = rows[first - self._seen : high - self._seen : row_bytes]
                self._filters = max(self._filters, max(firsts, default=0))

    def check(self) -> None:
        """After the last of them."""
        if not self._inflater.eof:
            raise FileProblem("ends in the middle of its pixels")
        if self._seen != self.size:
            raise FileProblem("has too few or too many pixels")
        if self._filters > 4:
            raise FileProblem("has a row with an unknown filter")
