"""A desk with its real worker: it makes sessions, goes on with them, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from addon.models.session import SessionStatus
from addon.state.creation import create
from addon.state.leases import leases
from addon.state.store import SessionStore
from addon.window.desk import Config, Desk
from addon.window.orders import Cancel, Generate, Refused, Retry
from addon.window.snapshot import DeskState, State

from .conftest import ROOT, SLOW, TINY, WORKER, wait_for

pytestmark = pytest.mark.blender


@pytest.fixture
def desk(store: SessionStore) -> Iterator[Desk]:
    desk = Desk(Config(store.output, WORKER))
    desk.open()
    wait_for(lambda: desk.snapshot.state is DeskState.OPEN, 30, "the desk is open")
    yield desk
    if desk._thread.is_alive():
        desk.close()


def workers(store: SessionStore) -> list[int]:
    """Worker processes of the folder that live."""
    pids = [lease.pid for lease in leases(store.output) if lease.kind == "worker"]
    return [pid for pid in pids if psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE]


def test_a_session_that_waits_is_made(store: SessionStore, desk: Desk) -> None:
    made = create(store, TINY).session
    wait_for(lambda: [line for line in desk.snapshot.lines if line.progress > 0], 60, "progress is shown")
    wait_for(lambda: store.get(made.id).is_terminal, 60, "it has ended")
    assert store.get(made.id).status is SessionStatus.COMPLETED
    (line,) = wait_for(lambda: [x for x in desk.snapshot.lines if x.state is State.COMPLETED], 10, "the panel knows")
    assert (line.folder / "render.png").is_file()
    desk.close()
    assert workers(store) == []
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("scenekeeper")]


def test_orders(store: SessionStore) -> None:
    desk = Desk(Config(store.output, (sys.executable, "-c", "pass")))
    desk.open()
    try:
        assert "Queued" in desk.submit(Generate("a red cube", "draft", 7)).result(30)
        (row,) = store.page().rows
        assert store.get(row.id).options.seed == 7
        assert desk.submit(Cancel(row.id)).result(30) == "Cancelled"
        assert store.get(row.id).status is SessionStatus.CANCELLED
        assert "Queued" in desk.submit(Retry(row.id)).result(30)
        assert store.page().rows[0].retry_of == row.id
        wait_for(lambda: desk.snapshot.total == 2, 10, "the panel shows both")
        for order in (Cancel(row.id), Cancel("none"), Generate(" ", "draft", 0)):
            with pytest.raises(Refused):
                desk.submit(order).result(30)
    finally:
        desk.close()
    assert store.index.counts()[SessionStatus.PENDING] == 1


def test_closing_in_the_middle_of_a_render_puts_the_session_back(store: SessionStore, desk: Desk) -> None:
    made = create(store, SLOW).session
    wait_for(lambda: "Sample" in store.row(made.id).message, 60, "it renders")
    assert workers(store)
    desk.close()
    assert workers(store) == []
    session = store.get(made.id)
    assert session.status is SessionStatus.PENDING
    assert session.attempts == 0


def test_the_worker_ends_with_a_window_that_is_killed(store: SessionStore, tmp_path: Path) -> None:
    made = create(store, SLOW).session
    script = tmp_path / "window.py"
    script.write_text(
        "import sys, time\n"
        "from pathlib import Path\n"
        "from addon.window.desk import Config, Desk\n"
        "Desk(Config(Path(sys.argv[1]), tuple(sys.argv[2:]))).open()\n"
        "time.sleep(600)\n"
    )
    window = subprocess.Popen([sys.executable, script, store.output, *WORKER], cwd=ROOT)
    try:
        wait_for(lambda: "Sample" in store.row(made.id).message, 60, "it renders")
        assert workers(store)
    finally:
        os.kill(window.pid, signal.SIGKILL)
        window.wait()
    wait_for(lambda: not workers(store), 5, "its worker has ended")
    desk = Desk(Config(store.output, (sys.executable, "-c", "import time; time.sleep(60)")))
    desk.open()
    wait_for(lambda: store.get(made.id).status is SessionStatus.PENDING, 30, "the next window takes it back")
    desk.close()
    assert store.get(made.id).attempts == 0


def test_a_folder_that_cannot_be_used_is_told_and_tried_again(tmp_path: Path) -> None:
    blocked = tmp_path / "output"
    blocked.write_text("a file, where the folder should be")
    desk = Desk(Config(blocked, WORKER))
    desk.open()
    try:
        wait_for(lambda: desk.snapshot.problem, 30, "the trouble is told")
        assert str(tmp_path) not in desk.snapshot.problem
        blocked.unlink()
        wait_for(lambda: desk.snapshot == type(desk.snapshot)(DeskState.OPEN), 30, "it goes on")
    finally:
        desk.close()
