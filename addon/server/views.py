"""Sessions as REST shows them: from the index's rows (fast) and the session files (whole). Pure, any thread."""

from collections.abc import Sequence

from ..models.api import SessionEvent, SessionSummary, SessionView
from ..models.session import TERMINAL, Session, SessionStatus
from ..state.rows import SessionRow, message_of

__all__ = ["download_urls", "event_from_row", "event_name", "session_url", "summary_from_row", "view_from_session"]

BUNDLE = "bundle"


def session_url(session_id: str) -> str:
    """Where a session is."""
    return f"/api/session/{session_id}"


def download_urls(session_id: str, kinds: Sequence[str]) -> dict[str, str]:
    """Where its files are; with any file there is the bundle of all."""
    names = [*kinds, BUNDLE] if kinds else []
    return {kind: f"/api/download/{session_id}/{kind}" for kind in names}


def summary_from_row(row: SessionRow) -> SessionSummary:
    """One line of a list. The row was checked when it was made, so it is not checked again."""
    return SessionSummary.model_construct(
        seq=row.seq,
        id=row.id,
        session_id=row.id,
        status=row.status,
        prompt=row.prompt,
        created_at=row.created_at,
        updated_at=row.updated_at,
        started_at=row.started_at,
        completed_at=row.completed_at,
        current_stage=row.current_stage,
        progress=row.progress,
        message=row.message,
        retry_of=row.retry_of,
        recovered_from_disk=row.recovered_from_disk,
        result=row.result,
    )


_SHARED = tuple(name for name in SessionView.model_fields if name in Session.model_fields)


def view_from_session(
    session: Session, row: SessionRow, *, queue_position: int | None, kinds: Sequence[str]
) -> SessionView:
    """The whole session. Its file goes before the row, but for what is only in the row: progress within a stage."""
    fields = {name: getattr(session, name) for name in _SHARED}
    fields["seq"] = max(session.seq, row.seq)
    live = row.status is session.status
    return SessionView.model_construct(
        **fields,
        session_id=session.id,
        progress=1.0 if session.status is SessionStatus.COMPLETED else row.progress if live else 0.0,
        message=row.message if live else message_of(session),
        queue_position=queue_position,
        download_urls=download_urls(session.id, kinds),
    )


def event_name(status: SessionStatus) -> str:
    """``error`` is a session that failed; one that was cancelled is complete, without success."""
    if status is SessionStatus.FAILED:
        return "error"
    return "complete" if status in TERMINAL else "progress"


def event_from_row(row: SessionRow) -> SessionEvent:
    """What a listener is told of a change."""
    ended = row.status in TERMINAL
    return SessionEvent(
        seq=row.seq,
        session_id=row.id,
        status=row.status,
        stage=row.current_stage,
        progress=min(1.0, max(0.0, row.progress)),
        message=row.message,
        success=row.status is SessionStatus.COMPLETED if ended else None,
        output_path=row.result.output_path if row.result else None,
        error=row.result.error if row.result else None,
        error_code=row.result.error_code if row.result else None,
    )
