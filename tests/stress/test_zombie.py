"""Workers that are stopped and go on later, and two of everything on one folder."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from addon.models.api import GenerateRequest
from addon.models.base import utc_now
from addon.models.session import SessionStatus, WorkerRef
from addon.state.claims import claim
from addon.state.creation import create
from addon.state.leases import Lease, read_lease
from addon.state.recoverer import Recoverer
from addon.state.store import SessionStore
from tests.bridge.running import ROOT, environment, running, wait_for
from tests.stress.submitting import submit

pytestmark = [pytest.mark.blender, pytest.mark.stress, pytest.mark.timeout(180)]

LONG = {"preset": "draft", "resolution": [640, 360], "samples": 4096}


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[list["subprocess.Popen[bytes]"]]:
    """Two workers of nobody's on one folder."""
    output = tmp_path / "output"
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "addon", "serve"],
            env=environment(output, worker_id=name),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for name in ("one", "two")
    ]
    for name in ("one", "two"):
        wait_for(lambda w=name: (i := read_lease(output, w)) is not None and i.address, 60, "a worker is up")
    yield started
    for process in started:
        process.kill()
        process.communicate()


def test_two_workers_and_a_bridge_make_each_session_once_whatever_the_clocks_say(
    tmp_path: Path, workers: list["subprocess.Popen[bytes]"]
) -> None:
    output = tmp_path / "output"
    with running(output, blender="/none") as bridge:
        names = [submit(bridge, f"{number + 1} red cubes") for number in range(8)]
        for number, name in enumerate(names):
            when = time.time() + (-1) ** number * 10 * 365 * 86400
            for path in (output / name / "session_state.json", output / name):
                os.utime(path, (when, when))
        bridge.call("POST", "/api/recover")
        for name in names:
            assert bridge.ended(name)["status"] == "completed"
            log = output / name / "logs" / "session.log"
            wait_for(lambda path=log: "session ends: completed" in path.read_text(), 5, "its log is closed")
            assert log.read_text().count("session begins") == 1


def test_a_worker_that_was_stopped_writes_nothing_after_its_session_went_to_another(
    tmp_path: Path, workers: list["subprocess.Popen[bytes]"]
) -> None:
    output = tmp_path / "output"
    store = SessionStore(output)
    store.open()
    session = create(store, GenerateRequest.model_validate({"prompt": "a red cube", "options": LONG})).session
    # In the middle of the picture: before it, the stage looks and saves.
    wait_for(lambda: "ample" in store.row(session.id).message, 60, "it renders")
    holder = store.get(session.id).worker
    assert holder is not None
    stopped, other = workers if holder.pid == workers[0].pid else workers[::-1]
    other.kill()
    other.wait()
    stopped.send_signal(signal.SIGSTOP)
    Recoverer(store).recover_worker(holder.id)  # somebody has declared it dead
    lease = Lease.acquire(output, "worker", lease_id="rival")
    rival = WorkerRef(id="rival", host="elsewhere", pid=1, started_at=utc_now())
    taken = claim(store, rival, only=session.id)
    assert taken is not None
    folder = output / session.id
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if "logs" not in path.parts}
    stopped.send_signal(signal.SIGCONT)
    # It leaves, and starts anew under the same lease.
    wait_for(lambda: read_lease(output, holder.id) is not None or stopped.poll() is not None, 60, "it left")
    time.sleep(1)
    after = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if "logs" not in path.parts}
    assert after == before
    state = store.get(session.id)
    assert (state.status, state.worker and state.worker.id) == (SessionStatus.IN_PROGRESS, "rival")
    lease.release()
    store.close()


def test_a_worker_on_a_disk_without_room_says_so_and_leaves(tmp_path: Path) -> None:
    limited = "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (1, 1)); "
    limited += "sys.argv = ['addon', 'serve']; runpy.run_module('addon', run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", limited],
        env=environment(tmp_path / "output"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 69
    assert "disk" in done.stderr
    assert "Traceback" not in done.stderr
