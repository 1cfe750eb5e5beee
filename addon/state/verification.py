"""Is an artifact whole? Opens it and looks, instead of trusting that a writer came to its end. No bpy, any thread."""

import gzip
import io
import struct
import sys
import zlib
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from ..formats.png import BinaryStream, check_png
from ..formats.problem import FileProblem
from ..models.session import Artifact, Session, StageName, StageStatus
from .files import file_sha256, is_plain_file

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

__all__ = [
    "MEDIA_TYPES",
    "artifact_unchanged",
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

_CHUNK = 1 << 20


def png_problem(path: Path) -> str | None:
    """Why a PNG is not whole, or None. Decodes all of it."""
    try:
        with path.open("rb") as stream:
            check_png(stream)
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    except FileProblem as problem:
        return str(problem)
    return None


def blend_problem(path: Path) -> str | None:
    """Why a .blend is not whole, or None: its header is one of Blender's and its blocks lead to the end block.

    Plain, Zstandard and gzip files. Two layouts: before 5.0 a header of 12 bytes and block heads of 20 or 24 bytes;
    from 5.0 a header of 17 bytes and heads of 32. Source: Blender's ``BLO_core_bhead.hh``,
    ``BLO_core_blend_header.hh``.
    """
    try:
        with path.open("rb", buffering=_CHUNK) as raw, _decompressed(raw) as stream:
            return _blocks_problem(stream)
    except (OSError, EOFError, zlib.error, zstd.ZstdError, struct.error, ValueError) as error:
        return f"is damaged ({error})"


def _decompressed(raw: BinaryIO) -> zstd.ZstdFile | gzip.GzipFile | BinaryIO:
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
    # Thousands of blocks: what is looked up here is not looked up for each. A short one is no block, says struct.
    read, size, unpack = stream.read, block.size, block.unpack
    while True:
        values = unpack(read(size))
        code, length = values[code_at], values[length_at]
        if code == b"ENDB":
            while stream.read(_CHUNK):  # to the end, where compressed files keep their checksum
                pass
            return None
        if length < 0 or not code.strip(b"\0"):
            return "has a damaged block"
        _skip(stream, length)


def _skip(stream: BinaryStream, size: int) -> None:
    if isinstance(stream, io.BufferedReader):
        # Beyond the end nothing is read, which the next block's head notices.
        stream.seek(size, io.SEEK_CUR)
        return
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


def artifact_unchanged(folder: Path, artifact: Artifact) -> bool:
    """Size and SHA-256: it is still what was recorded, and so as whole as it was then."""
    path = folder / PurePosixPath(artifact.name)
    if ".." in PurePosixPath(artifact.name).parts or PurePosixPath(artifact.name).is_absolute():
        return False
    return present_with_size(folder, artifact) and file_sha256(path) == artifact.sha256


def artifact_verifies(folder: Path, artifact: Artifact) -> bool:
    """The thorough check: size, SHA-256 and content."""
    return artifact_unchanged(folder, artifact) and content_problem(folder / PurePosixPath(artifact.name)) is None


def verified_stages(folder: Path, session: Session) -> tuple[StageName, ...]:
    """The stages from the first on whose checkpoints verify; recovery goes on after the last of them."""
    return tuple(_verified(folder, session))


def _verified(folder: Path, session: Session) -> Iterable[StageName]:
    for record in session.stages:
        whole = record.status is StageStatus.COMPLETED and record.artifacts
        if not whole or not all(artifact_verifies(folder, artifact) for artifact in record.artifacts):
            return
        yield record.name
