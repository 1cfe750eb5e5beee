"""Whole sessions through bridge and Blender, against the bare render of the same scene in a process of the same kind.

Bare is a process with bpy that stays, as Blender under the bridge does; cold is one that starts for every picture.
"""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from .processes import ROOT, Bridge, bridge, ended
from .report import Row, median

__all__ = ["sessions"]

_ROUNDS = 5
_PROMPT = "a red apple on a wooden table"


@dataclass
class _Times:
    """Seconds of each round. ``beside``: of the session, without its render stage."""

    session: list[float] = field(default_factory=list)
    beside: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    cold: list[float] = field(default_factory=list)


def sessions(folder: Path) -> list[Row]:
    """Draft and standard; session, bare and cold by turns."""
    output = folder / "sessions" / "output"
    times = {preset: _Times() for preset in ("draft", "standard")}
    workers = set[object]()
    with bridge(output, blender="bpy") as there, _bare(output.parent / "bare.log") as render:
        render(_session(there, output, "draft", 0)[1])  # the first of each process pays for what it loads
        for number in range(1, _ROUNDS + 1):
            for preset, taken in times.items():
                session, scene = _session(there, output, preset, number)
                taken.session.append(_seconds(session, "created_at", "completed_at"))
                stage = next(stage for stage in session["stages"] if stage["name"] == "render")
                taken.beside.append(taken.session[-1] - _seconds(stage, "started_at", "completed_at"))
                taken.bare.append(render(scene))
                taken.cold.append(_cold(scene))
                workers.add(there.client.call("GET", "/api/health")["blender"]["pid"])
    if len(workers) != 1:
        raise RuntimeError("Blender was started anew between the sessions")
    return [row for preset, taken in times.items() for row in _rows(preset, taken)]


def _rows(preset: str, taken: _Times) -> list[Row]:
    bare, session, cold = median(taken.bare), median(taken.session), median(taken.cold)
    more = median([one - other for one, other in zip(taken.session, taken.bare, strict=True)])
    note = (
        f"median of {_ROUNDS} rounds by turns of '{_PROMPT}', from created_at to completed_at as the state file says, "
        "with the waiting in the queue; the first of each process is not counted. All but the render stage took "
        f"{median(taken.beside):.2f} s ({preset})."
    )
    started = (
        "bare is a new process that imports bpy, opens scene.blend and renders it; all sessions ran in one Blender "
        "process, which was not started anew."
    )
    return [
        Row("session", f"session ({preset}) minus its bare render", bare, session, "s", more, 1, "s", note),
        Row(
            "session", f"the same, in percent of the render ({preset})", bare, session, "s", more / bare * 100, 15, "%"
        ),
        Row(
            "second", f"later session ({preset}), to a new Blender", cold, session, "s", session / cold, 1, "×", started
        ),
    ]


def _seconds(timed: dict[str, Any], begun: str, ended_at: str) -> float:
    return (datetime.fromisoformat(timed[ended_at]) - datetime.fromisoformat(timed[begun])).total_seconds()


def _session(there: Bridge, output: Path, preset: str, seed: int) -> tuple[dict[str, Any], Path]:
    """A session that has run, and its scene."""
    request = {"prompt": _PROMPT, "agents": [], "options": {"preset": preset, "seed": seed}}
    session_id = str(there.client.call("POST", "/api/generate", request)["id"])
    session = ended(there.client, session_id)
    if "taken again" in (output / session_id / "concept.md").read_text():
        raise RuntimeError("the reviewer rendered twice: this is no measure")
    scene = output.parent / f"{session_id}.blend"
    shutil.copy(output / session_id / "scene.blend", scene)
    return session, scene


@contextmanager
def _bare(log: Path) -> Iterator[Callable[[Path], float]]:
    """A process that renders what it is told to; gives what tells it, and returns the seconds of the render call."""
    command = [sys.executable, "-m", "benchmarks.bare_render"]
    with (
        log.open("ab") as stream,
        subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stream, text=True
        ) as process,
    ):

        def render(scene: Path) -> float:
            if process.stdin is None or process.stdout is None:
                raise RuntimeError("the process was started without pipes")
            print(scene, file=process.stdin, flush=True)
            return float(process.stdout.readline())

        try:
            yield render
        finally:
            process.kill()


def _cold(scene: Path) -> float:
    """Seconds of a process that starts, opens the scene, renders it and ends."""
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "benchmarks.bare_render", scene], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
    )
    return time.perf_counter() - begun
