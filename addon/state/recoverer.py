"""Recoverer: applies the recovery rules to the folder. Idempotent; killed at any instruction, it can run again.

Blocking; in any thread but the one that serves HTTP. Scans wait for each other; the quick calls do not wait for a
scan, because what a session becomes is decided under the index's transaction, by whoever is first.
"""

import contextlib
import logging
import os
import shutil
import threading
import time
from collections.abc import Collection

from ..models.api import RecoveryHealth, RecoveryState, RecoverySummary
from ..models.errors import ScenekeeperError
from ..models.session import RecoveryNote, Session, SessionStatus
from . import files
from .aftermath import decided_session, recovered_result, session_from_folder
from .artifacts import publish, remove_checkpoints, settle_stages
from .evidence import gather
from .folders import CHECKPOINTS, STATE_NAME
from .leases import LeaseState, lease_state, leases, remove_lease
from .recovery import Decision, Evidence, decide
from .rows import row_from_session
from .scanning import Tally, ended_sessions, refresh_index, stale_staging
from .store import SessionStore

__all__ = ["Recoverer"]

log = logging.getLogger("scenekeeper.recovery")

_STALE_STAGING_S = 3600


class Recoverer:
    """Recovery of one output folder. ``health`` tells other threads how far a scan is."""

    def __init__(self, store: SessionStore, *, max_attempts: int = 3) -> None:
        self._store = store
        self._max_attempts = max_attempts
        self._one_at_a_time = threading.Lock()
        self._tally = Tally()
        self._running = False

    @property
    def health(self) -> RecoveryHealth:
        """The running scan, or the last one."""
        state = RecoveryState.RUNNING if self._running else RecoveryState.DONE
        tally = self._tally
        return RecoveryHealth(state=state, scanned=tally.scanned, total=tally.total, recovered=tally.recovered)

    def scan(self) -> RecoverySummary:
        """Go through the whole folder.

        Raises:
            NoRoom, FolderReadOnly, IndexUnavailable: what could not be written is found again by the next scan.
        """
        with self._one_at_a_time:
            self._tally, self._running = Tally(), True
            try:
                return self._scan()
            finally:
                self._running = False

    def _scan(self) -> RecoverySummary:
        index = self._store.index
        ticket, problem = index.prepare_scan()
        if problem is not None:
            log.warning("the index was damaged and is made anew: %s", problem)
        to_judge = refresh_index(self._store, self._tally)
        if not index.complete:
            index.mark_complete(ticket)
        changed = self._judge_all(to_judge)
        changed += self._check_artifacts()
        for path in list(stale_staging(self._store.output, _STALE_STAGING_S, time.time)):
            shutil.rmtree(path, ignore_errors=True)
        self._store.uploads.sweep()
        self._forget_dead_leases()
        return RecoverySummary(scanned=self._tally.scanned, recovered=len(changed), sessions=changed)

    def recover_worker(self, worker_id: str) -> RecoverySummary:
        """Take back what a worker had claimed that is certainly dead."""
        # It may have died between the state file and the index: then it is one of those that were next.
        unfinished = self._ids("status = 'in_progress'") + self._ids("status = 'pending'", limit=_NEXT)
        changed = self._judge_all(unfinished, dead=(worker_id,))
        remove_lease(self._store.output, worker_id)
        return RecoverySummary(scanned=len(unfinished), recovered=len(changed), sessions=changed)

    def keep_up(self) -> RecoverySummary:
        """Judge what is in progress, or everything where the index is new or misses something. Raises as ``scan``."""
        return self.scan() if self._store.index.needs_scan else self.sweep()

    def sweep(self) -> RecoverySummary:
        """Judge what is in progress: workers that died, folders whose 30 minutes are over."""
        unfinished = self._ids("status = 'in_progress'")
        changed = self._judge_all(unfinished)
        self._store.uploads.sweep()
        self._store.index.fold_log()
        return RecoverySummary(scanned=len(unfinished), recovered=len(changed), sessions=changed)

    def _ids(self, condition: str, limit: int = -1) -> list[str]:
        query = f"SELECT id FROM sessions WHERE {condition} ORDER BY created_at, id LIMIT ?"  # noqa: S608 - our words
        found = self._store.index.read(query, (limit,))
        return [name for (name,) in found]

    def _judge_all(self, ids: list[str], dead: Collection[str] = ()) -> list[dict[str, object]]:
        changed = []
        for session_id in ids:
            try:
                told = self._judge(session_id, dead)
            except (ScenekeeperError, OSError) as error:
                log.warning("could not judge a session: %s", error, extra={"session_id": session_id})
                self._show_as_it_is(session_id)
                continue
            except Exception:
                # Whatever lies in one folder, the others are judged.
                log.exception("could not judge a session", extra={"session_id": session_id})
                continue
            if told is not None:
                changed.append(told)
                self._tally.recovered += 1
        return changed

    def _show_as_it_is(self, session_id: str) -> None:
        """What cannot be written yet (a full disk) can at least be seen."""
        with contextlib.suppress(ScenekeeperError, OSError):
            if self._store.index.row(session_id) is None:
                self._store.reindex(session_id)

    def _judge(self, session_id: str, dead: Collection[str]) -> dict[str, object] | None:
        evidence = gather(self._store, session_id, dead=dead, max_attempts=self._max_attempts)
        decision = decide(evidence)
        if not decision.changed or not decision.write:
            return self._index_only(session_id, evidence, decision)
        session = (
            self._apply_owned(evidence.session, evidence, decision)
            if evidence.session is not None
            else self._apply_ownerless(session_id, evidence, decision)
        )
        if session is None:
            return None
        log.info("recovered: %s", decision.reason, extra={"session_id": session_id, "status": decision.status.value})
        return {"id": session_id, "status": session.status.value, "reason": decision.reason}

    def _index_only(self, session_id: str, evidence: Evidence, decision: Decision) -> dict[str, object] | None:
        known = self._store.index.row(session_id)
        if evidence.session is not None:
            mtime_ns = (self._store.folder(session_id) / STATE_NAME).stat().st_mtime_ns
            if known is None or known.file_mtime_ns != mtime_ns or known.status is not evidence.session.status:
                self._store.reindex(session_id)
            return None
        if known is not None and known.status is decision.status:
            return None
        now = self._store.clock()
        session = session_from_folder(self._store.folder(session_id), evidence, decision, now)
        self._store.put_judged_row(row_from_session(session, mtime_ns=None, size=None))
        if not decision.changed:
            return None
        return {"id": session_id, "status": decision.status.value, "reason": decision.reason}

    def _apply_owned(self, judged: Session, evidence: Evidence, decision: Decision) -> Session | None:
        folder = self._store.folder(judged.id)
        note = RecoveryNote(at=self._store.clock(), reason=decision.reason, evidence=evidence.summary())
        if decision.status is SessionStatus.COMPLETED or decision.status in _ENDINGS:
            publish(folder, judged)
        result = recovered_result(folder, judged, evidence, decision)
        applied = False

        def change(session: Session) -> Session | None:
            nonlocal applied
            if session.seq != judged.seq or session.status is not judged.status:
                return None  # somebody else was first
            applied = True
            files.remove_temporaries(folder)  # while nobody else can have claimed it
            decided = decided_session(session, decision, result, note, self._store.clock())
            return settle_stages(decided) if decided.is_terminal else decided

        session = self._store.update(judged.id, change)
        if not applied:
            return None
        if session.is_terminal:
            remove_checkpoints(folder)
        return session

    def _apply_ownerless(self, session_id: str, evidence: Evidence, decision: Decision) -> Session | None:
        now = self._store.clock()
        session = session_from_folder(self._store.folder(session_id), evidence, decision, now)
        return self._store.put_new_state(session, f"{STATE_NAME}.corrupt-{now.strftime('%Y%m%dT%H%M%S%fZ')}")

    def _check_artifacts(self) -> list[dict[str, object]]:
        changed: list[dict[str, object]] = []
        root = os.fspath(self._store.output)
        for session_id, sizes in ended_sessions(self._store):
            try:
                if os.path.lexists(f"{root}/{session_id}/{CHECKPOINTS}"):  # its worker died before the tidying
                    self._tidy(session_id)
                lost = [name for name, size in sizes if not _has_size(f"{root}/{session_id}/{name}", size)]
                if lost and self._note_lost(session_id, lost):
                    changed.append({"id": session_id, "status": "completed", "reason": _LOST})
            except (ScenekeeperError, OSError, ValueError) as error:
                log.warning("could not check a session's files: %s", error, extra={"session_id": session_id})
        return changed

    def _tidy(self, session_id: str) -> None:
        # Deleted and made again with the same key, it may be at work by now: nobody claims during a transaction.
        with self._store.index.transaction():
            if self._store.read_file(session_id).is_terminal:
                remove_checkpoints(self._store.folder(session_id))

    def _note_lost(self, session_id: str, lost: list[str]) -> bool:
        evidence = {"missing_or_changed": lost}
        noted = False

        def change(session: Session) -> Session | None:
            nonlocal noted
            if any(note.reason == _LOST and note.evidence == evidence for note in session.recovery):
                return None
            if not session.is_terminal:
                return None
            noted = True
            note = RecoveryNote(at=self._store.clock(), reason=_LOST, evidence=evidence)
            return session.model_copy(update={"recovery": [*session.recovery, note]})

        self._store.update(session_id, change)
        return noted

    def _forget_dead_leases(self) -> None:
        output = self._store.output
        used = {
            worker
            for (worker,) in self._store.index.read("SELECT worker_id FROM sessions WHERE status = 'in_progress'")
        }
        for info in leases(output):
            if info.id not in used and lease_state(output, info.id) is LeaseState.FREE:
                remove_lease(output, info.id)


_NEXT = 100
_LOST = "files that the session recorded are missing or of another size"
_ENDINGS = (SessionStatus.FAILED, SessionStatus.CANCELLED)


def _has_size(path: str, size: int) -> bool:
    try:
        return os.lstat(path).st_size == size
    except OSError:
        return False
