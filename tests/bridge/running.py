"""A real bridge in a process of its own, as tests drive it."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import psutil

from bridge.announcement import read_announcement

ROOT = Path(__file__).resolve().parents[2]
TINY = {"preset": "draft", "resolution": [64, 36], "samples": 1}
T = TypeVar("T")


def wait_for(look: Callable[[], T], within_s: float, what: str) -> T:
    """The first true value of ``look``."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        value = look()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"not within {within_s:g} s: {what}")


def alive(pid: int) -> bool:
    """Whether a process runs; a zombie does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def environment(output: Path, *, blender: str = "bpy", **settings: object) -> dict[str, str]:
    """This process's own with settings of ours. ``blender``: the variable BLENDER, which has no prefix."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("SCENEKEEPER_")}
    given = {f"SCENEKEEPER_{name.upper()}": str(value) for name, value in settings.items()}
    return own | {"SCENEKEEPER_OUTPUT": str(output), "SCENEKEEPER_PORT": "0", "BLENDER": blender} | given


class RunningBridge:
    """A started bridge, and its answers."""

    def __init__(self, output: Path, command: list[str], *, blender: str = "bpy", **settings: object) -> None:
        self.output = output
        self.log = output.parent / f"bridge-{time.monotonic_ns()}.log"
        with self.log.open("wb") as stream:
            self.process = subprocess.Popen(
                command, env=environment(output, blender=blender, **settings), cwd=ROOT, stdout=stream, stderr=stream
            )

    def ready(self) -> "RunningBridge":
        """Wait until it answers."""
        wait_for(lambda: self._announced() or self.process.poll() is not None, 30, "the bridge answers")
        assert self.process.poll() is None, self.log.read_text()
        return self

    def _announced(self) -> bool:
        announced = read_announcement(self.output)
        return announced is not None and announced.pid == self.process.pid

    @property
    def address(self) -> str:
        announced = read_announcement(self.output)
        assert announced is not None
        return announced.address

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """The decoded answer; ``urllib.error.HTTPError`` when it is an error."""
        request = urllib.request.Request(self.address + path, method=method)
        data = None
        if method != "GET":
            request.add_header("Content-Type", "application/json")
            data = json.dumps(body if body is not None else {}).encode()
        with urllib.request.urlopen(request, data, timeout=10) as answer:
            return json.loads(answer.read())

    def generate(self, agents: list[str] | None = None, **options: Any) -> str:
        """Submit a red cube; the session's id."""
        request = {"prompt": "a red cube", "agents": agents or [], "options": TINY | options}
        answer = self.call("POST", "/api/generate", request)
        return str(answer["id"])

    def session(self, session_id: str) -> Any:
        """As REST shows it."""
        return self.call("GET", f"/api/session/{session_id}")

    def blender_pid(self, within_s: float = 40.0, *, other_than: int | None = None) -> int:
        """The Blender that is up and answering."""

        def look() -> int | None:
            blender = self.call("GET", "/api/health")["blender"]
            up = blender["state"] in ("idle", "busy") and blender["pid"] != other_than
            return int(blender["pid"]) if up else None

        found = wait_for(look, within_s, "Blender is up")
        assert found is not None
        return found

    def ended(self, session_id: str, within_s: float = 60.0) -> Any:
        """The session once it has ended."""

        def look() -> Any:
            with contextlib.suppress(urllib.error.URLError):
                view = self.session(session_id)
                return view if view["status"] in ("completed", "failed", "cancelled") else None

        return wait_for(look, within_s, f"session {session_id} has ended")

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Signal it and wait for its end."""
        self.process.send_signal(number)
        return self.process.wait(30)


@contextlib.contextmanager
def running(output: Path, *arguments: str, blender: str = "bpy", **settings: object) -> Iterator[RunningBridge]:
    """A bridge that answers; killed at the end if it still runs."""
    bridge = RunningBridge(output, [sys.executable, "-m", "bridge", "serve", *arguments], blender=blender, **settings)
    try:
        yield bridge.ready()
    finally:
        if bridge.process.poll() is None:
            bridge.process.terminate()
            try:
                bridge.process.wait(20)
            finally:
                bridge.process.kill()
                bridge.process.wait()
