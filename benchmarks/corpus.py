"""Output folders with many sessions, as a long life leaves them: nine of ten completed, with sizes and hashes.

The state files have the length of real ones (3.5 KB) and the artifacts are there, but tiny: what is measured on such
a folder opens state files and asks for the size of artifacts, and never reads those.
"""

import datetime
import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from addon.models.base import utc_now
from addon.models.session import (
    Artifact,
    Session,
    SessionResult,
    SessionStatus,
    StageName,
    StageRecord,
    StageStatus,
    stages_for,
)

__all__ = ["INDEX_FILES", "drop_index", "make_corpus", "parse_all", "temporary_folder"]

INDEX_FILES = ".index.sqlite3*"
_PAYLOAD = b"x" * 100
_MADE_BY = {
    StageName.CONCEPT: ("plan.json",),
    StageName.RENDER: ("scene.blend", "render.png"),
    StageName.REVIEWER: ("concept.md",),
}
_ARTIFACTS = tuple(name for names in _MADE_BY.values() for name in names)


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder on the disk that temporary files are on, removed at the end."""
    folder = Path(mkdtemp(prefix="scenekeeper-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def make_corpus(output: Path, count: int) -> list[str]:
    """Write ``count`` folders with a state file each and, where completed, artifacts. Gives their ids, oldest first."""
    names = []
    first = utc_now() - datetime.timedelta(minutes=count)
    for number in range(count):
        session = _session(number, first + datetime.timedelta(minutes=number))
        folder = f"{output}/{session.id}"
        os.makedirs(folder)  # noqa: PTH103 - 100,000 times
        _write(f"{folder}/session_state.json", session.model_dump_json(indent=1).encode())
        for artifact in session.result.artifacts if session.result else ():
            _write(f"{folder}/{artifact.name}", _PAYLOAD)
        names.append(session.id)
    return names


def _write(path: str, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    os.write(descriptor, data)
    os.close(descriptor)


def _session(number: int, now: datetime.datetime) -> Session:
    # Random ids, as real ones are, and the same in every run.
    name = str(uuid.UUID(bytes=hashlib.md5(str(number).encode()).digest(), version=4))
    ended = number % 10 != 0
    return Session(
        seq=number + 1,
        id=name,
        status=SessionStatus.COMPLETED if ended else SessionStatus.CANCELLED,
        prompt=f"{number % 9 + 1} red chairs and a small blue vase on a round wooden table, take {number}",
        created_at=now,
        updated_at=now,
        started_at=now,
        completed_at=now,
        stages=[
            StageRecord(
                name=stage,
                status=StageStatus.COMPLETED if ended else StageStatus.PENDING,
                started_at=now,
                completed_at=now,
                artifacts=_artifacts(_MADE_BY.get(stage, ())) if ended else [],
            )
            for stage in stages_for([])
        ],
        attempts=1,
        result=SessionResult(
            success=True,
            output_path=f"output/{name}/render.png",
            session_dir=f"output/{name}",
            artifacts=_artifacts(_ARTIFACTS),
        )
        if ended
        else None,
    )


_DIGEST = hashlib.sha256(_PAYLOAD).hexdigest()


def _artifacts(names: tuple[str, ...]) -> list[Artifact]:
    return [
        Artifact(name=name, media_type="application/octet-stream", size=len(_PAYLOAD), sha256=_DIGEST) for name in names
    ]


def drop_index(output: Path) -> None:
    """Delete the index, as a person may; nobody may have it open."""
    for path in output.glob(INDEX_FILES):
        path.unlink()


def parse_all(output: Path) -> int:
    """The bare loop: open, read and JSON-parse every state file. Gives how many."""
    count = 0
    for folder in output.iterdir():
        if folder.name.startswith("."):
            continue
        with open(f"{folder}/session_state.json", "rb") as stream:  # noqa: PTH123 - as bare as it gets
            json.loads(stream.read())
        count += 1
    return count
