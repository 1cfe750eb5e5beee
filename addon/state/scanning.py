"""Brings the index in line with the folders: reads what changed, and nothing else. Blocking; any thread.

The whole folder is read only where the index is new. A file is read again where its time or size is not the
indexed one, which a process that died between writing the file and the index leaves behind.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic_core import from_json, to_json

from ..models.errors import StateUnreadable, UnknownSession
from ..models.session import MAX_SEQ, SCHEMA_VERSION, SessionStatus, StageName
from .files import read_plain
from .folders import STATE_MAX_BYTES, STATE_NAME, is_session_id
from .migration import parse_state
from .rows import MESSAGES, row_from_session, row_to_sql
from .staging import STAGING_PREFIX
from .store import SessionStore

__all__ = ["Tally", "ended_sessions", "refresh_index", "stale_staging"]

_BATCH = 10_000
"""Each batch touches most pages of the indexes by time and status, whose order is not that of the ids."""
_PAGE = 4000
_SETTLED = {
    status.value: MESSAGES[status]
    for status in (SessionStatus.PENDING, SessionStatus.COMPLETED, SessionStatus.CANCELLED)
}
"""States whose row says nothing that is not in the state file's own fields."""
_MAY_BE_MISSING = ("started_at", "completed_at")
_RESULT_TEXTS = ("output_path", "session_dir", "error", "error_code", "log_tail")
_STAGES = frozenset(StageName)
_UNFINISHED = SessionStatus.IN_PROGRESS.value


class Tally:
    """Counts of a scan that runs, to be read from other threads."""

    def __init__(self) -> None:
        self.scanned = 0
        self.total = 0
        self.recovered = 0


def refresh_index(store: SessionStore, tally: Tally) -> list[str]:
    """Index every folder; returns the ids that must be judged: unfinished ones and those without a readable state.

    Raises:
        NoRoom, FolderReadOnly, IndexUnavailable: the index could not be written.
    """
    names = _folders(store.output)
    tally.total = len(names)
    root = os.fspath(store.output)
    to_judge: list[str] = []
    with store.index.bulk():
        for first in range(0, len(names), _BATCH):
            batch = names[first : first + _BATCH]
            known = _known(store, after=names[first - 1] if first else "", upto=batch[-1])
            to_judge += _refresh(store, root, batch, known, tally)
            _forget_gone(store, known)
    _forget_gone(store, _known(store, after=names[-1] if names else "", upto=None))
    return to_judge


def _known(store: SessionStore, *, after: str, upto: str | None) -> dict[str, tuple[Any, ...]]:
    """What the index knows of a range of ids: (mtime in ns, size in bytes, status)."""
    rows = store.index.read(
        "SELECT id, file_mtime_ns, file_size, status FROM sessions WHERE id > ? AND (? IS NULL OR id <= ?)",
        (after, upto, upto),
    )
    return {row[0]: row[1:] for row in rows}


def _refresh(
    store: SessionStore, root: str, names: list[str], known: dict[str, tuple[Any, ...]], tally: Tally
) -> list[str]:
    """Index some folders, and take them out of ``known``; returns the ids that must be judged."""
    to_judge: list[str] = []
    rows: list[tuple[Any, ...]] = []
    for name in names:
        before = known.pop(name, None)
        found = _look(f"{root}/{name}/{STATE_NAME}", name, store.output.name, before)
        if isinstance(found, tuple) and before is None:
            rows.append(found)
        elif found is True or (found and not _take_over(store, name)):
            to_judge.append(name)
        tally.scanned += 1
    if rows:
        with store.index.transaction() as connection:
            store.index.put_many(connection, rows)
    return to_judge


def _take_over(store: SessionStore, name: str) -> bool:
    """The file is not the one that the index knows; an older one may have been put back. False: it changed again."""
    try:
        store.reindex(name)
    except (UnknownSession, StateUnreadable):
        return False
    return True


def _forget_gone(store: SessionStore, left: Iterable[str]) -> None:
    """Rows that had no folder when the folder was read; one that was made since has it by now."""
    gone = [name for name in left if not (store.output / name).is_dir()]
    if gone:
        store.index.delete(gone)


def _folders(output: Path) -> list[str]:
    with os.scandir(output) as entries:
        # In order, because the index takes rows three times as fast in the order of its key.
        return sorted(e.name for e in entries if is_session_id(e.name) and e.is_dir(follow_symlinks=False))


def _look(path: str, name: str, root: str, known: tuple[Any, ...] | None) -> tuple[Any, ...] | bool:
    """The row to write, or whether the folder must be judged."""
    try:
        if known is not None:
            status = os.stat(path)  # noqa: PTH116 - once for every folder
            if known[0] == status.st_mtime_ns and known[1] == status.st_size:
                return bool(known[2] == _UNFINISHED)
        data, status = read_plain(path, limit=STATE_MAX_BYTES)
    except OSError:
        return True
    return _row(data, name, root, status) or True


def _row(data: bytes, name: str, root: str, status: os.stat_result) -> tuple[Any, ...] | None:
    """The SQL row of a state file of a session that is not unfinished; None where it must be judged."""
    try:
        # Twice as fast as the standard library, and a rebuild spends its time here.
        document = from_json(data, cache_strings="keys")
        if document["schema_version"] == SCHEMA_VERSION and document["status"] in _SETTLED:
            return _quick_row(document, name, status)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        pass  # not this version's, or damaged: the thorough way tells
    try:
        session = parse_state(data, name, root=root)
    except StateUnreadable:
        return None
    if session.status is SessionStatus.IN_PROGRESS:
        return None
    return row_to_sql(row_from_session(session, mtime_ns=status.st_mtime_ns, size=status.st_size))


def _quick_row(document: dict[str, Any], name: str, status: os.stat_result) -> tuple[Any, ...]:
    """What ``row_to_sql(row_from_session(…))`` gives, without validating each of 100,000 files of ours.

    Raises ``LookupError``, ``TypeError``, ``AttributeError`` or ``ValueError`` where a field is not as we write it.
    """
    result, worker = document["result"], document["worker"]
    artifacts = result.pop("artifacts") if result else None
    created, updated = document["created_at"], document["updated_at"]
    prompt, seq = document["prompt"], document["seq"]
    if not _as_we_write_it(document):
        raise ValueError("not as this version writes it")
    return (
        name,
        seq,
        document["status"],
        prompt,
        created,
        updated,
        document["started_at"],
        document["completed_at"],
        document["current_stage"],
        1.0 if document["status"] == "completed" else 0.0,
        _SETTLED[document["status"]],
        worker["id"] if worker else None,
        document["attempts"],
        document["retry_of"],
        int(document["recovered_from_disk"]),
        int(document["cancel_requested_at"] is not None),
        to_json(result, exclude_none=True).decode() if result else None,
        to_json([(item["name"], item["size"]) for item in artifacts]).decode() if artifacts else None,
        status.st_mtime_ns,
        status.st_size,
    )


def _as_we_write_it(document: dict[str, Any]) -> bool:
    """Whether every field that goes into a row can be read back from it. Raises as ``_quick_row`` does."""
    for name in ("created_at", "updated_at", "started_at", "completed_at"):
        value = document[name]
        if value is None and name in _MAY_BE_MISSING:
            continue
        if len(value) != 27 or value[26] != "Z" or not datetime.fromisoformat(value):
            return False
    result, worker, stage = document["result"] or {}, document["worker"], document["current_stage"]
    texts = (document["retry_of"], worker and worker["id"], *map(result.get, _RESULT_TEXTS))
    return (
        type(document["prompt"]) is str
        and type(document["seq"]) is int
        and 0 <= document["seq"] <= MAX_SEQ
        and type(document["attempts"]) is int
        and 0 <= document["attempts"] < 2**31
        and (stage is None or stage in _STAGES)
        and type(document["recovered_from_disk"]) is bool
        and all(text is None or type(text) is str for text in texts)
        and type(result.get("success", True)) is bool
        and all(type(text) is str for text in result.get("warnings", ()))
    )


def ended_sessions(store: SessionStore) -> Iterator[tuple[str, list[tuple[str, int]]]]:
    """Sessions that have ended, and the (name, bytes) of what they recorded."""
    last = ""
    while rows := store.index.read(
        "SELECT id, sizes FROM sessions WHERE status IN ('completed', 'failed', 'cancelled') AND id > ? "
        "ORDER BY id LIMIT ?",
        (last, _PAGE),
    ):
        for name, sizes in rows:
            yield name, [(item, size) for item, size in json.loads(sizes or "[]")]
        last = rows[-1][0]


def stale_staging(output: Path, older_than_s: float, now: Callable[[], float]) -> Iterator[Path]:
    """Folders of submissions that were never acknowledged, because their process died."""
    for path in output.glob(f"{STAGING_PREFIX}*"):
        try:
            if now() - path.stat().st_mtime > older_than_s:
                yield path
        except OSError:
            continue
