"""Pages of sessions, newest first, from the index. Any thread."""

import base64
import binascii
from datetime import datetime

from ..models.errors import InvalidRequest
from ..models.session import SessionStatus
from .index import Index
from .rows import Page, SessionRow, time_text

__all__ = ["read_page"]


def read_page(index: Index, *, status: SessionStatus | None, limit: int, cursor: str | None, q: str | None) -> Page:
    """``limit`` sessions after ``cursor``; ``total`` counts all that match. Raises ``InvalidRequest``: bad cursor."""
    where, values = [], list[str]()
    if status is not None:
        where.append("status = ?")
        values.append(status.value)
    if q:
        where.append(r"(prompt LIKE ? ESCAPE '\' OR id LIKE ? ESCAPE '\')")
        escaped = q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        values += [f"%{escaped}%", f"{escaped}%"]
    filters = f"WHERE {' AND '.join(where)}" if where else ""
    if q:
        total = index.read(f"SELECT count(*) FROM sessions {filters}", values)[0][0]  # noqa: S608 - own words
    else:
        counts = index.counts()
        total = sum(counts.values()) if status is None else counts[status]
    if cursor is not None:
        where.append("(created_at, id) < (?, ?)")
        values += _read_cursor(cursor)
        filters = f"WHERE {' AND '.join(where)}"
    rows = index.rows(f"{filters} ORDER BY created_at DESC, id DESC LIMIT ?", [*values, limit + 1])
    more = len(rows) > limit
    return Page(rows[:limit], total, _write_cursor(rows[limit - 1]) if more else None)


def _write_cursor(row: SessionRow) -> str:
    return base64.urlsafe_b64encode(f"{time_text(row.created_at)} {row.id}".encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> list[str]:
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
        when, name = text.split(" ")
        datetime.fromisoformat(when)
    except (ValueError, binascii.Error) as error:
        raise InvalidRequest(
            "The cursor is not one that this server gave out.",
            [{"field": "cursor", "message": "not a cursor of this server; leave it out to start from the newest"}],
        ) from error
    return [when, name]
