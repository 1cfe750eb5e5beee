"""Run as a program: dies by SIGKILL before and after every single step of writing, one fork each, and checks.

Prints the number of steps. Exits non-zero with the reason where a state file was neither the old one nor the new one,
something acknowledged was lost, or recovery did not settle.
"""

import itertools
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from addon.models.api import GenerateRequest
from addon.models.base import utc_now
from addon.models.errors import StateUnreadable
from addon.models.session import Session, SessionStatus, StageRecord, StageStatus, WorkerRef
from addon.state import files
from addon.state.artifacts import finished_result, public_artifacts, publish
from addon.state.claims import change_own, claim, finish, with_stage
from addon.state.creation import create
from addon.state.folders import CHECKPOINTS
from addon.state.migration import parse_state
from addon.state.recoverer import Recoverer
from addon.state.store import SessionStore
from addon.state.verification import describe_artifact
from tests.folders import blend, png

STEPS = ("write_all", "fsync", "replace")


def die_at(number: int, *, half: bool) -> Callable[[], int]:
    """Make the process kill itself at the ``number``-th step; ``half``: after half of a write instead of before it."""
    count = itertools.count()
    seen = 0

    def wrap(name: str) -> None:
        real = getattr(files, name)

        def step(*arguments: object) -> object:
            nonlocal seen
            seen = next(count) + 1
            if seen - 1 == number:
                if half and name == "write_all":
                    descriptor, data = arguments
                    os.write(descriptor, data[: len(data) // 2])  # type: ignore[arg-type, index]
                elif half:
                    real(*arguments)
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments)

        setattr(files, name, step)

    for name in STEPS:
        wrap(name)
    return lambda: seen


def life(output: Path, tell: Callable[[str], None]) -> None:
    """A session's whole life, telling what was acknowledged, and one that recovery takes back on the way."""
    store = SessionStore(output)
    store.open()
    for prompt in ("one", "two"):
        tell(create(store, GenerateRequest(prompt=prompt, agents=["render"]), idempotency_key=prompt).session.id)
    tell(_with_a_file(store))
    me = WorkerRef(id="w", host="h", pid=1, started_at=utc_now())
    session = claim(store, me)
    assert session is not None
    for record in session.stages:
        folder = output / session.id / CHECKPOINTS / record.name.value
        folder.mkdir(parents=True)
        for name, content in {"scene.blend": blend(), "render.png": png(), "concept.md": b"#"}.items():
            files.write_durably(folder / name, content)
        names = [f"{CHECKPOINTS}/{record.name.value}/{path.name}" for path in sorted(folder.iterdir())]
        done = StageRecord(
            name=record.name,
            status=StageStatus.COMPLETED,
            artifacts=[describe_artifact(output / session.id, name) for name in names],
        )
        session = change_own(store, session.id, "w", stages=with_stage(session, done))
        publish(output / session.id, session)
    result = finished_result(output / session.id, render="render.png", warnings=[])
    finish(store, session, "w", SessionStatus.COMPLETED, result)
    claim(store, me)
    Recoverer(store).recover_worker("w")
    store.close()


def _with_a_file(store: SessionStore) -> str:
    """A session whose file came first and was kept for it."""
    receiving = store.uploads.receive()
    staging = receiving.begin()
    receiving.write(staging, png())
    receiving.end(staging, "a.png", None)
    (kept,) = receiving.keep()
    found = store.uploads.find(kept.upload_id)
    assert found is not None
    return create(store, GenerateRequest(prompt="three"), uploads=[found], idempotency_key="three").session.id


def check(output: Path, acknowledged: list[str]) -> None:
    """After a death: everything parses, nothing acknowledged is lost, recovery settles and can be run again."""
    for path in output.glob("*/session_state.json"):
        try:
            # Staging folders (".new-…") are no sessions yet, but what is in them is never torn either.
            parse_state(path.read_bytes(), path.parent.name.lstrip(".")[:36])
        except StateUnreadable as error:
            raise SystemExit(f"a torn state file: {error}") from error
    store = SessionStore(output)
    store.open()
    Recoverer(store).scan()
    for session_id in acknowledged:
        session = store.get(session_id)
        _check_files(store, session)
        if session.status not in (SessionStatus.PENDING, SessionStatus.COMPLETED):
            raise SystemExit(f"{session.prompt} became {session.status}")
        if session.status is SessionStatus.COMPLETED:
            assert session.result is not None
            assert {item.name for item in session.result.artifacts} == {"scene.blend", "render.png", "concept.md"}
        elif any(record.status is StageStatus.COMPLETED for record in session.stages):
            assert public_artifacts(session)
    if Recoverer(store).scan().recovered:
        raise SystemExit("a second recovery found something to do")
    left = [path for path in output.glob("*/.*.tmp") if path.parent.name[0] != "."]
    busy = [path for path in left if store.get(path.parent.name).is_terminal]
    if busy:
        raise SystemExit(f"{len(busy)} temporary files of an ended session were left")
    store.close()


def _check_files(store: SessionStore, session: Session) -> None:
    """A session's files are there and whole, and so is what is kept for others."""
    if session.prompt == "three" and not session.uploads:
        raise SystemExit("a file was lost")
    for upload in session.uploads:
        if files.file_sha256(store.folder(session.id) / upload.file) != upload.sha256:
            raise SystemExit(f"{upload.file} is torn")
    for kept in store.output.glob(".uploads/[!.]*"):
        if store.uploads.find(kept.name) is None:
            raise SystemExit("a kept upload is not whole")


def run(root: Path, number: int, *, half: bool) -> bool:
    """One life and one death. False: the life came to its end before step ``number``."""
    output = root / f"{number}-{half}"
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        seen = die_at(number, half=half)
        life(output, lambda name: os.write(writer, f"{name}\n".encode()) and None)
        os._exit(0 if seen() <= number else 3)
    os.close(writer)
    with os.fdopen(reader) as stream:
        acknowledged = stream.read().split()
    _, status = os.waitpid(pid, 0)
    if not os.WIFSIGNALED(status):
        if os.WEXITSTATUS(status):
            raise SystemExit(f"the life failed with {os.WEXITSTATUS(status)}")
        return False
    check(output, acknowledged)
    return True


def main() -> None:
    root = Path(sys.argv[1])
    deaths = 0
    for half in (False, True):
        for number in itertools.count():
            if not run(root, number, half=half):
                break
            deaths += 1
    print(deaths)


if __name__ == "__main__":
    main()
