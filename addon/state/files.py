"""Durable files: a name holds the old content or the new one, whatever dies in between. Any thread.

The order is that of every careful writer: temporary file in the same folder, write, fsync, replace, fsync of the
folder. Each step goes through a function of this module, so that tests can kill the process at each of them.
"""

import contextlib
import errno
import hashlib
import itertools
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from ..models.errors import FolderReadOnly, NoRoom, ScenekeeperError

__all__ = [
    "TEMP_SUFFIX",
    "explain",
    "file_sha256",
    "is_plain_file",
    "link_or_copy",
    "read_plain",
    "remove_temporaries",
    "replace",
    "sync_file",
    "sync_folder",
    "temporary_for",
    "translate_errors",
    "write_durably",
    "write_new",
]

TEMP_SUFFIX = ".tmp"
_READ = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
)
_counter = itertools.count()


def explain(error: OSError) -> ScenekeeperError | None:
    """What a failed write means for people: ``NoRoom``, ``FolderReadOnly`` or None where it is neither."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return NoRoom("The disk of the output folder is full. Make room and send the request again.")
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return FolderReadOnly("The output folder cannot be written. Give this user write access to it.")
    return None


@contextlib.contextmanager
def translate_errors() -> Iterator[None]:
    """Raise ``NoRoom`` or ``FolderReadOnly`` for the ``OSError`` that means it."""
    try:
        yield
    except OSError as error:
        told = explain(error)
        if told is None:
            raise
        raise told from error


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of ``data``, however many calls the system needs."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def fsync(descriptor: int) -> None:
    """Wait until the disk has it."""
    os.fsync(descriptor)


def replace(source: Path, target: Path) -> None:
    """Give ``source`` the name ``target`` in one step."""
    os.replace(source, target)  # noqa: PTH105 - one name for the step that tests kill


def sync_folder(folder: Path) -> None:
    """Make the names in ``folder`` durable. Windows has no such call and needs none."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_file(path: Path) -> None:
    """Make the content of a file durable that somebody else has written."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        fsync(descriptor)
    finally:
        os.close(descriptor)


def write_new(path: Path, data: bytes) -> None:
    """Write and fsync a file that must not be there yet."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o644)
    try:
        write_all(descriptor, data)
        fsync(descriptor)
    finally:
        os.close(descriptor)


def write_durably(path: Path, data: bytes) -> None:
    """Replace ``path`` by ``data``; when this returns, it survives power loss.

    Raises:
        NoRoom: the disk is full; ``path`` is as it was.
        FolderReadOnly: no right to write; ``path`` is as it was.
    """
    temporary = temporary_for(path)
    with translate_errors():
        try:
            write_new(temporary, data)
            replace(temporary, path)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise
        sync_folder(path.parent)


def link_or_copy(source: Path, target: Path) -> None:
    """Give the content of ``source`` the further name ``target`` in one step, without copying where links exist."""
    temporary = temporary_for(target)
    with translate_errors():
        try:
            try:
                os.link(source, temporary)
            except OSError as error:
                if explain(error) is not None and error.errno not in (errno.EPERM, errno.EACCES):
                    raise
                write_new(temporary, source.read_bytes())
            replace(temporary, target)
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink()
        sync_folder(target.parent)


def temporary_for(path: Path) -> Path:
    """The name, in the same folder, of what becomes ``path``: no other writer has it."""
    return path.with_name(f".{path.name}.{os.getpid()}-{next(_counter)}{TEMP_SUFFIX}")


def remove_temporaries(folder: Path) -> None:
    """Remove what writers that died left in ``folder``. Only where no writer lives."""
    for entry in folder.glob(f".*{TEMP_SUFFIX}"):
        with contextlib.suppress(OSError):
            entry.unlink()


def is_plain_file(path: Path) -> bool:
    """Whether ``path`` is a file itself, not a link to one."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def read_plain(path: str | Path, *, limit: int) -> tuple[bytes, os.stat_result]:
    """Content and status of a file itself: a link is not followed, a pipe not waited for. Straight from the system.

    Raises ``OSError``: it is not there, cannot be read, is no plain file, or has more than ``limit`` bytes.
    """
    descriptor = os.open(path, _READ)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > limit:
            raise OSError(errno.EINVAL, "no plain file, or too large")
        data = os.read(descriptor, status.st_size + 1)
        while len(data) < status.st_size and (more := os.read(descriptor, status.st_size - len(data))):
            data += more
        return data, status
    finally:
        os.close(descriptor)


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's content, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
