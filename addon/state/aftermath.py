"""What a session is after a decision of recovery: values, and the files of a folder that tell of it. Any thread."""

import json
from datetime import UTC, datetime
from pathlib import Path

from ..models.session import RecoveryNote, Session, SessionResult, SessionStatus, StageRecord
from . import files
from .artifacts import finished_result
from .folders import LOGS, STATE_MAX_BYTES, public_path
from .recovery import Decision, Evidence

__all__ = ["decided_session", "recovered_result", "session_from_folder"]

_TAIL_BYTES = 4000


def decided_session(
    session: Session, decision: Decision, result: SessionResult | None, note: RecoveryNote, now: datetime
) -> Session:
    """The session as the decision leaves it."""
    ended = decision.status is not SessionStatus.PENDING
    stages = [
        record if ended or record.name in decision.resume_after else StageRecord(name=record.name)
        for record in session.stages
    ]
    attempts = session.attempts if decision.counts_attempt else max(session.attempts - 1, 0)
    return session.model_copy(
        update={
            "status": decision.status,
            "worker": None,
            "attempts": attempts,
            "stages": stages,
            "current_stage": None,
            "completed_at": now if ended else None,
            "result": result,
            "recovery": [*session.recovery, note],
        }
    )


def recovered_result(
    folder: Path, session: Session | None, evidence: Evidence, decision: Decision
) -> SessionResult | None:
    """The result of a session that ends with the decision; None where it goes on."""
    if decision.status is SessionStatus.COMPLETED:
        warnings = [text for record in session.stages for text in record.warnings] if session else []
        return finished_result(folder, render=evidence.render, warnings=warnings)
    if decision.status is SessionStatus.FAILED:
        return SessionResult(
            success=False,
            session_dir=public_path(folder),
            error=decision.error,
            error_code=decision.error_code,
            log_tail=_log_tail(folder),
        )
    return None


def _log_tail(folder: Path) -> str | None:
    """The end of the newest log of the session."""
    logs = sorted((folder / LOGS).glob("*.log"), key=lambda path: path.stat().st_mtime_ns)
    if not logs or not files.is_plain_file(logs[-1]):
        return None
    with logs[-1].open("rb") as stream:
        stream.seek(max(logs[-1].stat().st_size - _TAIL_BYTES, 0))
        return stream.read().decode("utf-8", errors="replace").replace("\0", "")


def session_from_folder(folder: Path, evidence: Evidence, decision: Decision, now: datetime) -> Session:
    """A session for a folder without a readable state file, from what lies in it."""
    oldest = min((path.lstat().st_mtime for path in folder.iterdir()), default=folder.stat().st_mtime)
    try:
        created = datetime.fromtimestamp(oldest, UTC)
    except (ValueError, OverflowError, OSError):  # a clock that was very wrong
        created = now
    note = RecoveryNote(at=now, reason=decision.reason, evidence=evidence.summary())
    ended = decision.status is not SessionStatus.IN_PROGRESS
    return Session(
        id=folder.name,
        status=decision.status,
        prompt=_prompt(folder),
        created_at=created,
        updated_at=now,
        completed_at=now if ended else None,
        result=recovered_result(folder, None, evidence, decision),
        recovered_from_disk=decision.status is SessionStatus.COMPLETED,
        recovery=[note],
    )


def _prompt(folder: Path) -> str:
    """The prompt, where plan.json still tells it."""
    try:
        plan = json.loads(files.read_plain(folder / "plan.json", limit=STATE_MAX_BYTES)[0])
        prompt = plan["prompt"] if isinstance(plan.get("prompt"), str) else ""
        prompt.encode()
        return prompt
    except (OSError, ValueError, AttributeError, KeyError, RecursionError):
        return ""
