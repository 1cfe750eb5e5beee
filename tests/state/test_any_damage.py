"""Whatever lies in an output folder: a scan comes to its end, good sessions stay as they are, and a second finds peace.

Each round damages random files of some sessions in random ways, with a seed that the failure names.
"""

import json
import os
import random
import socket
import string
from collections.abc import Callable
from pathlib import Path

import pytest

from addon.models.errors import UnknownSession
from addon.models.session import SessionStatus
from addon.server.views import summary_from_row, view_from_session
from addon.state.artifacts import artifact_kinds
from addon.state.recoverer import Recoverer
from addon.state.store import SessionStore
from tests.folders import blend, png, session_folder, state_v1

WORKER = {"id": "gone", "host": "elsewhere", "pid": 1, "started_at": "2026-01-01T00:00:00.000000Z"}
STATUSES = ("pending", "in_progress", "completed", "failed", "cancelled")


def make(output: Path, name: str, status: str) -> None:
    result = None
    if status in ("completed", "failed"):
        result = {"success": status == "completed", "session_dir": f"output/{name}", "warnings": []}
    state = state_v1(
        name,
        status=status,
        prompt=f"a cup of {name}",
        worker=WORKER if status == "in_progress" else None,
        result=result,
        started_at="2026-01-02T03:04:05.000006Z",
    )
    folder = session_folder(
        output, name, state, scene_blend=blend(), render_png=png(), concept_md=b"# A cup", plan_json=b'{"prompt": "a"}'
    )
    (folder / "logs").mkdir()
    (folder / "logs" / "session.log").write_text("begins\n")


def flip(path: Path, moments: random.Random) -> None:
    data = bytearray(path.read_bytes())
    for _ in range(moments.randint(1, 8)):
        data[moments.randrange(len(data))] ^= 1 << moments.randrange(8)
    path.write_bytes(bytes(data))


def cut(path: Path, moments: random.Random) -> None:
    path.write_bytes(path.read_bytes()[: moments.randrange(path.stat().st_size)])


def zeros(path: Path, moments: random.Random) -> None:
    path.write_bytes(b"\0" * path.stat().st_size)


def swap(path: Path, moments: random.Random) -> None:
    other = moments.choice([entry for entry in path.parent.iterdir() if entry.is_file() and not entry.is_symlink()])
    content, others = path.read_bytes(), other.read_bytes()
    path.write_bytes(others)
    other.write_bytes(content)


def folder(path: Path, moments: random.Random) -> None:
    path.unlink()
    path.mkdir()
    if moments.random() < 0.5:
        (path / "inside").write_text("x")


def link(path: Path, moments: random.Random) -> None:
    path.unlink()
    path.symlink_to(moments.choice(["/etc/passwd", "/dev/zero", path.name, "..", "nothing", "/proc/self/mem"]))


def pipe(path: Path, moments: random.Random) -> None:
    path.unlink()
    os.mkfifo(path)


def listener(path: Path, moments: random.Random) -> None:
    path.unlink()
    here = Path.cwd()
    os.chdir(path.parent)  # a socket's name must be short
    try:
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(path.name)
    finally:
        os.chdir(here)


def closed(path: Path, moments: random.Random) -> None:
    path.chmod(0)


def huge(path: Path, moments: random.Random) -> None:
    os.truncate(path, 100 << 20)  # with a hole: it takes no room


def odd_time(path: Path, moments: random.Random) -> None:
    when = moments.choice([-(2**31), 0, 2**33, 4_000_000_000])
    os.utime(path, (when, when))


def odd_field(path: Path, moments: random.Random) -> None:
    state = path.parent / "session_state.json"
    if not state.is_file() or state.is_symlink():
        return
    try:
        document = json.loads(state.read_bytes())
        name = moments.choice(list(document))
    except (ValueError, IndexError, TypeError, PermissionError):
        return
    values = [None, True, -1, 2**63, 10**40, 1.5, "", "x" * 5000, "\ud800", "0001-01-01T00:00:00+14:00", [], {}]
    values += [[1], {"a": 1}, "0000-13-99T99:99:99.000000Z", "9999-12-31T23:59:59.999999Z", "../../etc/passwd"]
    document[name] = moments.choice(values)
    state.write_text(json.dumps(document))


def names(path: Path, moments: random.Random) -> None:
    odd = "".join(moments.choices(string.printable.replace("/", "") + "é\u202e", k=20))
    (path.parent / odd).write_text("x")
    (path.parent.parent / os.fsdecode(odd.encode() + b"\xff")).mkdir(exist_ok=True)


def gone(path: Path, moments: random.Random) -> None:
    path.unlink()


DAMAGE: tuple[Callable[[Path, random.Random], None], ...] = (
    flip, cut, zeros, swap, folder, link, pipe, listener, closed, huge, odd_time, odd_field, odd_field, names, gone,
)  # fmt: skip


@pytest.mark.timeout(60)
@pytest.mark.parametrize("seed", range(30))
def test_damage_stays_where_it_is(tmp_path: Path, seed: int) -> None:
    moments = random.Random(seed)
    output = tmp_path / "output"
    output.mkdir()
    good = {f"good-{number}": STATUSES[number % 5] for number in range(10) if number % 5 != 1}
    for name, status in good.items():
        make(output, name, status)
    for number in range(12):
        make(output, f"bad-{number}", moments.choice(STATUSES))
    store = SessionStore(output)
    store.open()
    if seed % 2:
        Recoverer(store).scan()
    for number in range(12):
        for _ in range(moments.randint(1, 4)):
            files = [path for path in (output / f"bad-{number}").rglob("*") if path.is_file() and path.stat().st_size]
            plain = [path for path in files if not path.is_symlink() and path.stat().st_size < 1 << 20]
            if plain:
                state = output / f"bad-{number}" / "session_state.json"
                target = state if state in plain and moments.random() < 0.5 else moments.choice(sorted(plain))
                moments.choice(DAMAGE)(target, moments)
    recoverer = Recoverer(store)
    recoverer.scan()
    recoverer.sweep()
    second = recoverer.scan()
    assert second.recovered == 0, second.sessions
    rows = {row.id: row for row in store.page(limit=1000).rows}
    assert {name: rows[name].status.value for name in good} == good
    assert all(rows[name].prompt == f"a cup of {name}" for name in good)
    assert set(rows) == {f"bad-{number}" for number in range(12)} | set(good)
    assert not any(row.status is SessionStatus.IN_PROGRESS and row.worker_id for row in rows.values())
    for name, row in rows.items():
        summary_from_row(row).model_dump_json()
        try:
            session = store.get(name)
        except UnknownSession:
            continue
        kinds = artifact_kinds(store.folder(name), session)
        view_from_session(session, row, queue_position=None, kinds=kinds).model_dump_json()
    store.close()
