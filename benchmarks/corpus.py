"""Output folders with many sessions, as a long life leaves them: nine of ten completed, with sizes and hashes."""

import hashlib
import json
import uuid
from pathlib import Path

from addon.models.base import utc_now
from addon.models.session import Artifact, Session, SessionResult, SessionStatus, StageRecord, StageStatus, stages_for

__all__ = ["make_corpus"]


def make_corpus(output: Path, count: int, *, files: bool = False) -> list[str]:
    """Write ``count`` folders with a state file each; ``files``: with (empty-ish) artifacts too. Gives their ids."""
    names = []
    payload = b"x" * 100
    for number in range(count):
        session = _session(number, payload)
        folder = output / session.id
        folder.mkdir(parents=True)
        (folder / "session_state.json").write_text(session.model_dump_json(indent=1))
        if files and session.result:
            for artifact in session.result.artifacts:
                (folder / artifact.name).write_bytes(payload)
        names.append(session.id)
    return names


def _session(number: int, payload: bytes) -> Session:
    name = str(uuid.UUID(int=uuid.UUID("6ba7b810-9dad-41d1-80b4-00c04fd430c8").int + number * 7919))
    digest = hashlib.sha256(payload).hexdigest()
    artifacts = [
        Artifact(name=item, media_type="application/octet-stream", size=len(payload), sha256=digest)
        for item in ("scene.blend", "render.png", "concept.md", "plan.json")
    ]
    now = utc_now()
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
            StageRecord(name=stage, status=StageStatus.COMPLETED, started_at=now, completed_at=now)
            for stage in stages_for([])
        ],
        attempts=1,
        result=SessionResult(
            success=True,
            output_path=f"output/{name}/render.png",
            session_dir=f"output/{name}",
            artifacts=artifacts,
        )
        if ended
        else None,
    )


def parse_all(output: Path) -> int:
    """The bare loop: open, read and JSON-parse every state file."""
    count = 0
    for folder in output.iterdir():
        if folder.name.startswith("."):
            continue
        with open(f"{folder}/session_state.json", "rb") as stream:  # noqa: PTH123 - as bare as it gets
            json.loads(stream.read())
        count += 1
    return count
