"""Recovery of real folders: every row of the table, torn files, older versions, twice, and with dead processes."""

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from addon.models.api import GenerateRequest
from addon.models.base import utc_now
from addon.models.session import Session, SessionStatus, WorkerRef
from addon.state.claims import claim
from addon.state.creation import create
from addon.state.recoverer import Recoverer
from addon.state.store import SessionStore
from addon.state.verification import describe_artifact
from tests.folders import blend, png, session_folder, state_v1

OLD = {
    "id": "e4ea3146-4274-4f0b-bf89-55c579db741c", "status": "completed",
    "prompt": "generate an Under Armour 3d logo", "created_at": "2025-10-19T16:27:45.284568",
    "completed_at": "2025-10-19T17:16:23.000000",
    "result": {"success": True, "output_path": "/path/to/render.png", "session_dir": "/path/to/session"},
}  # fmt: skip


def recovered(store: SessionStore, name: str) -> Session:
    Recoverer(store).scan()
    first = store.get(name)
    before = {path: path.read_bytes() for path in (store.output / name).rglob("*") if path.is_file()}
    assert Recoverer(store).scan().recovered == 0, "a second scan finds nothing to do"
    assert before == {path: path.read_bytes() for path in (store.output / name).rglob("*") if path.is_file()}
    assert store.row(name).status is first.status
    return first


def dead_worker() -> dict[str, Any]:
    process = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], stdout=subprocess.PIPE, check=True
    )
    now = utc_now().isoformat()
    return {"id": "gone", "host": socket.gethostname(), "pid": int(process.stdout), "started_at": now}


def in_progress(name: str, **fields: Any) -> dict[str, Any]:
    return state_v1(name, status="in_progress", attempts=1, worker=dead_worker(), **fields)


ME = WorkerRef(id="me", host="somewhere", pid=1, started_at=utc_now())
DIES_BEFORE_THE_INDEX = (
    "import os, sys; from pathlib import Path; from addon.state.store import SessionStore\n"
    "from addon.state.claims import finish; from addon.models.session import SessionStatus\n"
    "store = SessionStore(Path(sys.argv[1])); store.open()\n"
    "store.index.put = lambda *given: os._exit(9)\n"
    "finish(store, store.get(sys.argv[2]), 'me', SessionStatus.CANCELLED, None)"
)

BAD_STATES = {
    "empty": b"",
    "zeroed": b"\0" * 500,
    "truncated": json.dumps(state_v1("x")).encode()[:200],
    "a list": b"[]",
    "a number": b"1",
    "an empty object": b"{}",
    "of the future": json.dumps(state_v1("x") | {"schema_version": 99}).encode(),
    "not UTF-8": b"\xff\xfe{}",
    "deep": b"[" * 100_000,
    "wrong types": json.dumps(state_v1("x") | {"created_at": [], "stages": 7}).encode(),
}


@pytest.mark.parametrize("kind", ["missing", *BAD_STATES])
def test_a_finished_scene_without_a_readable_state_is_completed(store: SessionStore, kind: str) -> None:
    content = BAD_STATES.get(kind)
    folder = session_folder(store.output, "s", content, scene_blend=blend(), render_png=png())
    session = recovered(store, "s")
    assert session.status is SessionStatus.COMPLETED
    assert session.recovered_from_disk
    assert session.result is not None and session.result.output_path == "output/s/render.png"
    assert json.loads((folder / "session_state.json").read_bytes())["status"] == "completed"
    kept = [path.read_bytes() for path in folder.glob("session_state.json.corrupt-*")]
    assert kept == ([] if content is None else [content])


@pytest.mark.parametrize(
    "torn",
    [
        {"render_png": png()[:-20]},
        {"render_png": b"\0" * 300},
        {"scene_blend": blend()[:-10]},
        {"scene_blend": b"\0" * 300},
        {"scene_blend": b""},
    ],
    ids=["half a png", "zeroed png", "half a blend", "zeroed blend", "empty blend"],
)
def test_a_torn_file_is_not_a_finished_scene(store: SessionStore, torn: dict[str, bytes]) -> None:
    session_folder(store.output, "s", None, **{"scene_blend": blend(), "render_png": png()} | torn)
    session = recovered(store, "s")
    assert session.status is SessionStatus.FAILED
    assert session.result is not None and session.result.error_code == "unrecognised"


def test_the_newest_whole_render_of_an_older_version_counts(store: SessionStore) -> None:
    folder = session_folder(store.output, "s", None, scene_blend=blend())
    (folder / "renders").mkdir()
    for number, content in enumerate([png(shade=1), png(shade=2), png()[:30]], start=1):
        path = folder / "renders" / f"render_iter{number}.png"
        path.write_bytes(content)
        os.utime(path, (1000 * number, 1000 * number))
    session = recovered(store, "s")
    assert session.result is not None
    assert session.result.output_path == "output/s/renders/render_iter2.png"
    assert store.artifact("s", "render").path.name == "render_iter2.png"


def test_a_concept_becomes_failed_on_its_own_after_30_minutes(store: SessionStore) -> None:
    folder = session_folder(store.output, "s", None, concept_md=b"# A scene")
    recoverer = Recoverer(store)
    recoverer.scan()
    assert store.row("s").status is SessionStatus.IN_PROGRESS
    assert [path.name for path in folder.iterdir()] == ["concept.md"]
    aged = time.time() - 31 * 60
    os.utime(folder / "concept.md", (aged, aged))
    recoverer.sweep()
    assert store.row("s").status is SessionStatus.FAILED
    assert store.get("s").result.error_code == "abandoned"  # type: ignore[union-attr]


def test_a_folder_that_nobody_knows_is_failed_and_untouched(store: SessionStore) -> None:
    folder = session_folder(store.output, "holiday_pictures", None, beach_jpg=b"\xff\xd8")
    session = recovered(store, "holiday_pictures")
    assert session.result is not None and session.result.error_code == "unrecognised"
    assert [path.name for path in folder.iterdir()] == ["beach.jpg"]


def test_other_things_in_the_folder_are_left_alone(store: SessionStore) -> None:
    (store.output / ".cache").mkdir()
    (store.output / "with space").mkdir()
    (store.output / "notes.txt").write_text("mine")
    (store.output / "link").symlink_to(store.output / ".cache")
    Recoverer(store).scan()
    assert store.page().total == 0


def test_an_older_versions_session_loads_and_is_migrated_when_it_is_written(store: SessionStore) -> None:
    folder = session_folder(store.output, OLD["id"], OLD, render_png=png(), scene_blend=blend())
    session = recovered(store, OLD["id"])
    assert session.status is SessionStatus.COMPLETED
    assert session.result is not None
    assert session.result.output_path == f"output/{OLD['id']}/render.png"
    assert session.created_at.isoformat() == "2025-10-19T16:27:45.284568+00:00"
    assert json.loads((folder / "session_state.json").read_bytes()) == OLD, "reading writes nothing"
    written = store.update(session.id, lambda session: session)
    state = json.loads((folder / "session_state.json").read_bytes())
    assert state["schema_version"] == 1 and state["seq"] == written.seq
    assert state["created_at"] == "2025-10-19T16:27:45.284568Z"


@pytest.mark.parametrize("word", ["created", "running", "processing", "incomplete", "in_progress"])
@pytest.mark.parametrize("finished", [True, False])
def test_unfinished_words_of_older_versions_are_judged_by_the_files(
    store: SessionStore, word: str, finished: bool
) -> None:
    files = {"scene_blend": blend(), "render_png": png()} if finished else {"concept_md": b"#"}
    session_folder(store.output, "s", {"id": "s", "status": word, "prompt": "a cup"}, **files)
    assert recovered(store, "s").status is (SessionStatus.COMPLETED if finished else SessionStatus.PENDING)


def with_checkpoints(output: Path, name: str, done: list[str], **fields: Any) -> Path:
    """An interrupted session with checkpoints of its first stages."""
    folder = session_folder(output, name)
    stages = []
    for stage in ("concept", "builder", "render"):
        record: dict[str, Any] = {"name": stage, "status": "pending"}
        if stage in done:
            made = {"concept": {"concept.md": b"#", "plan.json": b"{}"}, "builder": {"scene.blend": blend()}}
            place = folder / "checkpoints" / stage
            place.mkdir(parents=True)
            for file, content in made.get(stage, {"render.png": png()}).items():
                (place / file).write_bytes(content)
            names = [f"checkpoints/{stage}/{path.name}" for path in sorted(place.iterdir())]
            artifacts = [describe_artifact(folder, item).model_dump() for item in names]
            record |= {"status": "completed", "artifacts": artifacts}
        stages.append(record)
    state = in_progress(name, stages=stages, agents=["concept", "builder", "render"]) | fields
    (folder / "session_state.json").write_text(json.dumps(state))
    return folder


def test_a_dead_workers_session_goes_on_from_its_last_verified_checkpoint(store: SessionStore) -> None:
    folder = with_checkpoints(store.output, "s", ["concept", "builder"])
    session = recovered(store, "s")
    assert (session.status, session.worker) == (SessionStatus.PENDING, None)
    assert [record.status.value for record in session.stages] == ["completed", "completed", "pending"]
    damaged = folder / "checkpoints" / "builder" / "scene.blend"
    damaged.write_bytes(blend()[:-1])
    store.update("s", lambda session: session.model_copy(update={"status": SessionStatus.IN_PROGRESS}))
    state = json.loads((folder / "session_state.json").read_bytes())
    (folder / "session_state.json").write_text(json.dumps(state | {"worker": dead_worker()}))
    session = recovered(store, "s")
    assert [record.status.value for record in session.stages] == ["completed", "pending", "pending"]


def test_a_worker_that_died_after_its_last_checkpoint_has_completed(store: SessionStore) -> None:
    folder = with_checkpoints(store.output, "s", ["concept", "builder", "render"])
    session = recovered(store, "s")
    assert session.status is SessionStatus.COMPLETED
    assert sorted(path.name for path in folder.iterdir() if path.is_file()) == [
        "concept.md", "plan.json", "render.png", "scene.blend", "session_state.json",
    ]  # fmt: skip
    assert not (folder / "checkpoints").exists()


def test_what_a_worker_wrote_last_is_told_to_listeners_who_have_gone_on(store: SessionStore, output: Path) -> None:
    session = create(store, GenerateRequest(prompt="a cup")).session
    claim(store, ME)
    died = subprocess.run([sys.executable, "-c", DIES_BEFORE_THE_INDEX, output, session.id], check=False)
    assert died.returncode == 9
    assert store.read_file(session.id).status is SessionStatus.CANCELLED
    assert store.row(session.id).status is SessionStatus.IN_PROGRESS
    for _ in range(3):
        create(store, GenerateRequest(prompt="another"))
    seen = store.index.last_seq()
    Recoverer(store).recover_worker(ME.id)
    assert [(row.id, row.status) for row in store.changes_since(seen)] == [(session.id, SessionStatus.CANCELLED)]
    seen = store.index.last_seq()
    Recoverer(store).scan()
    assert store.changes_since(seen) == [], "and once only"


def test_three_deaths_at_one_stage_are_enough_and_the_log_tells(store: SessionStore) -> None:
    folder = with_checkpoints(store.output, "s", ["concept"], attempts=3)
    (folder / "logs").mkdir()
    (folder / "logs" / "session.log").write_text("x" * 9000 + "\nSegmentation fault\n")
    session = recovered(store, "s")
    assert session.status is SessionStatus.FAILED
    assert session.result is not None
    assert session.result.error_code == "crashed_repeatedly"
    assert session.result.log_tail is not None
    assert session.result.log_tail.endswith("Segmentation fault\n") and len(session.result.log_tail) == 4000


def test_a_living_workers_session_is_left_alone_and_taken_over_when_it_dies(store: SessionStore) -> None:
    held = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, pathlib\n"
            "from addon.state.leases import Lease\n"
            "lease = Lease.acquire(pathlib.Path(sys.argv[1]), 'worker', lease_id='lives')\n"
            "print('held', flush=True)\nsys.stdin.read()",
            str(store.output),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert held.stdout is not None and held.stdout.readline() == b"held\n"
    worker = {"id": "lives", "host": "any-host", "pid": 1, "started_at": utc_now().isoformat()}
    session_folder(store.output, "s", state_v1("s", status="in_progress", attempts=1, worker=worker))
    try:
        assert recovered(store, "s").status is SessionStatus.IN_PROGRESS
    finally:
        held.kill()
        held.communicate()
    assert Recoverer(store).sweep().recovered == 1
    assert store.get("s").status is SessionStatus.PENDING


def test_a_process_with_the_dead_workers_number_is_not_the_worker(store: SessionStore) -> None:
    worker = {"id": "gone", "host": socket.gethostname(), "pid": os.getpid(), "started_at": "2020-01-01T00:00:00Z"}
    session_folder(store.output, "s", state_v1("s", status="in_progress", worker=worker))
    assert recovered(store, "s").status is SessionStatus.PENDING


def test_lost_artifacts_are_noted_once_and_the_end_stays(store: SessionStore) -> None:
    folder = session_folder(store.output, "s", None, scene_blend=blend(), render_png=png())
    Recoverer(store).scan()
    (folder / "render.png").write_bytes(png()[:40])
    session = recovered(store, "s")
    assert session.status is SessionStatus.COMPLETED
    assert session.recovery[-1].evidence == {"missing_or_changed": ["render.png"]}


def test_folders_taken_away_by_hand_leave_the_list(store: SessionStore) -> None:
    folder = session_folder(store.output, "s", state_v1("s"))
    Recoverer(store).scan()
    (folder / "session_state.json").unlink()
    folder.rmdir()
    Recoverer(store).scan()
    assert store.page().total == 0
