"""Cancel while waiting, while building, in the middle of a render, and in the race with the end."""

import contextlib
import json
import time
import urllib.error
from pathlib import Path

import pytest

from tests.bridge.running import RunningBridge, running, wait_for
from tests.stress.submitting import submit

pytestmark = [pytest.mark.blender, pytest.mark.stress, pytest.mark.timeout(300)]

FAULTS = Path(__file__).parent / "faults"


def cancel(bridge: RunningBridge, session_id: str) -> None:
    bridge.call("POST", f"/api/session/{session_id}/cancel")


def test_cancel_while_it_waits_and_in_the_middle_of_a_render(tmp_path: Path) -> None:
    with running(tmp_path / "output") as bridge:
        rendering = submit(bridge, "a red cube", resolution=[1600, 900], samples=4096)
        waiting = submit(bridge, "a blue ball")
        wait_for(lambda: "ample" in bridge.session(rendering)["message"], 60, "samples are counted")
        cancel(bridge, waiting)
        assert bridge.session(waiting)["status"] == "cancelled"
        cancel(bridge, rendering)
        bridge.ended(rendering, 3)
        assert bridge.session(rendering)["status"] == "cancelled"
        next_one = submit(bridge, "a green cone")
        wait_for(lambda: bridge.session(next_one)["status"] != "pending", 10, "Blender is usable again")
        assert bridge.ended(next_one)["status"] == "completed"
        deaths = bridge.call("GET", "/api/bridge")["deaths"]
        assert not any(death["sessions"] for death in deaths), "a cancel is no crash of a session"


@pytest.mark.parametrize("stage", ["concept", "builder", "texture"])
def test_cancel_while_it_builds(tmp_path: Path, stage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = tmp_path / "mark"
    monkeypatch.setenv("PYTHONPATH", str(FAULTS))
    monkeypatch.setenv("STAGE_FAULT", f"{stage}:wait")
    monkeypatch.setenv("STAGE_FAULT_ONCE", str(mark))
    with running(tmp_path / "output") as bridge:
        building = submit(bridge, "a red cube")
        wait_for(mark.exists, 60, f"{stage} is at its end")
        cancel(bridge, building)
        bridge.ended(building, 3)
        assert bridge.session(building)["status"] == "cancelled"
        assert bridge.ended(submit(bridge, "a blue ball"))["status"] == "completed"


def test_the_race_with_the_end_has_one_winner(tmp_path: Path) -> None:
    with running(tmp_path / "output") as bridge:
        bridge.ended(submit(bridge, "a red cube"))
        seen = set()
        for number in range(12):
            session_id = submit(bridge, "a red cube")
            wait_for(
                lambda name=session_id: (
                    bridge.session(name)["progress"] > 0.7 or bridge.session(name)["status"] == "completed"
                ),
                30,
                "nearly done",
            )
            time.sleep(number * 0.01)
            with contextlib.suppress(urllib.error.HTTPError):  # 409: it has ended already
                cancel(bridge, session_id)
            end = bridge.ended(session_id)["status"]
            seen.add(end)
            time.sleep(0.3)
            assert bridge.session(session_id)["status"] == end
            state = json.loads((bridge.output / session_id / "session_state.json").read_bytes())
            assert state["status"] == end
            if end == "completed":
                assert bridge.session(session_id)["result"]["success"]
        assert seen <= {"completed", "cancelled"}
