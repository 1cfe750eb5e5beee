"""The real processes that are measured: started on free ports of loopback, and always ended, by their own pid."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import psutil

from addon.state.leases import leases
from bridge.announcement import read_announcement

from .client import Client

__all__ = ["NO_BLENDER", "Bridge", "bridge", "ended", "resident_mb", "started", "until", "worker_address"]

ROOT = Path(__file__).resolve().parents[1]
NO_BLENDER = "/nonexistent/blender"
"""Names no program: the bridge answers, and nothing works on its sessions."""

_POLL_S = 0.005
T = TypeVar("T")


def until(look: Callable[[], T | None], within_s: float, what: str) -> T:
    """The first value of ``look`` that is true. Raises ``TimeoutError``."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(_POLL_S)
    raise TimeoutError(f"not within {within_s:g} s: {what}")


@contextmanager
def started(command: list[str], log: Path, **variables: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process with its output in ``log``; asked to end, and killed when it does not."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SCENEKEEPER_")}
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as stream:
        process = subprocess.Popen(
            command, cwd=ROOT, env=inherited | variables, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@dataclass(frozen=True)
class Bridge:
    """A bridge that answers. ``started_s``: from the start of the process to the first answer."""

    client: Client
    pid: int
    started_s: float


@contextmanager
def bridge(output: Path, *, blender: str = NO_BLENDER) -> Iterator[Bridge]:
    """A bridge on ``output``, with the Blender that ``blender`` names ('bpy': the module)."""
    variables = {"SCENEKEEPER_OUTPUT": str(output), "SCENEKEEPER_PORT": "0", "BLENDER": blender}
    begun = time.perf_counter()
    with started([sys.executable, "-m", "bridge", "serve"], output.parent / "bridge.log", **variables) as process:

        def address() -> str | None:
            announced = read_announcement(output)
            return announced.address if announced is not None and announced.pid == process.pid else None

        client = Client(until(address, 60, "the bridge serves"))
        client.call("GET", "/api/sessions?limit=50")
        yield Bridge(client, process.pid, time.perf_counter() - begun)
        client.close()


def worker_address(output: Path) -> str | None:
    """Where the Blender of this folder serves, once it does."""
    return next((info.address for info in leases(output) if info.kind == "worker" and info.address), None)


def ended(client: Client, session_id: str, within_s: float = 300) -> dict[str, Any]:
    """The session once it is completed. Raises ``RuntimeError`` when it ends otherwise."""

    def look() -> dict[str, Any] | None:
        # As often as a page asks: what a reader costs beside a render is measured by "read".
        time.sleep(0.5)
        session: dict[str, Any] = client.call("GET", f"/api/session/{session_id}")
        if session["status"] in ("failed", "cancelled"):
            raise RuntimeError(f"session {session_id} {session['status']}: {session['result']}")
        return session if session["status"] == "completed" else None

    return until(look, within_s, f"session {session_id} is completed")


def resident_mb(pid: int) -> tuple[float, float]:
    """Memory of a process in MB (10⁶ bytes): now, and at its highest where the system tells (else now)."""
    now = psutil.Process(pid).memory_info().rss / 1e6
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return now, now
    return now, next(int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("VmHWM"))
