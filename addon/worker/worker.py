"""The worker: claims sessions and works on them, one after the other, on Blender's main thread."""

import logging
import time
from pathlib import Path

from ..models.errors import LeaseLost, ScenekeeperError, SessionCancelled, StateUnreadable, UnknownSession
from ..models.session import Session, SessionStatus, WorkerRef
from ..planning import Planner, Things
from ..state.claims import claim, finish, release
from ..state.store import SessionStore
from .backend import SceneBackend
from .beat import Beat
from .monitor import Interruption, Monitor
from .run import SessionRun
from .session_log import session_log

__all__ = ["Stopping", "Worker"]

log = logging.getLogger("scenekeeper.worker")

_IDLE_PAUSE_S = 0.03
_TROUBLE_PAUSE_S = 1.0


class Stopping(ScenekeeperError):
    """The process is to end."""


class Worker:
    """Runs sessions of one store with one backend, under the lease that ``ref`` names."""

    def __init__(
        self,
        store: SessionStore,
        ref: WorkerRef,
        backend: SceneBackend,
        catalogue: Things,
        planner: Planner,
        beat: Beat,
        monitor: Monitor,
        *,
        redirect_output: bool,
    ) -> None:
        self._store = store
        self._ref = ref
        self._backend = backend
        self._catalogue = catalogue
        self._planner = planner
        self._beat = beat
        self._monitor = monitor
        self._redirect_output = redirect_output

    def run(self) -> None:
        """Work until the monitor says that the process is stopping."""
        while not self._monitor.stopping:
            if not self.step():
                self._beat.touch()
                time.sleep(_IDLE_PAUSE_S)

    def step(self, only: str | None = None) -> bool:
        """Claim a session (``only``: this one) and work on it to its end. False: there was none to claim."""
        try:
            session = claim(self._store, self._ref, only=only)
        except ScenekeeperError as error:
            log.warning("cannot claim: %s", error)
            time.sleep(_TROUBLE_PAUSE_S)
            return False
        if session is None:
            return False
        self._beat.begin(session.id)
        try:
            with session_log(self._folder(session), redirect=self._redirect_output):
                self._work(session)
            self._backend.reset()
        finally:
            self._beat.begin(None)
        return True

    def _folder(self, session: Session) -> Path:
        return self._store.folder(session.id)

    def _work(self, session: Session) -> None:
        extra = {"session_id": session.id}
        log.info("session begins, attempt %d", session.attempts, extra=extra)

        def check() -> None:
            why = self._monitor.interruption(session.id)
            if why is Interruption.CANCELLED:
                raise SessionCancelled("cancelled")
            if why is Interruption.TAKEN_OVER:
                raise LeaseLost("taken over")
            if why is Interruption.STOPPING:
                raise Stopping("stopping")

        run = SessionRun(
            self._store, self._ref.id, session, self._backend, self._catalogue, self._planner, self._beat, check
        )
        try:
            ended = run.run()
            log.info("session ends: %s", ended.status.value, extra=extra)
        except SessionCancelled:
            self._end(session, SessionStatus.CANCELLED)
        except Stopping:
            self._end(session, SessionStatus.PENDING)
        except (LeaseLost, UnknownSession, StateUnreadable):
            log.warning("the session is not this worker's any more", extra=extra)

    def _end(self, session: Session, status: SessionStatus) -> None:
        while True:
            try:
                if status is SessionStatus.CANCELLED:
                    finish(self._store, self._store.get(session.id), self._ref.id, status, None)
                else:
                    release(self._store, session.id, self._ref.id)
            except (LeaseLost, UnknownSession):
                return  # the monitor was quicker, or the folder was taken away
            except ScenekeeperError as error:
                log.warning("cannot end the session yet: %s", error, extra={"session_id": session.id})
                if self._monitor.stopping:
                    return  # recovery ends it
                self._beat.touch()
                time.sleep(_TROUBLE_PAUSE_S)
            else:
                log.info("session ends: %s", status.value, extra={"session_id": session.id})
                return
