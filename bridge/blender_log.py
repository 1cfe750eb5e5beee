"""Where Blender's own output goes: ``output/.logs/``, one file for each process, the newest few kept. Any thread."""

import os
from datetime import datetime
from pathlib import Path

__all__ = ["LOG_FOLDER", "new_log", "newest_log", "tail"]

LOG_FOLDER = ".logs"
_KEPT = 20
_TAIL_BYTES = 8192


def new_log(output: Path, worker_id: str, now: datetime) -> Path:
    """A new file for a process's output; the oldest beyond the kept ones are removed. Raises ``OSError``.

    Its first line is on disk when this returns, so that a full disk shows here and not as a Blender that dies.
    """
    folder = output / LOG_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    older = sorted(folder.glob("blender-*.log"))
    for path in older[: max(0, len(older) - _KEPT + 1)]:
        path.unlink(missing_ok=True)
    log = folder / f"blender-{now:%Y%m%dT%H%M%S}-{worker_id[:8]}.log"
    with log.open("xb") as stream:
        stream.write(f"worker {worker_id}, started {now.isoformat()}\n".encode())
        stream.flush()
        os.fsync(stream.fileno())
    return log


def newest_log(output: Path) -> Path | None:
    """The file of the Blender that was started last."""
    return max((output / LOG_FOLDER).glob("blender-*.log"), default=None)


def tail(path: Path, lines: int = 12) -> str:
    """The last lines of a log; empty when there is none."""
    try:
        with path.open("rb") as stream:
            stream.seek(0, 2)
            stream.seek(max(0, stream.tell() - _TAIL_BYTES))
            text = stream.read().decode(errors="replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-lines:])
