"""A Blender without a window, started by one with a window to work for it. It ends when that one ends. Any thread."""

import contextlib
import os
import subprocess
import sys
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

__all__ = ["ChildBlender"]

_LOGS = ".logs"
_KEPT_LOGS = 5
_STOP_S = 4.0
_TAIL_BYTES = 4000
_NICENESS = 5


class ChildBlender:
    """A started worker. ``id`` is its lease's id."""

    def __init__(self, worker_id: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self.id = worker_id
        self._process = process
        self._log = log

    @classmethod
    def start(
        cls, command: Sequence[str], output: Path, supervisor: str, port: int, settings: Mapping[str, str]
    ) -> "ChildBlender":
        """Start ``command`` as a worker of ``output`` under the lease ``supervisor``. Raises ``OSError``."""
        worker_id = str(uuid.uuid4())
        log = _new_log(output, worker_id)
        environment = {**os.environ, **settings} | {
            "SCENEKEEPER_OUTPUT": str(output),
            "SCENEKEEPER_BIND": "127.0.0.1",
            "SCENEKEEPER_PORT": str(port),
            "SCENEKEEPER_WORKER_ID": worker_id,
            "SCENEKEEPER_SUPERVISOR": supervisor,
        }
        with log.open("ab") as stream:
            process = subprocess.Popen(
                command,
                cwd=output,
                env=environment,
                # Held open for as long as we live: its end tells the worker that we are gone, on every system.
                stdin=subprocess.PIPE,
                stdout=stream,
                stderr=stream,
                # Ctrl-C in the terminal is for the window.
                process_group=0 if os.name == "posix" else None,
                creationflags=_quiet_and_low(),
            )
        if os.name == "posix":
            with contextlib.suppress(OSError):
                # The window stays fluent while every core renders.
                os.setpriority(os.PRIO_PROCESS, process.pid, _NICENESS)
        return cls(worker_id, process, log)

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._process.poll()

    def stop(self) -> None:
        """Ask it to put its session back and end; kill it when it does not in a few seconds."""
        self._process.terminate()
        try:
            self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self.let_go()

    def let_go(self) -> None:
        """Close our end, once it has ended."""
        if self._process.stdin is not None:
            self._process.stdin.close()

    def last_words(self) -> str:
        """The last line it said, for people; empty where it said nothing."""
        try:
            with self._log.open("rb") as stream:
                stream.seek(0, os.SEEK_END)
                stream.seek(max(0, stream.tell() - _TAIL_BYTES))
                lines = stream.read().decode(errors="replace").split("\n")
        except OSError:
            return ""
        told = [line.strip() for line in lines if line.strip()]
        ours = [line.removeprefix("scenekeeper: ") for line in told if line.startswith("scenekeeper: ")]
        return (ours or told or [""])[-1]


def _new_log(output: Path, worker_id: str) -> Path:
    folder = output / _LOGS
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(folder.glob("window-*.log"))[: -(_KEPT_LOGS - 1)]:
        path.unlink(missing_ok=True)
    return folder / f"window-{datetime.now(UTC):%Y%m%dT%H%M%S}-{worker_id[:8]}.log"


def _quiet_and_low() -> int:
    if sys.platform == "win32":
        return subprocess.CREATE_NO_WINDOW | subprocess.BELOW_NORMAL_PRIORITY_CLASS
    return 0
