"""One row a session: what lists, filters, totals and claims need. Between the index and everything above it."""

import json
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from ..models.base import rfc3339
from ..models.session import Session, SessionResult, SessionStatus, StageName

__all__ = [
    "COLUMNS",
    "INSERT_NEW",
    "MESSAGES",
    "SELECT",
    "UPSERT",
    "Page",
    "SessionRow",
    "message_of",
    "row_from_session",
    "row_from_sql",
    "row_to_sql",
    "session_from_row",
    "time_text",
]


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session as the index knows it. ``result`` is without artifacts; ``sizes`` are theirs: (name, bytes)."""

    id: str
    seq: int
    status: SessionStatus
    prompt: str
    created_at: datetime
    updated_at: datetime
    started_at: datetime | None = None
    completed_at: datetime | None = None
    current_stage: StageName | None = None
    progress: float = 0.0
    message: str = ""
    worker_id: str | None = None
    attempts: int = 0
    retry_of: str | None = None
    recovered_from_disk: bool = False
    cancel_requested: bool = False
    result: SessionResult | None = None
    sizes: tuple[tuple[str, int], ...] = ()
    file_mtime_ns: int | None = None
    file_size: int | None = None


COLUMNS = tuple(field.name for field in fields(SessionRow))
_COLUMN_LIST = ", ".join(COLUMNS)
SELECT = f"SELECT {_COLUMN_LIST} FROM sessions"  # noqa: S608 - names of ours
_INSERT = f"INSERT INTO sessions ({_COLUMN_LIST}) VALUES ({', '.join('?' * len(COLUMNS))}) "  # noqa: S608 - as above
_EVERY = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS[1:])
UPSERT = f"{_INSERT} ON CONFLICT (id) DO UPDATE SET {_EVERY} WHERE excluded.seq >= sessions.seq"
INSERT_NEW = f"{_INSERT} ON CONFLICT (id) DO UPDATE SET seq = excluded.seq WHERE sessions.seq = ?"

MESSAGES = {
    SessionStatus.PENDING: "Waiting in the queue",
    SessionStatus.IN_PROGRESS: "Working",
    SessionStatus.COMPLETED: "Finished",
    SessionStatus.FAILED: "Failed",
    SessionStatus.CANCELLED: "Cancelled",
}
"""What people read of a session that tells nothing of its own."""


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list, newest first."""

    rows: list[SessionRow]
    total: int
    next_cursor: str | None


def time_text(value: datetime | None) -> str | None:
    """RFC 3339 in UTC with microseconds: sorts as text as it does in time."""
    return None if value is None else rfc3339(value)


def row_from_session(session: Session, *, mtime_ns: int | None, size: int | None) -> SessionRow:
    """What the index keeps of a session file with that modification time (ns) and size (bytes)."""
    result = session.result
    return SessionRow(
        id=session.id,
        seq=session.seq,
        status=session.status,
        prompt=session.prompt,
        created_at=session.created_at,
        updated_at=session.updated_at,
        started_at=session.started_at,
        completed_at=session.completed_at,
        current_stage=session.current_stage,
        progress=1.0 if session.status is SessionStatus.COMPLETED else 0.0,
        message=message_of(session),
        worker_id=session.worker.id if session.worker else None,
        attempts=session.attempts,
        retry_of=session.retry_of,
        recovered_from_disk=session.recovered_from_disk,
        cancel_requested=session.cancel_requested_at is not None,
        result=None if result is None else result.model_copy(update={"artifacts": []}),
        sizes=tuple((artifact.name, artifact.size) for artifact in result.artifacts) if result else (),
        file_mtime_ns=mtime_ns,
        file_size=size,
    )


def message_of(session: Session) -> str:
    """The sentence that a session's row has while nobody works on it."""
    if session.status is SessionStatus.FAILED and session.result and session.result.error:
        return session.result.error
    return MESSAGES[session.status]


def session_from_row(row: SessionRow) -> Session:
    """What is known of a session whose folder has no readable state file."""
    return Session(
        seq=row.seq,
        id=row.id,
        status=row.status,
        prompt=row.prompt,
        created_at=row.created_at,
        updated_at=row.updated_at,
        completed_at=row.completed_at,
        result=row.result,
        recovered_from_disk=row.recovered_from_disk,
    )


def row_to_sql(row: SessionRow) -> tuple[Any, ...]:
    """The row's values in the order of ``COLUMNS``, as SQLite keeps them."""
    result = None if row.result is None else row.result.model_dump_json(exclude={"artifacts"}, exclude_none=True)
    return (
        row.id,
        row.seq,
        row.status.value,
        row.prompt,
        time_text(row.created_at),
        time_text(row.updated_at),
        time_text(row.started_at),
        time_text(row.completed_at),
        row.current_stage.value if row.current_stage else None,
        row.progress,
        row.message,
        row.worker_id,
        row.attempts,
        row.retry_of,
        int(row.recovered_from_disk),
        int(row.cancel_requested),
        result,
        json.dumps(row.sizes) if row.sizes else None,
        row.file_mtime_ns,
        row.file_size,
    )


def row_from_sql(values: tuple[Any, ...]) -> SessionRow:
    """The other way."""
    named = dict(zip(COLUMNS, values, strict=True))
    for key in ("created_at", "updated_at", "started_at", "completed_at"):
        named[key] = None if named[key] is None else datetime.fromisoformat(named[key])
    named["status"] = SessionStatus(named["status"])
    named["current_stage"] = StageName(named["current_stage"]) if named["current_stage"] else None
    named["recovered_from_disk"] = bool(named["recovered_from_disk"])
    named["cancel_requested"] = bool(named["cancel_requested"])
    named["result"] = SessionResult.model_validate_json(named["result"]) if named["result"] else None
    named["sizes"] = tuple((name, size) for name, size in json.loads(named["sizes"])) if named["sizes"] else ()
    return SessionRow(**named)
