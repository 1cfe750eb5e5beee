"""Output folders in trouble, for a bridge that is another process: full disks and folders that cannot be written.

Root mounts a small file system; nobody else may, so there the processes get a limit on the size of their files,
which makes every write fail as well.
"""

import contextlib
import os
import resource
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil

from tests.bridge.running import RunningBridge

ROOTED = os.geteuid() == 0
NOBODY = 65534


@contextlib.contextmanager
def small_disk(megabytes: int) -> Iterator[Path]:
    """An output folder that a few files fill."""
    with tempfile.TemporaryDirectory() as name:
        output = Path(name) / "output"
        output.mkdir()
        if not ROOTED:
            yield output
            return
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", output], check=True)
        try:
            yield output
        finally:
            subprocess.run(["umount", "-l", output], check=True)


class Room:
    """The room on such a disk, for a bridge and its Blender."""

    def __init__(self, output: Path) -> None:
        self._ballast = output / "ballast"
        self._limited: list[int] = []

    def use_up(self, bridge: RunningBridge | None = None, leave: int = 0) -> None:
        """None left, but ``leave`` bytes."""
        if ROOTED:
            with self._ballast.open("wb", buffering=0) as stream, contextlib.suppress(OSError):
                while stream.write(b"x" * 65536):
                    pass
            os.truncate(self._ballast, max(0, self._ballast.stat().st_size - leave))
        elif bridge is not None:
            process = psutil.Process(bridge.process.pid)
            self._limited = [process.pid, *(child.pid for child in process.children(recursive=True))]
            self._limit(1)

    def _limit(self, size: int) -> None:
        for pid in self._limited:
            with contextlib.suppress(ProcessLookupError):
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def make(self) -> None:
        """Plenty again."""
        self._ballast.unlink(missing_ok=True)
        self._limit(resource.RLIM_INFINITY)


@contextlib.contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Nobody but root may write anything in it."""
    paths = [folder, *folder.rglob("*")]
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in paths}
    for path in reversed(paths):
        path.chmod(modes[path] & ~0o222)
    try:
        yield
    finally:
        for path in paths:
            path.chmod(modes[path])


@contextlib.contextmanager
def unprivileged(output: Path, **settings: object) -> Iterator[RunningBridge]:
    """A bridge without a Blender that may not write what is read-only, so it is not root's."""
    os.umask(0o022)
    command = [sys.executable, "-m", "bridge", "serve"]
    if ROOTED:
        command = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *command]
    bridge = RunningBridge(output, command, blender="/none", **settings)
    try:
        yield bridge
    finally:
        bridge.process.terminate()
        try:
            bridge.process.wait(20)
        finally:
            bridge.process.kill()
            bridge.process.wait()


@contextlib.contextmanager
def nobodys_folder() -> Iterator[Path]:
    """An output folder that the unprivileged bridge owns."""
    with tempfile.TemporaryDirectory() as name:
        output = Path(name) / "output"
        output.mkdir()
        if ROOTED:
            Path(name).chmod(0o755)
            os.chown(output, NOBODY, NOBODY)
        yield output


__all__ = ["ROOTED", "Room", "nobodys_folder", "read_only", "small_disk", "unprivileged"]
