"""kill -9 of Blender at every stage and at random moments: every session completes by itself, exactly once."""

import json
import os
import random
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.bridge.running import RunningBridge, alive, running, wait_for
from tests.stress.submitting import submit

pytestmark = [pytest.mark.blender, pytest.mark.stress, pytest.mark.timeout(900)]

FAULTS = Path(__file__).parent / "faults"
STAGES = ["concept", "builder", "texture", "render", "animation", "reviewer"]
TINY = {"preset": "draft", "resolution": [48, 32], "samples": 1, "frames": 2}
ENDS = ("completed", "failed", "cancelled")


def state(bridge: RunningBridge, session_id: str) -> dict[str, object]:
    return json.loads((bridge.output / session_id / "session_state.json").read_bytes())  # type: ignore[no-any-return]


def log_of(bridge: RunningBridge, session_id: str) -> str:
    return (bridge.output / session_id / "logs" / "session.log").read_text(errors="replace")


@pytest.mark.parametrize("stage", STAGES)
def test_a_death_in_each_stage_costs_that_stage_only(
    tmp_path: Path, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = tmp_path / "mark"
    monkeypatch.setenv("PYTHONPATH", str(FAULTS))
    monkeypatch.setenv("STAGE_FAULT", f"{stage}:wait")
    monkeypatch.setenv("STAGE_FAULT_ONCE", str(mark))
    with running(tmp_path / "output") as bridge:
        body = {"prompt": "a red cube", "agents": STAGES, "options": TINY}
        doomed = bridge.call("POST", "/api/generate", body)["id"]
        other = submit(bridge, "a blue ball")
        wait_for(mark.exists, 60, f"{stage} is at its end")
        blender = bridge.blender_pid()
        os.kill(blender, signal.SIGKILL)
        assert bridge.ended(doomed)["status"] == "completed"
        assert bridge.ended(other)["status"] == "completed"
        log = log_of(bridge, doomed)
        before = STAGES[: STAGES.index(stage)]
        assert [name for name in STAGES if log.count(f"stage {name} begins") == 2] == [stage]
        assert all(log.count(f"stage {name} done") == 1 for name in STAGES)
        if before:
            assert f"resuming after {before[-1]}" in log
        assert [note["evidence"]["worker"] for note in state(bridge, doomed)["recovery"]] == ["crashed"]  # type: ignore[attr-defined]
        assert state(bridge, other)["recovery"] == []


def test_fifty_deaths_at_random_moments(tmp_path: Path) -> None:
    """Two bridges at once, each with its folder: while one starts its Blender again, the other's dies."""
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda seed: _deaths(tmp_path / str(seed), seed, 25), (20260102, 20260103)))


def _deaths(folder: Path, seed: int, deaths: int) -> None:
    moments = random.Random(seed)
    folder.mkdir()
    with running(folder / "output", max_attempts=deaths + 10) as bridge:
        # Long enough that most deaths meet a session: a Blender that dies idle is restarted less and less often.
        work = {"resolution": [160, 90], "samples": 64}
        sessions = [submit(bridge, f"{number + 1} red cubes", **work) for number in range(4)]
        last = None
        for _ in range(deaths):
            last = bridge.blender_pid(other_than=last)
            time.sleep(moments.uniform(0.0, 0.6))
            os.kill(last, signal.SIGKILL)
            if all(bridge.session(name)["status"] in ENDS for name in sessions):
                sessions.append(submit(bridge, "one more red cube", **work))
        for name in sessions:
            assert bridge.ended(name, 120)["status"] == "completed"
            assert log_of(bridge, name).count("session ends: completed") <= 1
            assert not list((bridge.output / name).glob(".*"))
        assert bridge.call("GET", "/api/sessions?limit=200")["total"] == len(sessions)


def test_a_session_that_always_kills_blender_fails_after_three_attempts_and_the_next_one_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(FAULTS))
    monkeypatch.setenv("STAGE_FAULT", "animation:kill")
    with running(tmp_path / "output") as bridge:
        body = {"prompt": "a red cube", "agents": ["animation"], "options": TINY}
        doomed = bridge.call("POST", "/api/generate", body)["id"]
        next_one = submit(bridge, "a blue ball")
        ended = bridge.ended(doomed, 90)
        assert (ended["status"], ended["attempts"]) == ("failed", 3)
        assert ended["result"]["error_code"] == "crashed_repeatedly"
        assert "last words of the tests" in ended["result"]["log_tail"]
        assert bridge.ended(next_one)["status"] == "completed"


def test_a_stage_that_fails_fails_its_session_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(FAULTS))
    monkeypatch.setenv("STAGE_FAULT", "animation:raise")
    with running(tmp_path / "output") as bridge:
        body = {"prompt": "a red cube", "agents": ["animation"], "options": TINY}
        broken = bridge.call("POST", "/api/generate", body)["id"]
        next_one = submit(bridge, "a blue ball")
        ended = bridge.ended(broken)
        assert (ended["status"], ended["result"]["error_code"]) == ("failed", "internal")
        assert "Traceback" not in json.dumps(ended)
        assert "a fault of the tests" in log_of(bridge, broken)
        assert bridge.ended(next_one)["status"] == "completed"


def test_killing_both_loses_nothing(tmp_path: Path) -> None:
    output = tmp_path / "output"
    sessions: list[str] = []
    for round_number in range(4):
        with running(output) as bridge:
            sessions.append(submit(bridge, f"{round_number + 1} red cubes", samples=16, resolution=[160, 90]))
            blender = bridge.blender_pid()
            time.sleep(0.3 * round_number)
            os.kill(bridge.process.pid, signal.SIGKILL)
            os.kill(blender, signal.SIGKILL)
            bridge.process.wait()
            wait_for(lambda pid=blender: not alive(pid), 5, "Blender is gone")
    with running(output) as bridge:
        for name in sessions:
            assert bridge.ended(name)["status"] == "completed"
