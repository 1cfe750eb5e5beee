"""Why a file could not be written, asked of the system: Blender's own words lose the error number. Any thread."""

import errno
import os
import shutil
from pathlib import Path

__all__ = ["writing_error"]

LITTLE_ROOM = 32 * 1024 * 1024


def writing_error(path: Path) -> OSError | None:
    """The error that writing beside ``path`` meets now; ``None`` when the disk is not to blame.

    Messages hold the file's name only, never its folder.
    """
    probe = path.with_name(f".{path.name}.probe")
    try:
        with probe.open("wb") as file:
            file.write(bytes(65536))
            file.flush()
            os.fsync(file.fileno())
        free = shutil.disk_usage(path.parent).free
    except OSError as error:
        return OSError(error.errno, "The file could not be written", path.name)
    finally:
        _remove(probe)
    if free < LITTLE_ROOM:
        return OSError(errno.ENOSPC, "The disk is full", path.name)
    return None


def _remove(probe: Path) -> None:
    try:
        probe.unlink(missing_ok=True)
    except OSError:
        # The folder refuses every change, which the probe has told already.
        return
