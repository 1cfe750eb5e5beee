"""Making, reading and changing sessions; idempotency; lists; the index as something that can be lost."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from addon.models.api import GenerateRequest
from addon.models.base import utc_now
from addon.models.errors import (
    Conflict,
    FolderReadOnly,
    IdempotencyConflict,
    InvalidRequest,
    LeaseLost,
    QueueFull,
    UnknownSession,
)
from addon.models.session import SessionStatus, WorkerRef
from addon.state.claims import change_own, claim, finish, release, report_progress
from addon.state.creation import create
from addon.state.recoverer import Recoverer
from addon.state.requests import delete, request_cancel, retry
from addon.state.store import SessionStore


def request(prompt: str = "a cup") -> GenerateRequest:
    return GenerateRequest(prompt=prompt)


def worker(name: str = "w1") -> WorkerRef:
    return WorkerRef(id=name, host="somewhere", pid=1, started_at=utc_now())


def test_a_made_session_is_on_disk_and_in_the_index(store: SessionStore) -> None:
    session = create(store, request()).session
    state = json.loads((store.output / session.id / "session_state.json").read_bytes())
    assert state["status"] == "pending"
    assert state["seq"] == session.seq < store.row(session.id).seq <= store.index.last_seq()
    assert [stage["name"] for stage in state["stages"]] == ["concept", "builder", "texture", "render", "reviewer"]
    assert store.page().rows[0].id == session.id


def test_every_number_is_given_once_also_by_two_processes(store: SessionStore, output: Path) -> None:
    other = SessionStore(output)
    other.open()
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda number: create((store, other)[number % 2], request()).session, range(60)))
    rows = store.changes_since(0)
    numbers = [session.seq for session in made] + [row.seq for row in rows]
    assert len(set(numbers)) == len(numbers) == 120
    assert max(numbers) <= store.index.last_seq()
    other.close()


def test_the_same_key_is_the_same_session_also_from_many_threads_and_after_losing_the_index(
    store: SessionStore, output: Path
) -> None:
    with ThreadPoolExecutor(16) as pool:
        made = list(pool.map(lambda _: create(store, request(), idempotency_key="k"), range(64)))
    assert len({created.session.id for created in made}) == 1
    assert sum(not created.replayed for created in made) == 1
    with pytest.raises(IdempotencyConflict):
        create(store, request("another"), idempotency_key="k")
    store.close()
    (output / ".index.sqlite3").unlink()
    store.open()
    assert create(store, request(), idempotency_key="k").replayed


def test_a_session_whose_maker_died_before_its_row_is_run_when_it_is_asked_for_again(
    store: SessionStore, output: Path
) -> None:
    code = (
        "import os, sys; from pathlib import Path; from addon.models.api import GenerateRequest\n"
        "from addon.state.creation import create; from addon.state.store import SessionStore\n"
        "store = SessionStore(Path(sys.argv[1])); store.open()\n"
        "store.index_new = lambda session: os._exit(9)\n"
        "create(store, GenerateRequest(prompt='a cup'), idempotency_key='k')"
    )
    assert subprocess.run([sys.executable, "-c", code, output], check=False).returncode == 9
    assert claim(store, worker()) is None
    seen = store.index.last_seq()
    again = create(store, request(), idempotency_key="k")
    assert again.replayed
    assert [row.id for row in store.changes_since(seen)] == [again.session.id]
    taken = claim(store, worker())
    assert taken is not None and taken.id == again.session.id
    seen = store.index.last_seq()
    assert create(store, request(), idempotency_key="k").session.status is SessionStatus.IN_PROGRESS
    assert store.changes_since(seen) == []


def test_every_claim_goes_to_exactly_one_worker(store: SessionStore) -> None:
    ids = {create(store, request()).session.id for _ in range(40)}

    def take_all(name: str) -> list[str]:
        taken = []
        while (session := claim(store, worker(name))) is not None:
            taken.append(session.id)
        return taken

    with ThreadPoolExecutor(6) as pool:
        taken = [name for part in pool.map(take_all, "abcdef") for name in part]
    assert sorted(taken) == sorted(ids)


def test_the_oldest_waits_least(store: SessionStore) -> None:
    ids = [create(store, request()).session.id for _ in range(3)]
    assert [store.queue_position(name) for name in ids] == [0, 1, 2]
    first = claim(store, worker())
    assert first is not None and first.id == ids[0]
    assert store.queue_position(ids[0]) is None


def test_only_the_owner_changes_a_session(store: SessionStore) -> None:
    session = create(store, request()).session
    claim(store, worker("mine"))
    with pytest.raises(LeaseLost):
        change_own(store, session.id, "other", attempts=9)
    assert not report_progress(store, session.id, "other", 0.5, "…", None)
    assert report_progress(store, session.id, "mine", 0.5, "half", None)
    assert (store.row(session.id).progress, store.row(session.id).message) == (0.5, "half")
    release(store, session.id, "mine")
    assert store.get(session.id).attempts == 0
    with pytest.raises(LeaseLost):
        release(store, session.id, "mine")


def test_ends_are_final(store: SessionStore) -> None:
    session = create(store, request()).session
    claim(store, worker())
    finish(store, store.get(session.id), "w1", SessionStatus.CANCELLED, None)
    with pytest.raises(LeaseLost):
        finish(store, store.get(session.id), "w1", SessionStatus.COMPLETED, None)
    with pytest.raises(Conflict):
        request_cancel(store, session.id)
    again = retry(store, session.id)
    assert (again.retry_of, again.status) == (session.id, SessionStatus.PENDING)
    with pytest.raises(Conflict):
        retry(store, again.id)


def test_cancelling_what_waits_ends_it_and_what_runs_asks_its_worker(store: SessionStore) -> None:
    waiting, running = (create(store, request()).session.id for _ in range(2))
    assert request_cancel(store, waiting).status is SessionStatus.CANCELLED
    claim(store, worker())
    assert request_cancel(store, running).status is SessionStatus.IN_PROGRESS
    assert store.row(running).cancel_requested
    assert release(store, running, "w1").status is SessionStatus.CANCELLED


def test_deleting_moves_to_the_trash(store: SessionStore) -> None:
    session = create(store, request(), idempotency_key="k").session
    with pytest.raises(Conflict):
        delete(store, session.id)
    for _ in range(2):
        request_cancel(store, session.id)
        delete(store, session.id)
        with pytest.raises(UnknownSession):
            store.get(session.id)
        session = create(store, request(), idempotency_key="k").session
    assert len(list((store.output / ".trash").iterdir())) == 2


def test_pages_follow_each_other_and_count_all_that_match(store: SessionStore) -> None:
    ids = [create(store, request(f"prompt {number} 100%_")).session.id for number in range(7)]
    seen, cursor = [], None
    while True:
        page = store.page(limit=3, cursor=cursor)
        seen += [row.id for row in page.rows]
        assert page.total == 7
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == ids[::-1]
    assert store.page(q="prompt 3").total == 1
    assert store.page(q="%_").total == 7
    assert store.page(q="%%").total == 0
    assert store.page(status=SessionStatus.COMPLETED).rows == []
    for bad in ("x", "ÿ", "aGVsbG8", "'; DROP TABLE sessions; --"):
        with pytest.raises(InvalidRequest):
            store.page(cursor=bad)


def test_a_full_queue_accepts_nothing(output: Path) -> None:
    store = SessionStore(output, max_queue=2)
    store.open()
    for _ in range(2):
        create(store, request())
    with pytest.raises(QueueFull):
        create(store, request())
    assert len([path for path in output.iterdir() if path.is_dir() and path.name[0] != "."]) == 2
    store.close()


@pytest.mark.parametrize("name", ["..", "../x", "a/b", "", "-x", ".trash", "x" * 65, "a\0b", "é", "a\n"])
def test_what_is_no_id_is_unknown(store: SessionStore, name: str) -> None:
    asked = (partial(delete, store), partial(request_cancel, store))
    for call in (store.get, store.row, store.folder, store.artifact_kinds, *asked):
        with pytest.raises(UnknownSession):
            call(name)


def test_a_linked_folder_is_not_followed(store: SessionStore, tmp_path: Path) -> None:
    outside = create(store, request()).session.id
    (store.output / outside).rename(tmp_path / "outside")
    (store.output / "linked").symlink_to(tmp_path / "outside", target_is_directory=True)
    with pytest.raises(UnknownSession):
        store.get("linked")


@pytest.mark.parametrize("damage", ["deleted", "truncated", "zeroed", "garbage", "no tables", "lone wal"])
def test_a_lost_index_is_rebuilt_and_nothing_is_lost(store: SessionStore, output: Path, damage: str) -> None:
    ids = [create(store, request()).session.id for _ in range(20)]
    claim(store, worker())
    finish(store, store.get(ids[0]), "w1", SessionStatus.CANCELLED, None)
    highest = store.index.last_seq()
    store.close()
    index = output / ".index.sqlite3"
    if damage == "deleted":
        index.unlink()
    elif damage == "truncated":
        index.write_bytes(index.read_bytes()[:5000])
    elif damage == "zeroed":
        index.write_bytes(b"\0" * index.stat().st_size)
    elif damage == "garbage":
        data = bytearray(index.read_bytes())
        data[4096:] = b"\xa5" * (len(data) - 4096)
        index.write_bytes(bytes(data))
    elif damage == "no tables":
        index.write_bytes(b"")
    else:
        index.unlink()
        (output / ".index.sqlite3-wal").write_bytes(b"\x37\x7f\x06\x82" + b"\1" * 5000)
    store.open()
    Recoverer(store).scan()
    assert {row.id for row in store.page(limit=100).rows} == set(ids)
    assert store.index.counts()[SessionStatus.CANCELLED] == 1
    assert create(store, request()).session.seq > highest


def test_two_stores_see_each_others_changes(store: SessionStore, output: Path) -> None:
    other = SessionStore(output)
    other.open()
    before = store.index.data_version()
    session = create(other, request()).session
    assert store.index.data_version() != before
    seq = store.index.last_seq()
    request_cancel(other, session.id)
    assert [(row.id, row.status) for row in store.changes_since(seq)] == [(session.id, SessionStatus.CANCELLED)]
    other.close()


def test_totals_are_what_there_is_after_any_change_and_after_a_rebuild(store: SessionStore, output: Path) -> None:
    ids = [create(store, request()).session.id for _ in range(7)]
    running = claim(store, worker())
    ended = claim(store, worker())
    assert running is not None and ended is not None
    finish(store, ended, "w1", SessionStatus.FAILED, None)
    waiting = [name for name in ids if name not in (running.id, ended.id)]
    request_cancel(store, waiting[0])
    request_cancel(store, waiting[1])
    delete(store, waiting[1])
    expected = {"pending": 3, "in_progress": 1, "failed": 1, "cancelled": 1}

    def told() -> dict[str, int]:
        return {status.value: count for status, count in store.index.counts().items() if count}

    assert told() == expected
    assert store.page(status=SessionStatus.PENDING, limit=2).total == 3
    assert store.page(limit=1).total == 6
    store.close()
    (output / ".index.sqlite3").unlink()
    store.open()
    Recoverer(store).scan()  # its worker never had a lease: the running one waits again
    assert told() == {"pending": 4, "failed": 1, "cancelled": 1}
    create(store, request())
    assert told()["pending"] == 5


@pytest.mark.parametrize("place", ["file", "file/inside"])
def test_a_place_that_can_be_no_folder_is_told(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FolderReadOnly, match="there is a file"):
        SessionStore(tmp_path / place).open()
