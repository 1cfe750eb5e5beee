"""Files as they are sent: opened without following links, checked against their recorded hash, zipped. Blocking.

Runs in a thread of the server's ``FILES`` executor.
"""

import hashlib
import os
import stat
import threading
import zipfile
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from io import BufferedReader

from ..models.errors import UnknownArtifact
from ..state.artifacts import ArtifactFile
from .problems import RequestRefused

__all__ = ["CHUNK", "HashCache", "open_artifact", "zipped"]

CHUNK = 256 * 1024
_FLAGS = os.O_RDONLY
for _name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):  # not every system has each
    _FLAGS |= getattr(os, _name, 0)
_EARLIEST = (1980, 1, 1, 0, 0, 0)


class HashCache:
    """SHA-256 of files that were read lately, by what changes when a file does. Any thread."""

    def __init__(self, size: int = 512) -> None:
        self._known: OrderedDict[tuple[int, int, int, int], str] = OrderedDict()
        self._size = size
        self._guard = threading.Lock()

    def sha256(self, file: BufferedReader) -> str:
        """Of the whole file; its position is at the start afterwards."""
        about = os.fstat(file.fileno())
        key = (about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns)
        with self._guard:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        with self._guard:
            self._known[key] = digest
            while len(self._known) > self._size:
                self._known.popitem(last=False)
        return digest


def open_artifact(artifact: ArtifactFile, hashes: HashCache) -> BufferedReader:
    """The file, open, and certainly the one that was recorded.

    Raises:
        UnknownArtifact: it is gone, or is no plain file.
        RequestRefused: 409, its content is not what was recorded when it was made.
    """
    try:
        file = os.fdopen(os.open(artifact.path, _FLAGS), "rb")
    except OSError:
        raise UnknownArtifact("This session has no such file, or not any more.") from None
    try:
        about = os.fstat(file.fileno())
        if not stat.S_ISREG(about.st_mode):
            raise UnknownArtifact("This session has no such file.")
        if artifact.sha256 is not None and hashes.sha256(file) != artifact.sha256:
            raise RequestRefused(
                409, "artifact_changed", "The file is not the one that was verified when the session made it."
            )
    except BaseException:
        file.close()
        raise
    return file


class _Outbox:
    """What zipfile writes to: it keeps the bytes until they are taken."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes, /) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """There is nothing to close."""

    def take(self) -> bytes:
        taken = b"".join(self._parts)
        self._parts.clear()
        return taken


def zipped(files: Sequence[tuple[str, BufferedReader]], folder: str) -> Iterator[bytes]:
    """A zip of open files below ``folder``, piece by piece, stored: pictures and .blend are compressed already."""
    outbox = _Outbox()
    with zipfile.ZipFile(outbox, "w", zipfile.ZIP_STORED) as archive:
        for name, file in files:
            entry = zipfile.ZipInfo(f"{folder}/{name}", _EARLIEST)
            entry.external_attr = 0o644 << 16
            with archive.open(entry, "w", force_zip64=os.fstat(file.fileno()).st_size >= 1 << 31) as target:
                while chunk := file.read(CHUNK):
                    target.write(chunk)
                    yield outbox.take()
    yield outbox.take()
