"""The bridge and its Blender as real processes: killed, stopped, frozen, orphaned, crowded out. Nothing is replaced."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from addon.state.leases import LeaseState, lease_state, read_lease
from bridge.announcement import ANNOUNCEMENT

from .running import ROOT, RunningBridge, alive, environment, running, wait_for

pytestmark = [pytest.mark.blender, pytest.mark.timeout(300)]

FAULTS = Path(__file__).parent / "faults"
SLOW = {"resolution": [1600, 900], "samples": 4096}
"""A render of many minutes."""


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "output"


def in_render(bridge: RunningBridge, session_id: str) -> None:
    """Wait until the session is being rendered."""
    wait_for(lambda: bridge.session(session_id)["current_stage"] == "render", 60, "it renders")
    wait_for(lambda: "ample" in bridge.session(session_id)["message"], 60, "samples are counted")


def test_a_killed_bridge_takes_its_blender_along_and_the_next_one_goes_on(output: Path) -> None:
    with running(output) as bridge:
        blender = bridge.blender_pid()
        session_id = bridge.generate(**SLOW)
        in_render(bridge, session_id)
        bridge.stop(signal.SIGKILL)
        wait_for(lambda: not alive(blender), 5, "its Blender is dead")
    with running(output) as bridge:
        view = wait_for(
            lambda: (v := bridge.session(session_id))["recovery"] and v["current_stage"] == "render" and v,
            60,
            "the session goes on",
        )
        assert view["attempts"] == 1
        bridge.call("POST", f"/api/session/{session_id}/cancel")
        assert bridge.ended(session_id, 15)["status"] == "cancelled"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps a priority for each thread")
def test_a_render_lets_others_go_first_also_its_own_server(output: Path) -> None:
    with running(output) as bridge:
        blender = psutil.Process(bridge.blender_pid())
        session_id = bridge.generate(**SLOW)
        in_render(bridge, session_id)
        wait_for(lambda: sum(thread.user_time for thread in blender.threads()) > 10, 60, "it has rendered a while")
        inherited = os.getpriority(os.PRIO_PROCESS, bridge.process.pid)
        found = {(os.getpriority(os.PRIO_PROCESS, thread.id), thread.user_time > 1) for thread in blender.threads()}
        assert (max(5, inherited), True) in found
        assert (inherited, False) in found
        assert (inherited, True) not in found or inherited >= 5
        bridge.call("POST", f"/api/session/{session_id}/cancel")
        assert bridge.ended(session_id, 15)["status"] == "cancelled"


def test_a_killed_blender_is_replaced_and_its_session_completes(output: Path) -> None:
    with running(output) as bridge:
        first = bridge.blender_pid()
        session_id = bridge.generate()
        wait_for(lambda: bridge.session(session_id)["status"] != "pending", 30, "it is claimed")
        os.kill(first, signal.SIGKILL)
        assert bridge.ended(session_id)["status"] == "completed"
        second = bridge.blender_pid(other_than=first)
        assert second != first
        report = bridge.call("GET", "/api/bridge")
        assert report["restarts"] == 1
        assert report["deaths"][0]["exit_code"] == -signal.SIGKILL


def test_a_frozen_blender_is_found_killed_and_recovered(output: Path) -> None:
    with running(output, silence_deadline_s=3) as bridge:
        first = bridge.blender_pid()
        session_id = bridge.generate(**SLOW)
        in_render(bridge, session_id)
        os.kill(first, signal.SIGSTOP)
        wait_for(lambda: not alive(first), 3 + 4, "the frozen Blender is dead")
        assert bridge.blender_pid(other_than=first) != first
        death = bridge.call("GET", "/api/bridge")["deaths"][-1]
        assert "has not answered" in death["reason"]
        assert death["sessions"] == [session_id]


def test_a_clean_stop_puts_the_session_back(output: Path) -> None:
    with running(output) as bridge:
        blender = bridge.blender_pid()
        session_id = bridge.generate(**SLOW)
        in_render(bridge, session_id)
        before = time.monotonic()
        assert bridge.stop() == 0
        assert time.monotonic() - before < 8
        assert not alive(blender)
        assert not (output / ANNOUNCEMENT).exists()
        assert not list((output / ".leases").glob("*.json"))
    state = (output / session_id / "session_state.json").read_text()
    assert '"status": "pending"' in state
    assert (output / session_id / "checkpoints").is_dir()


def test_stop_and_start_follow_each_other_at_once(output: Path) -> None:
    with running(output) as first:
        first.blender_pid()
        first.process.terminate()
        with running(output) as second:
            assert first.process.wait(20) == 0
            assert second.call("GET", "/api/health")["role"] == "bridge"


def test_ctrl_c_stops_it_too(output: Path) -> None:
    with running(output) as bridge:
        bridge.blender_pid()
        assert bridge.stop(signal.SIGINT) == 0


def test_a_second_bridge_on_the_folder_says_so_and_leaves(output: Path) -> None:
    with running(output) as first:
        second = subprocess.run(
            [sys.executable, "-m", "bridge", "serve"],
            env=environment(output),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert second.returncode == 4
        assert "already served" in second.stderr
        assert str(first.process.pid) in second.stderr
        assert "Traceback" not in second.stderr
        assert first.call("GET", "/api/health")["role"] == "bridge"


def test_a_taken_port_is_named_with_its_holder(output: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "bridge", "serve", "--port", str(port)],
            env=environment(output),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    assert done.returncode == 5
    assert str(port) in done.stderr
    assert f"process {os.getpid()}" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (output / ANNOUNCEMENT).exists()


def test_a_blender_that_always_crashes_is_given_up_while_reads_go_on(
    output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken"
    broken.touch()
    monkeypatch.setenv("PYTHONPATH", str(FAULTS))
    monkeypatch.setenv("DIES_WHILE_THERE", str(broken))
    with running(output) as bridge:
        session_id = bridge.generate()
        health = wait_for(
            lambda: (h := bridge.call("GET", "/api/health"))["blender"]["state"] == "given_up" and h, 200, "given up"
        )
        assert health["status"] == "down"
        assert bridge.session(session_id)["status"] == "pending"
        assert bridge.generate() != session_id
        assert " critical given_up " in bridge.log.read_text()
        broken.unlink()
        bridge.call("POST", "/api/bridge/restart")
        assert bridge.ended(session_id)["status"] == "completed"


@pytest.fixture
def lone_worker(output: Path) -> Iterator[dict[str, "subprocess.Popen[bytes]"]]:
    """Workers that this test starts itself, by lease id, with the supervisor that the id ends with."""
    started: dict[str, subprocess.Popen[bytes]] = {}
    for worker_id, supervisor in (("left-behind", "bridge-that-died"), ("somebodys-own", None)):
        extra = {"worker_id": worker_id} | ({"supervisor": supervisor} if supervisor else {})
        started[worker_id] = subprocess.Popen(
            [sys.executable, "-m", "addon", "serve"],
            env=environment(output, **extra),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    for worker_id in started:
        wait_for(lambda w=worker_id: (i := read_lease(output, w)) is not None and i.address, 40, "a worker is up")
    yield started
    for process in started.values():
        process.kill()
        process.communicate()


def test_orphans_of_a_dead_bridge_are_ended_and_others_left_alone(
    output: Path, lone_worker: dict[str, "subprocess.Popen[bytes]"]
) -> None:
    with running(output):
        assert lone_worker["left-behind"].wait(10) == -signal.SIGKILL
        assert lone_worker["somebodys-own"].poll() is None
        assert lease_state(output, "somebodys-own") is LeaseState.HELD


def test_pkill_finds_the_bridge_and_not_its_blender(output: Path) -> None:
    bridge = RunningBridge(output, [sys.executable, "start_api.py"])
    try:
        bridge.ready()
        assert "start_api" in " ".join(psutil.Process(bridge.process.pid).cmdline())
        assert "start_api" not in " ".join(psutil.Process(bridge.blender_pid()).cmdline())
    finally:
        assert bridge.stop() == 0


def test_open_to_others_without_a_token_is_refused_at_start(output: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bridge", "serve", "--bind", "0.0.0.0"],
        env=environment(output),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 2
    assert "SCENEKEEPER_TOKEN" in done.stderr
    assert "Traceback" not in done.stderr


def test_with_a_token_the_file_that_names_it_is_private_and_the_blender_answers_it(output: Path) -> None:
    with running(output, token="s3cret") as bridge:
        assert (output / ANNOUNCEMENT).stat().st_mode & 0o777 == 0o600
        with pytest.raises(urllib.error.HTTPError, match="401"):
            bridge.call("GET", "/api/health")
        listed = subprocess.run(
            [sys.executable, "-m", "bridge", "list", "--json"],
            env=environment(output),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert listed.returncode == 0, listed.stderr
        wait_for(lambda: "worker_started" in bridge.log.read_text(), 20, "Blender starts")
