"""Is an artifact whole? Opens it and looks, instead of trusting that a writer came to its end. No bpy, any thread."""

import gzip
import io
import struct
import sys
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Protocol

from ..models.session import Artifact, Session, StageName, StageStatus
from .files import file_sha256, is_plain_file

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

__all__ = [
    "MEDIA_TYPES",
    "artifact_verifies",
    "blend_problem",
    "content_problem",
    "describe_artifact",
    "png_problem",
    "present_with_size",
    "verified_stages",
]

MEDIA_TYPES = {
    ".blend": "application/x-blender",
    ".png": "image/png",
    ".glb": "model/gltf-binary",
    ".md": "text/markdown",
    ".json": "application/json",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".log": "text/plain",
    ".svg": "image/svg+xml",
}

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_PNG_MAX_BYTES = 2**31
_CHUNK = 1 << 20


class BinaryStream(Protocol):
    """What can be read from, compressed or not."""

    def read(self, size: int, /) -> bytes:
        """Up to ``size`` bytes."""


def png_problem(path: Path) -> str | None:
    """Why a PNG is not whole, or None. Decodes all of it: chunk checksums, the zlib stream, every row's filter.

    Source of the rules: PNG specification (third edition), sections 5, 7, 9 and 11.
    """
    try:
        with path.open("rb") as stream:
            if stream.read(8) != _PNG_SIGNATURE:
                return "is not a PNG"
            return _png_body_problem(stream)
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    except (struct.error, zlib.error, EOFError, ValueError) as error:
        return f"is damaged ({error})"


def _png_body_problem(stream: BinaryStream) -> str | None:
    header: tuple[int, ...] | None = None
    pixels: _PngPixels | None = None
    for kind, piece in _png_pieces(stream):
        if kind == b"IHDR":
            header = struct.unpack(">IIBBBBB", piece)
            if header[0] == 0 or header[1] == 0 or header[3] not in _PNG_CHANNELS:
                return "has no valid header"
            if _png_row_bytes(header) * header[1] > _PNG_MAX_BYTES:
                return "is too large to be a render"
            pixels = _PngPixels(_png_row_bytes(header), header[1], interlaced=header[6] != 0)
        elif kind == b"IDAT":
            if pixels is None:
                return "has pixels before its header"
            pixels.take(piece)
        elif kind == b"IEND":
            return pixels.problem() if pixels else "has no valid header"
    return "ends too early"


def _png_pieces(stream: BinaryStream) -> Iterator[tuple[bytes, bytes]]:
    """(kind, up to 1 MiB of a chunk's data); the end of a chunk comes only when its checksum is right."""
    while head := stream.read(8):
        length, kind = struct.unpack(">I4s", head)
        checksum, first = zlib.crc32(kind), True
        while length or first:
            piece = _exactly(stream, min(length, _CHUNK))
            checksum, first = zlib.crc32(piece, checksum), False
            length -= len(piece)
            if length == 0 and struct.unpack(">I", _exactly(stream, 4)) != (checksum,):
                raise ValueError(f"checksum of chunk {kind.decode('latin-1')!r}")
            yield kind, piece


class _PngPixels:
    """Counts the rows of a picture while they are unpacked, and looks at each row's filter; keeps none of them."""

    def __init__(self, row_bytes: int, rows: int, *, interlaced: bool) -> None:
        self._inflater = zlib.decompressobj()
        self._row_bytes, self._size = row_bytes, row_bytes * rows
        self._interlaced = interlaced  # other row lengths; Blender never writes them
        self._seen = 0
        self._filters = 0

    def take(self, data: bytes) -> None:
        """More of the compressed pixels. Never unpacks more than a picture of this size has."""
        while data and self._seen <= self._size:
            rows = self._inflater.decompress(data, _CHUNK)
            firsts = rows[-self._seen % self._row_bytes :: self._row_bytes]
            self._filters = max(self._filters, max(firsts, default=0))
            self._seen += len(rows)
            data = self._inflater.unconsumed_tail

    def problem(self) -> str | None:
        """After the last of them."""
        if not self._inflater.eof:
            return "ends in the middle of its pixels"
        if not self._interlaced and self._seen != self._size:
            return "has too few or too many pixels"
        if not self._interlaced and self._filters > 4:
            return "has a row with an unknown filter"
        return None


def _png_row_bytes(header: tuple[int, ...]) -> int:
    width, depth, colour = header[0], header[2], header[3]
    return 1 + (width * depth * _PNG_CHANNELS.get(colour, 4) + 7) // 8


def blend_problem(path: Path) -> str | None:
    """Why a .blend is not whole, or None: its header is one of Blender's and its blocks lead to the end block.

    Plain, Zstandard and gzip files. Two layouts: before 5.0 a header of 12 bytes and block heads of 20 or 24 bytes;
    from 5.0 a header of 17 bytes and heads of 32. Source: Blender's ``BLO_core_bhead.hh``,
    ``BLO_core_blend_header.hh``.
    """
    try:
        with path.open("rb") as raw, _decompressed(raw) as stream:
            return _blocks_problem(stream)
    except (OSError, EOFError, zlib.error, zstd.ZstdError, struct.error, ValueError) as error:
        return f"is damaged ({error})"


def _decompressed(raw: io.BufferedReader) -> zstd.ZstdFile | gzip.GzipFile | io.BufferedReader:
    magic = raw.read(4)
    raw.seek(0)
    if magic == b"\x28\xb5\x2f\xfd":
        return zstd.ZstdFile(raw)
    if magic[:2] == b"\x1f\x8b":
        return gzip.GzipFile(fileobj=raw)
    return raw


def _blocks_problem(stream: BinaryStream) -> str | None:
    head = stream.read(12)
    if not head.startswith(b"BLENDER"):
        return "is not a .blend file"
    if head[7:8] in b"-_":
        pointer = 8 if head[7:8] == b"-" else 4
        order = "<" if head[8:9] == b"v" else ">"
        layout, code_at, length_at = f"{order}4si{pointer}xii", 0, 1
    else:
        size = int(head[7:9])
        head += stream.read(size - 12)
        layout, code_at, length_at = "<4si8xqq", 0, 2
    block = struct.Struct(layout)
    while True:
        values = block.unpack(_exactly(stream, block.size))
        code, length = values[code_at], values[length_at]
        if code == b"ENDB":
            while stream.read(_CHUNK):  # to the end, where compressed files keep their checksum
                pass
            return None
        if length < 0 or not code.strip(b"\0"):
            return "has a damaged block"
        _skip(stream, length)


def _exactly(stream: BinaryStream, size: int) -> bytes:
    data = stream.read(size)
    if len(data) != size:
        raise EOFError("ends too early")
    return data


def _skip(stream: BinaryStream, size: int) -> None:
    while size:
        step = len(stream.read(min(size, _CHUNK)))
        if not step:
            raise EOFError("ends too early")
        size -= step


def _glb_problem(path: Path) -> str | None:
    size = path.stat().st_size
    with path.open("rb") as stream:
        head = stream.read(12)
    if len(head) < 12 or head[:4] != b"glTF" or struct.unpack("<I", head[8:])[0] != size:
        return "is not a whole GLB"
    return None


def content_problem(path: Path) -> str | None:
    """Why a file's content is not what its name says, or None. Kinds without a check only must not be empty."""
    if not is_plain_file(path):
        return "is missing"
    if path.suffix == ".png":
        return png_problem(path)
    if path.suffix == ".blend":
        return blend_problem(path)
    if path.suffix == ".glb":
        return _glb_problem(path)
    return None if path.stat().st_size else "is empty"


def describe_artifact(folder: Path, name: str) -> Artifact:
    """The record of a file of a session: type, size in bytes and SHA-256. Raises ``OSError`` where it is missing."""
    path = folder / PurePosixPath(name)
    return Artifact(
        name=name,
        media_type=MEDIA_TYPES.get(path.suffix, "application/octet-stream"),
        size=path.stat().st_size,
        sha256=file_sha256(path),
    )


def present_with_size(folder: Path, artifact: Artifact) -> bool:
    """The cheap check: there is a file of that size."""
    path = folder / PurePosixPath(artifact.name)
    return is_plain_file(path) and path.stat().st_size == artifact.size


def artifact_verifies(folder: Path, artifact: Artifact) -> bool:
    """The thorough check: size, SHA-256 and content."""
    path = folder / PurePosixPath(artifact.name)
    if ".." in PurePosixPath(artifact.name).parts or PurePosixPath(artifact.name).is_absolute():
        return False
    return (
        present_with_size(folder, artifact) and content_problem(path) is None and file_sha256(path) == artifact.sha256
    )


def verified_stages(folder: Path, session: Session) -> tuple[StageName, ...]:
    """The stages from the first on whose checkpoints verify; recovery goes on after the last of them."""
    return tuple(_verified(folder, session))


def _verified(folder: Path, session: Session) -> Iterable[StageName]:
    for record in session.stages:
        whole = record.status is StageStatus.COMPLETED and record.artifacts
        if not whole or not all(artifact_verifies(folder, artifact) for artifact in record.artifacts):
            return
        yield record.name
