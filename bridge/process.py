"""One Blender process: started tied to this one, measured, stopped for certain. On the bridge's main thread.

The main thread matters: on Linux the tie is to the thread that starts the process.
"""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from pathlib import Path

import psutil

from addon.state.leases import LeaseInfo, LeaseState, lease_state, read_lease

from . import tether

__all__ = ["WorkerProcess", "end_holder"]

_LEASE_GONE_S = 5.0
_LEASE_POLL_S = 0.05


class WorkerProcess:
    """A started worker. ``id`` is its lease's id."""

    def __init__(self, worker_id: str, output: Path, process: asyncio.subprocess.Process) -> None:
        self.id = worker_id
        self._output = output
        self._process = process
        self._measured: psutil.Process | None = None

    @classmethod
    async def start(
        cls, worker_id: str, output: Path, command: list[str], environment: dict[str, str], log: Path
    ) -> "WorkerProcess":
        """Start ``command`` with its output appended to ``log``. Raises ``OSError`` when it cannot be started."""
        if os.name == "posix":
            command = [sys.executable, "-I", "-S", tether.__file__, str(os.getpid()), "--", *command]
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as stream:
            process = await asyncio.create_subprocess_exec(
                *command,
                env=environment,
                # Held open for as long as we live: its end tells the worker that we are gone, on every system.
                stdin=asyncio.subprocess.PIPE,
                stdout=stream,
                stderr=stream,
                # A group of its own: Ctrl-C in a terminal is for us, and killing the group also kills what it started.
                process_group=0 if os.name == "posix" else None,
            )
        return cls(worker_id, output, process)

    @property
    def pid(self) -> int:
        """The process that we started; Blender itself, unless a wrapper script started it."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """Negative: the signal that ended it. None while it runs."""
        return self._process.returncode

    async def wait(self) -> int:
        """Until it ends; its exit code."""
        return await self._process.wait()

    def cpu_s(self) -> float | None:
        """Processor seconds used so far, user and system; None when it cannot be told."""
        try:
            if self._measured is None:
                lease = read_lease(self._output, self.id)
                self._measured = psutil.Process(lease.pid if lease else self.pid)
            times = self._measured.cpu_times()
        except psutil.Error:
            return None
        return float(times.user + times.system)

    def terminate(self) -> None:
        """Ask it to put its session back and end."""
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()

    async def stop(self, deadline_s: float) -> int:
        """Ask it to end, and kill it when it has not after ``deadline_s``."""
        self.terminate()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), deadline_s)
        return await self.kill()

    async def kill(self) -> int:
        """Make certain that it is dead, it and what it started; its exit code."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if os.name == "posix":
                os.killpg(self.pid, signal.SIGKILL)
            else:
                self._process.kill()
        code = await self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()
        await _lease_dropped(self._output, self.id)
        return code


async def _lease_dropped(output: Path, worker_id: str) -> None:
    """Wait for the kernel to drop the lease; whoever still holds it is killed too (a wrapper's Blender)."""
    for _ in range(int(_LEASE_GONE_S / _LEASE_POLL_S)):
        if lease_state(output, worker_id) is not LeaseState.HELD:
            return
        holder = read_lease(output, worker_id)
        if holder is not None:
            end_holder(holder)
        await asyncio.sleep(_LEASE_POLL_S)


def end_holder(lease: LeaseInfo) -> bool:
    """Kill the process that holds ``lease``, which must be held. False where it is not ours to kill.

    A pid says nothing on another host, and may have been reused on this one: the process must be older than its lease.
    """
    if lease.host != socket.gethostname():
        return False
    try:
        process = psutil.Process(lease.pid)
        if process.create_time() > lease.started_at.timestamp() + 1.0:
            return False
        process.kill()
    except psutil.NoSuchProcess:
        return True
    except psutil.Error:
        return False
    return True
