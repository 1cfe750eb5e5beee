"""A Blender that hangs in one of its ways is found within its deadline; one that is only slow is left alone."""

import os
import signal
import time
from pathlib import Path

import pytest

from .running import RunningBridge, alive, running, wait_for

pytestmark = [pytest.mark.blender, pytest.mark.timeout(180)]

FAULTS = Path(__file__).parent / "faults"
DEADLINE_S = 5.0
"""Above all that a healthy Blender does between two beats, also where other tests have the processors."""
NOTICED_S = 6.0
"""For looking, killing and the load of other tests, on top of the deadline."""


@pytest.fixture
def bridge_with_faults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(FAULTS))


def busy(bridge: RunningBridge, resolution: tuple[int, int] = (1600, 900)) -> str:
    """A session that renders for minutes, once its samples are counted."""
    session_id = bridge.generate(resolution=resolution, samples=4096)
    wait_for(lambda: "ample" in bridge.session(session_id)["message"], 60, "samples are counted")
    return session_id


def found_and_recovered(bridge: RunningBridge, blender: int, reason: str) -> list[str]:
    """Wait for its death and its successor; the sessions that it had."""
    wait_for(lambda: not alive(blender), DEADLINE_S + NOTICED_S, "it is killed")
    assert bridge.blender_pid(other_than=blender) != blender
    death = bridge.call("GET", "/api/bridge")["deaths"][-1]
    assert reason in death["reason"]
    return list(death["sessions"])


@pytest.mark.usefixtures("bridge_with_faults")
def test_a_main_thread_asleep_for_ever(tmp_path: Path) -> None:
    with running(tmp_path / "output", hang_deadline_s=DEADLINE_S) as bridge:
        blender = bridge.blender_pid()
        os.kill(blender, signal.SIGUSR1)
        assert found_and_recovered(bridge, blender, "main thread has not moved") == []


@pytest.mark.usefixtures("bridge_with_faults")
def test_a_main_thread_asleep_for_ever_in_a_render(tmp_path: Path) -> None:
    with running(tmp_path / "output", hang_deadline_s=DEADLINE_S) as bridge:
        blender = bridge.blender_pid()
        session_id = busy(bridge)
        os.kill(blender, signal.SIGALRM)
        assert found_and_recovered(bridge, blender, "main thread has not moved") == [session_id]


@pytest.mark.usefixtures("bridge_with_faults")
@pytest.mark.parametrize("working", [False, True])
def test_a_gil_held_for_ever(tmp_path: Path, working: bool) -> None:
    with running(tmp_path / "output", silence_deadline_s=DEADLINE_S) as bridge:
        blender = bridge.blender_pid()
        sessions = [busy(bridge)] if working else []
        os.kill(blender, signal.SIGUSR2)
        assert found_and_recovered(bridge, blender, "has not answered") == sessions


@pytest.mark.usefixtures("bridge_with_faults")
def test_a_cancel_that_a_hanging_blender_cannot_hear(tmp_path: Path) -> None:
    with running(tmp_path / "output", cancel_grace_s=1) as bridge:
        blender = bridge.blender_pid()
        session_id = busy(bridge)
        os.kill(blender, signal.SIGUSR2)
        bridge.call("POST", f"/api/session/{session_id}/cancel")
        assert bridge.ended(session_id, 3 + NOTICED_S)["status"] == "cancelled"
        assert bridge.blender_pid(15, other_than=blender) != blender


def test_a_slow_render_that_makes_progress_is_never_killed(tmp_path: Path) -> None:
    with running(tmp_path / "output", hang_deadline_s=2 * DEADLINE_S, silence_deadline_s=2 * DEADLINE_S) as bridge:
        blender = bridge.blender_pid()
        session_id = busy(bridge, (640, 360))
        time.sleep(3 * DEADLINE_S)
        health = bridge.call("GET", "/api/health")["blender"]
        assert bridge.call("GET", "/api/bridge")["deaths"] == []
        assert (health["pid"], health["session_id"]) == (blender, session_id)
