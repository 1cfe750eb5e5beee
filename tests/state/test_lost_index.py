"""The index taken away, torn or filled with rubbish while processes have it open: nothing of the sessions is lost."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from addon.models.api import GenerateRequest
from addon.models.base import utc_now
from addon.models.errors import IndexUnavailable
from addon.models.session import SessionStatus, WorkerRef
from addon.state.claims import claim
from addon.state.creation import create
from addon.state.recoverer import Recoverer
from addon.state.store import SessionStore

INDEX = ".index.sqlite3"
WORKER = WorkerRef(id="w", host="h", pid=1, started_at=utc_now())


def request(prompt: str = "a cup") -> GenerateRequest:
    return GenerateRequest(prompt=prompt)


def remove(output: Path, *suffixes: str) -> None:
    for suffix in suffixes:
        (output / (INDEX + suffix)).unlink()


def rubbish(output: Path) -> None:
    path = output / INDEX
    data = bytearray(path.read_bytes())
    data[100:] = b"\xa5" * (len(data) - 100)
    with path.open("r+b") as stream:
        stream.write(data)


def a_folder(output: Path) -> None:
    remove(output, "")
    (output / INDEX).mkdir()


def unreadable_rows(output: Path) -> None:
    with sqlite3.connect(output / INDEX) as connection:
        connection.execute("UPDATE sessions SET status = 'pendinf', created_at = 'yesterday'")
    connection.close()


def no_tables(output: Path) -> None:
    with sqlite3.connect(output / INDEX) as connection:
        connection.execute("DROP TABLE meta")
    connection.close()


def another_file(output: Path) -> None:
    shutil.copyfile(output / INDEX, output / "copy")
    (output / "copy").replace(output / INDEX)


DAMAGE: dict[str, Callable[[Path], None]] = {
    "file gone": lambda output: remove(output, ""),
    "log gone": lambda output: remove(output, "-wal"),
    "log's index gone": lambda output: remove(output, "-shm"),
    "all gone": lambda output: remove(output, "", "-wal", "-shm"),
    "truncated": lambda output: os.truncate(output / INDEX, 0),
    "log truncated": lambda output: os.truncate(output / (INDEX + "-wal"), 0),
    "rubbish": rubbish,
    "a folder": a_folder,
    "unreadable rows": unreadable_rows,
    "no tables": no_tables,
    "an older copy": another_file,
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_two_that_have_it_open_go_on_and_agree(store: SessionStore, output: Path, damage: str) -> None:
    other = SessionStore(output)
    other.open()
    made = {create(store, request()).session.id for _ in range(4)}
    made |= {create(other, request()).session.id for _ in range(4)}
    before = store.index.last_seq()
    Recoverer(store).scan()
    DAMAGE[damage](output)
    for each in (store, other, store, other):
        try:
            made.add(create(each, request()).session.id)
            each.page()
        except IndexUnavailable:
            pass  # not acknowledged
    for each in (other, store, other, store):
        if each.index.needs_scan:
            Recoverer(each).scan()
        each.page()
    for each in (store, other):
        assert {row.id for row in each.page(limit=100).rows} == made
        assert each.index.counts()[SessionStatus.PENDING] == len(made)
        assert not each.index.needs_scan
        made.add(create(each, request()).session.id)
        assert each.index.last_seq() > before, "numbers that were given out are not given out again"
    taken = [claim(each, WORKER) for each in (store, other) for _ in range(len(made) // 2)]
    assert len({session.id for session in taken if session}) == len(made) // 2 * 2
    other.close()


def test_a_process_that_was_killed_while_it_wrote_is_no_matter(store: SessionStore, output: Path) -> None:
    writer = (
        "import sys, pathlib\nfrom addon.state.store import SessionStore\n"
        "from addon.models.api import GenerateRequest\n"
        "store = SessionStore(pathlib.Path(sys.argv[1])); store.open()\n"
        "with store.index.transaction() as c:\n"
        "    c.execute('UPDATE sessions SET prompt = 1'); print('in it', flush=True); sys.stdin.read()\n"
    )
    session = create(store, request()).session
    process = subprocess.Popen(
        [sys.executable, "-c", writer, str(output)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None and process.stdout.readline() == b"in it\n"
    process.kill()
    process.communicate()
    assert create(store, request("another")).session.seq > session.seq
    assert store.row(session.id).prompt == "a cup"


def test_trouble_uses_up_no_files(store: SessionStore, output: Path) -> None:
    def opened() -> int:
        return len(list(Path("/dev/fd").iterdir()))

    create(store, request())
    a_folder(output)
    with pytest.raises(IndexUnavailable):
        store.page()
    before = opened()
    for _ in range(50):
        with pytest.raises(IndexUnavailable):
            store.page()
    assert opened() <= before


def test_an_older_state_file_put_back_counts_and_holds_nobody_up(store: SessionStore, output: Path) -> None:
    first, second = (create(store, request()).session for _ in range(2))
    old = output / first.id / "session_state.json"
    ended = first.model_copy(update={"status": SessionStatus.CANCELLED, "seq": 0, "completed_at": utc_now()})
    old.write_text(ended.model_dump_json())
    found = claim(store, WORKER)
    assert found is not None and found.id == second.id
    assert store.row(first.id).status is SessionStatus.CANCELLED
    old.write_text(first.model_copy(update={"seq": 0, "prompt": "as it was"}).model_dump_json())
    Recoverer(store).scan()
    assert (store.row(first.id).status, store.row(first.id).prompt) == (SessionStatus.PENDING, "as it was")


@pytest.mark.parametrize("damage", ["torn", "gone", "folder gone"])
def test_a_waiting_session_that_is_damaged_holds_nobody_up_and_is_judged(
    store: SessionStore, output: Path, damage: str
) -> None:
    first, second = (create(store, request()).session for _ in range(2))
    state = output / first.id / "session_state.json"
    if damage == "torn":
        state.write_bytes(state.read_bytes()[:40])
    else:
        state.unlink()
        if damage == "folder gone":
            state.parent.rmdir()
    found = claim(store, WORKER)
    assert found is not None and found.id == second.id
    assert store.index.needs_scan
    Recoverer(store).scan()
    assert store.page().total == (1 if damage == "folder gone" else 2)
    if damage != "folder gone":
        assert store.row(first.id).status is SessionStatus.FAILED


def orders(output: Path) -> set[str]:
    with sqlite3.connect(output / INDEX) as connection:
        found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
        return {name for (name,) in found}


def test_a_process_that_dies_while_it_fills_a_new_index_leaves_one_that_is_right_and_put_in_order_by_the_next(
    store: SessionStore, output: Path
) -> None:
    ids = [create(store, request()).session.id for _ in range(3)]
    usual = orders(output)
    store.close()
    remove(output, "")
    code = (
        "import os, sys; from pathlib import Path; from addon.state.store import SessionStore\n"
        "from addon.state.scanning import Tally, refresh_index\n"
        "store = SessionStore(Path(sys.argv[1])); store.open()\n"
        "put = store.index.put_many\n"
        "store.index.put_many = lambda *given: (put(*given), given[0].execute('COMMIT'), os._exit(9))\n"
        "refresh_index(store, Tally())"
    )
    died = subprocess.run([sys.executable, "-c", code, output], check=False)
    assert died.returncode == 9
    assert usual and not orders(output) & usual
    store.open()
    assert store.index.needs_scan
    late = create(store, request()).session.id
    assert [row.id for row in store.page().rows] == [late, *reversed(ids)]
    assert store.page(status=SessionStatus.PENDING, limit=1).total == 4
    Recoverer(store).scan()
    assert orders(output) == usual
    assert [row.id for row in store.page().rows] == [late, *reversed(ids)]
    assert store.page(status=SessionStatus.PENDING, limit=1).total == 4
