"""Takes back what died, in a thread of its own, so that the desk answers while a large folder is gone through."""

import logging
import queue
import threading

from ..models.errors import Busy, ScenekeeperError
from ..state.recoverer import Recoverer
from ..state.store import SessionStore

__all__ = ["RecoveryThread"]

log = logging.getLogger("scenekeeper.window")

_SWEEP_S = 5.0


class RecoveryThread:
    """The whole folder once, then what is unfinished every few seconds, and dead workers at once."""

    def __init__(self, store: SessionStore) -> None:
        self._recoverer = Recoverer(store)
        self._dead: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._scanned = False
        self._thread = threading.Thread(target=self._run, name="scenekeeper-window-recovery", daemon=True)

    def start(self) -> None:
        """Begin with the whole folder."""
        self._thread.start()

    def worker_died(self, worker_id: str) -> None:
        """Take back what it had. Any thread."""
        self._dead.put(worker_id)

    def stop(self) -> None:
        """End, after what was told so far."""
        self._dead.put(None)
        self._thread.join()

    def _run(self) -> None:
        while True:
            self._go_through()
            try:
                worker_id = self._dead.get(timeout=_SWEEP_S)
            except queue.Empty:
                continue
            if worker_id is None:
                return
            self._take_back(worker_id)

    def _go_through(self) -> None:
        try:
            if self._scanned:
                self._recoverer.keep_up()
            else:
                self._recoverer.scan()
                self._scanned = True
        except Busy:
            pass
        except ScenekeeperError as error:
            log.warning("recovery is tried again: %s", error)

    def _take_back(self, worker_id: str) -> None:
        try:
            self._recoverer.recover_worker(worker_id)
        except ScenekeeperError as error:
            # The next sweep finds its lease free.
            log.warning("recovery is tried again: %s", error)
