"""State files of older versions → schema version 1. Pure: takes bytes, gives a session. Any thread.

Versions before the schema had a number wrote naive timestamps, absolute paths and their own words for states.
"""

import json
from datetime import UTC, datetime
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from pydantic import ValidationError

from ..models.base import utc_now
from ..models.errors import StateUnreadable
from ..models.session import SCHEMA_VERSION, Options, Session, SessionStatus, StageName

__all__ = ["parse_state"]

_WORDS = {
    "done": SessionStatus.COMPLETED,
    "complete": SessionStatus.COMPLETED,
    "completed": SessionStatus.COMPLETED,
    "success": SessionStatus.COMPLETED,
    "finished": SessionStatus.COMPLETED,
    "failed": SessionStatus.FAILED,
    "error": SessionStatus.FAILED,
    "cancelled": SessionStatus.CANCELLED,
    "canceled": SessionStatus.CANCELLED,
    "aborted": SessionStatus.CANCELLED,
    "pending": SessionStatus.PENDING,
    "queued": SessionStatus.PENDING,
}
"""Words that say what they mean; any other ("created", "running", …) is judged by the files, like a lost worker."""


def parse_state(
    data: bytes, session_id: str, *, root: str = "output", fallback_time: datetime | None = None
) -> Session:
    """The session in a state file. ``session_id`` is the folder's name, which goes before what the file says.

    Args:
        root: name of the output folder, with which the paths of a result begin.
        fallback_time: creation time where the file has none (the folder's own).

    Raises:
        StateUnreadable: damaged, not a session, or of a newer schema.
    """
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise StateUnreadable("the state file is not JSON") from error
    if not isinstance(document, dict) or not document:
        raise StateUnreadable("the state file does not hold a session")
    version = document.get("schema_version", 0)
    if not isinstance(version, int) or version > SCHEMA_VERSION:
        raise StateUnreadable(f"the state file has schema version {version!r}; this program knows {SCHEMA_VERSION}")
    try:
        if version == SCHEMA_VERSION:
            return Session.model_validate({**document, "id": session_id})
        return _from_unversioned(document, session_id, root, fallback_time or utc_now())
    except (ValidationError, ValueError, TypeError, OverflowError) as error:
        raise StateUnreadable("the state file does not hold a session") from error


def _from_unversioned(document: dict[str, Any], session_id: str, root: str, fallback_time: datetime) -> Session:
    if "status" not in document and "prompt" not in document:
        raise StateUnreadable("the state file does not hold a session")
    fields = dict(document)
    created = _time(fields.get("created_at")) or fallback_time
    completed = _time(fields.get("completed_at"))
    fields.update(
        schema_version=SCHEMA_VERSION,
        id=session_id,
        status=_WORDS.get(str(fields.get("status", "")).lower(), SessionStatus.IN_PROGRESS),
        prompt=str(fields.get("prompt") or ""),
        agents=[name for name in _strings(fields.get("agents")) if name in set(StageName)],
        options=_options(fields.get("options")),
        created_at=created,
        started_at=_time(fields.get("started_at")),
        completed_at=completed,
        updated_at=_time(fields.get("updated_at")) or completed or created,
        result=_relative_result(fields.get("result"), session_id, root),
        # What these fields meant then is not what they mean now.
        stages=[],
        current_stage=None,
        worker=None,
        seq=0,
        attempts=0,
        recovery=[],
        cancel_requested_at=None,
        retry_of=None,
    )
    return Session.model_validate(fields)


def _time(value: object) -> datetime | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return datetime.fromtimestamp(value, UTC)
    if not isinstance(value, str):
        return None
    try:
        parsed = datetime.fromisoformat(value)
    except ValueError:
        return None
    return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)


def _strings(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _options(value: object) -> Options:
    try:
        return Options.model_validate(value or {})
    except ValidationError:
        return Options()


def _relative_result(value: object, session_id: str, root: str) -> dict[str, Any] | None:
    """A result of an older version with its paths relative to the output folder's parent."""
    if not isinstance(value, dict):
        return None
    result = {key: entry for key, entry in value.items() if key not in ("artifacts", "warnings")}
    result["success"] = bool(result.get("success"))
    result["session_dir"] = f"{root}/{session_id}"
    path = result.get("output_path")
    result["output_path"] = (
        f"{root}/{session_id}/{_inside(path, session_id)}" if isinstance(path, str) and path else None
    )
    for key in ("error", "error_code"):
        if result.get(key) is not None:
            result[key] = str(result[key])
    return result


def _inside(path: str, session_id: str) -> str:
    """The part of an absolute path below the session's folder; where that is not in it, the file's name."""
    parts = (PureWindowsPath(path) if "\\" in path else PurePosixPath(path)).parts
    if session_id in parts:
        below = parts[parts.index(session_id) + 1 :]
        if below and ".." not in below:
            return "/".join(below)
    return parts[-1]
