"""Says in words how a session is. Pure; any thread."""

from datetime import datetime
from pathlib import Path

from ..models.session import SessionStatus
from ..state.rows import SessionRow
from .snapshot import SessionLine, State

__all__ = ["ago", "line_of"]

_PROMPT_SHOWN = 160
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def line_of(
    row: SessionRow, output: Path, now: datetime, *, before_it: int | None = None, starting: bool = False
) -> SessionLine:
    """A row as the panel shows it.

    ``before_it``: how many sessions are made before one that waits; ``starting``: its Blender is not up yet.
    """
    return SessionLine(
        id=row.id,
        state=State(row.status.value),
        prompt=" ".join(row.prompt[:_PROMPT_SHOWN].split()) or "(prompt not known)",
        detail=_detail(row, now, before_it, starting),
        progress=row.progress,
        folder=output / row.id,
        notes=tuple(row.result.warnings) if row.result else (),
        cancelling=row.cancel_requested and row.status is SessionStatus.IN_PROGRESS,
    )


def _detail(row: SessionRow, now: datetime, before_it: int | None, starting: bool) -> str:
    ended = ago((now - (row.completed_at or row.updated_at)).total_seconds())
    match row.status:
        case SessionStatus.PENDING:
            if before_it:
                return f"Waiting, {before_it} before it"
            return "Blender starts in the background" if starting else "Waiting, next in line"
        case SessionStatus.IN_PROGRESS:
            return "Cancelling" if row.cancel_requested else row.message
        case SessionStatus.COMPLETED:
            return f"Finished {ended}"
        case SessionStatus.FAILED:
            return (row.result.error if row.result else None) or "Failed"
        case SessionStatus.CANCELLED:
            return f"Cancelled {ended}"


def ago(seconds: float) -> str:
    """How long ago, in words that change at most once a minute."""
    for unit_s, unit in ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min")):
        if seconds >= unit_s:
            return f"{int(seconds // unit_s)} {unit} ago"
    return "just now"
