"""The worker of one window: started for work that nobody else does, and again when it dies. Desk's thread."""

import logging
import time
from collections.abc import Callable
from pathlib import Path

from ..state.leases import LeaseState, lease_state, leases, read_lease
from .child import ChildBlender
from .desk import Config
from .rules import GIVE_UP_AFTER, REPLACE_ME, Situation, shall_let_go, shall_start, streak_after

__all__ = ["Crew"]

log = logging.getLogger("scenekeeper.window")

_BRIDGE_LEASE = "bridge"
_EXIT_UNAVAILABLE = 69
_LONG_AGO = float("-inf")


class Crew:
    """``look`` again and again; ``problem`` says what keeps it from working."""

    def __init__(
        self,
        config: Config,
        supervisor: str,
        *,
        died: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``died`` is told each worker's id when it has ended, so that its session can be taken back."""
        self._config = config
        self._supervisor = supervisor
        self._died = died
        self._clock = clock
        self._child: ChildBlender | None = None
        self._started = 0.0
        self._busy = 0.0
        self._died_at = _LONG_AGO
        self._streak = 0
        self._port_taken = False
        self.problem = ""

    def look(self, *, waiting: int, running: int) -> None:
        """Start, bury or let go a worker, as the numbers of waiting and running sessions want it."""
        now = self._clock()
        if self._child is not None and self._child.exit_code is not None:
            self._bury(self._child, self._child.exit_code, now)
        if self._child is None:
            self._start_if_wanted(waiting, now)
        elif waiting or running:
            self._busy = now
        elif shall_let_go(idle_s=now - self._busy, serves=self._config.serve_port is not None):
            self.stop()

    def encourage(self) -> None:
        """The artist wants something: earlier deaths are forgiven."""
        self._streak, self._died_at, self.problem = 0, _LONG_AGO, ""

    def starting(self) -> bool:
        """Whether this window's worker is on its way, and cannot claim anything yet."""
        return self._child is not None and read_lease(self._config.output, self._child.id) is None

    def address(self) -> str:
        """Where this window's worker answers other programs; empty where it is not to."""
        if self._child is None or self._config.serve_port is None or self._port_taken:
            return ""
        lease = read_lease(self._config.output, self._child.id)
        return (lease.address or "") if lease is not None else ""

    def stop(self) -> None:
        """End the worker; its session waits again."""
        child, self._child = self._child, None
        if child is not None:
            child.stop()
            self._died(child.id)

    def _start_if_wanted(self, waiting: int, now: float) -> None:
        serves = self._config.serve_port is not None
        if not waiting and not serves:
            return
        others = _others_work(self._config.output)
        if not shall_start(Situation(waiting, serves, others, self._streak, now - self._died_at)):
            return
        port = 0 if self._config.serve_port is None or self._port_taken else self._config.serve_port
        try:
            self._child = ChildBlender.start(
                self._config.command, self._config.output, self._supervisor, port, self._config.environment
            )
        except OSError as error:
            self._mourn(now, 1, 0.0, f"it cannot be started: {error.strerror}")
            return
        self._started = self._busy = now
        log.info("worker started", extra={"worker_id": self._child.id})

    def _bury(self, child: ChildBlender, exit_code: int, now: float) -> None:
        self._child = None
        child.let_go()
        self._died(child.id)
        log.warning("worker ended with %d", exit_code, extra={"worker_id": child.id})
        if exit_code == _EXIT_UNAVAILABLE and self._config.serve_port is not None and not self._port_taken:
            # Sessions go on all the same, on a port that nobody needs to know.
            self._port_taken = True
            self.problem = f"REST is not served: {child.last_words()}"
            return
        self._mourn(now, exit_code, now - self._started, child.last_words())

    def _mourn(self, now: float, exit_code: int, lived_s: float, last_words: str) -> None:
        self._died_at = now
        self._streak = streak_after(self._streak, exit_code, lived_s)
        if exit_code != REPLACE_ME and self._streak >= GIVE_UP_AFTER:
            self.problem = f"The Blender in the background does not run. It said: {last_words}"


def _others_work(output: Path) -> bool:
    """Whether a bridge has the folder, or somebody else's worker."""
    if lease_state(output, _BRIDGE_LEASE) is LeaseState.HELD:
        return True
    workers = (lease.id for lease in leases(output) if lease.kind == "worker")
    return any(lease_state(output, worker_id) is LeaseState.HELD for worker_id in workers)
