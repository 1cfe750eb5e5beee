"""The worker's second pair of eyes: a thread that never touches bpy. Writes progress, notices cancels and takeovers.

The main thread may sit in a render for minutes. So it is this thread that ends a session which was cancelled or
must be given back meanwhile; the process is then replaced or left, because Blender cannot break off a render.
"""

import logging
import threading
import time
from collections.abc import Callable
from enum import StrEnum

from ..models.errors import LeaseLost, ScenekeeperError, UnknownSession
from ..models.session import Session, SessionStatus
from ..state.claims import finish, release, report_progress
from ..state.store import SessionStore
from .beat import Beat

__all__ = ["Interruption", "Monitor"]

log = logging.getLogger("scenekeeper.worker")

_TICK_S = 0.2


class Interruption(StrEnum):
    """Why the main thread shall stop what it does."""

    CANCELLED = "cancelled"
    TAKEN_OVER = "taken_over"
    STOPPING = "stopping"


class Monitor:
    """Watches the session that ``beat`` names, from ``start`` to ``stop``."""

    def __init__(
        self,
        store: SessionStore,
        worker_id: str,
        beat: Beat,
        *,
        cancel_grace_s: float,
        stop_grace_s: float = 1.0,
        leave: Callable[[Interruption], None],
    ) -> None:
        """``leave`` ends or replaces the process; called in the monitor's thread after the session is safe."""
        self._store = store
        self._worker_id = worker_id
        self._beat = beat
        self._grace = {Interruption.CANCELLED: cancel_grace_s, Interruption.STOPPING: stop_grace_s}
        self._leave = leave
        self._stopping = False
        self._interrupted: tuple[str, Interruption, float] | None = None
        self._seen = -1
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scenekeeper-monitor", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._end.set()
        self._thread.join()

    def request_stop(self) -> None:
        """The process shall end: sessions go back to the queue. Any thread."""
        self._stopping = True

    @property
    def stopping(self) -> bool:
        """Whether the process shall end."""
        return self._stopping

    def interruption(self, session_id: str) -> Interruption | None:
        """Why this session shall not go on, or None."""
        interrupted = self._interrupted
        if interrupted is not None and interrupted[0] == session_id:
            return interrupted[1]
        return Interruption.STOPPING if self._stopping else None

    def _run(self) -> None:
        while not self._end.wait(_TICK_S):
            session_id = self._beat.session_id
            if session_id is None:
                self._interrupted = None
                continue
            try:
                self._watch(session_id)
            except ScenekeeperError as error:
                log.debug("watching: %s", error, extra={"session_id": session_id})

    def _watch(self, session_id: str) -> None:
        self._write_progress(session_id)
        if self._interrupted is None or self._interrupted[0] != session_id:
            why = self._why(session_id)
            if why is None:
                return
            log.info("interrupting: %s", why.value, extra={"session_id": session_id})
            self._interrupted = (session_id, why, time.monotonic())
        _, why, since = self._interrupted
        if why is Interruption.TAKEN_OVER:
            if self._others(self._store.get(session_id)):
                # Somebody else is at it, and we write into the same folder for as long as Blender goes on.
                self._leave_if_still_at(session_id, why)
        elif time.monotonic() - since >= self._grace[why]:
            self._end_session(session_id, why)

    def _others(self, session: Session) -> bool:
        return session.worker is not None and session.worker.id != self._worker_id

    def _write_progress(self, session_id: str) -> None:
        beat = self._beat
        if beat.changes == self._seen:
            return
        seen = beat.changes
        report_progress(self._store, session_id, self._worker_id, beat.fraction, beat.message, beat.stage)
        self._seen = seen

    def _why(self, session_id: str) -> Interruption | None:
        row = self._store.row(session_id)
        if row.worker_id != self._worker_id or row.status is not SessionStatus.IN_PROGRESS:
            # Between the state file and the index the row is behind: the file tells.
            session = self._store.get(session_id)
            if session.worker is None or session.worker.id != self._worker_id:
                return Interruption.TAKEN_OVER if self._beat.session_id == session_id else None
        if row.cancel_requested:
            return Interruption.CANCELLED
        return Interruption.STOPPING if self._stopping else None

    def _end_session(self, session_id: str, why: Interruption) -> None:
        """The main thread did not get to it in time."""
        try:
            if why is Interruption.CANCELLED:
                finish(self._store, self._store.get(session_id), self._worker_id, SessionStatus.CANCELLED, None)
            else:
                release(self._store, session_id, self._worker_id)
        except (LeaseLost, UnknownSession):
            pass
        self._leave_if_still_at(session_id, why)

    def _leave_if_still_at(self, session_id: str, why: Interruption) -> None:
        if self._beat.session_id == session_id:  # else the main thread came to its end in this very moment
            self._leave(why)
