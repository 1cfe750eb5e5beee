"""Keeps a Blender running: starts it, restarts it, gives up loudly, recovers after each death. Bridge's main thread.

This is also the seam for a dispatcher that spans machines: whatever runs workers for the bridge has ``run``,
``stop``, ``restart``, ``health`` and ``report``. Sessions reach workers through the index, so nothing is submitted.
"""

import asyncio
import logging
import os
import time
import uuid
from collections import deque
from collections.abc import Callable
from pathlib import Path

from addon.models.api import BlenderHealth, BlenderState
from addon.models.base import utc_now
from addon.models.errors import ScenekeeperError
from addon.models.settings import Settings
from addon.state.recoverer import Recoverer
from addon.state.store import SessionStore

from .background import Background
from .blender import BlenderFound, NoBlender, find_blender
from .blender_log import new_log, tail
from .environment import worker_environment
from .extension import install_extension
from .hand import Hand
from .life import End, Life
from .liveness import Deadlines
from .policy import REPLACE_ME, Death, RestartHistory, RestartRules, after_death
from .probe import Prober
from .process import WorkerProcess
from .reports import BridgeReport, BridgeState, DeathReport, WorkerReport

__all__ = ["Supervisor"]

_log = logging.getLogger("scenekeeper.bridge.supervisor")
_PROBE_TIMEOUT_S = 2.0
_FOLDER_RETRY_S = 2.0
_CANCEL_MARGIN_S = 1.0
"""What a worker has on top of ``cancel_grace_s`` to end by itself after a cancel."""


class Supervisor:
    """The one Blender of this bridge."""

    def __init__(
        self,
        store: SessionStore,
        settings: Settings,
        recoverer: Recoverer,
        *,
        supervisor_id: str,
        rules: RestartRules | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._settings = settings
        self._recoverer = recoverer
        self._supervisor_id = supervisor_id
        self._rules = rules or RestartRules()
        self._clock = clock
        self._watching = Background("watch")
        self._recovering = Background("recover-worker")
        self._stopping = asyncio.Event()
        self._wake = asyncio.Event()
        self._history = RestartHistory()
        self._state = BridgeState.STARTING
        self._message: str | None = None
        self._found: BlenderFound | None = None
        self._life: Life | None = None
        self._starts = 0
        self._next_start_at: float | None = None
        self._deaths: deque[DeathReport] = deque(maxlen=20)

    # ------------------------------------------------------------------ what others call

    async def run(self) -> None:
        """Until ``stop``."""
        while not self._stopping.is_set():
            delay_s = await self._round()
            if self._stopping.is_set():
                break
            await self._rest(delay_s)
        self._state = BridgeState.STOPPING

    def waits(self, why: str) -> bool:
        """It is not run yet, for a reason that people may see; whether that is news."""
        news, self._state, self._message = self._message != why, BridgeState.WAITING, why
        return news

    def stop(self) -> None:
        """Stop Blender cleanly and end ``run``."""
        self._state = BridgeState.STOPPING
        self._stopping.set()
        self._wake.set()

    def restart(self) -> None:
        """Start at once where it waits or has given up; earlier deaths are forgiven."""
        self._history = RestartHistory()
        self._wake.set()

    def health(self) -> BlenderHealth:
        """What ``/api/health`` says of Blender."""
        restarts = max(0, self._starts - 1)
        if self._life is not None:
            return self._life.health(restarts)
        states = {BridgeState.GIVEN_UP: BlenderState.GIVEN_UP, BridgeState.NO_BLENDER: BlenderState.ABSENT}
        waiting = BlenderState.RESTARTING if self._starts else BlenderState.STARTING
        return BlenderHealth(state=states.get(self._state, waiting), restarts=restarts, message=self._message)

    def report(self) -> BridgeReport:
        """What ``/api/bridge`` says."""
        worker = None
        if self._life is not None:
            health = self._life.health(max(0, self._starts - 1))
            worker = WorkerReport(
                id=self._life.process.id,
                pid=self._life.process.pid,
                started_at=self._life.started_at,
                address=self._life.address,
                state=health.state,
                session_id=health.session_id,
            )
        waits = self._next_start_at is not None
        return BridgeReport(
            state=self._state,
            blender=f"{self._found.kind} {self._found.version}" if self._found else None,
            worker=worker,
            restarts=max(0, self._starts - 1),
            deaths=list(self._deaths),
            next_start_in_s=round(max(0.0, (self._next_start_at or 0.0) - self._clock()), 2) if waits else None,
            message=self._message,
        )

    # ------------------------------------------------------------------ the loop

    async def _round(self) -> float | None:
        """Find a Blender, let it live, recover. The delay until the next start; None: until somebody asks."""
        try:
            self._found = await self._watching.run(lambda: find_blender(self._settings.blender))
            if self._found.program is not None:
                program = self._found.program
                profile = self._profile(self._found)
                await self._recovering.run(lambda: install_extension(program, profile))
        except (NoBlender, OSError) as error:
            self._state, self._message = BridgeState.NO_BLENDER, str(error)
            _log.error("no_blender", extra={"reason": str(error)})
            return None
        return await self._one_life(self._found)

    async def _rest(self, delay_s: float | None) -> None:
        self._wake.clear()
        if self._stopping.is_set():
            return
        if delay_s is None:
            await self._wake.wait()
            return
        self._state = BridgeState.WAITING
        self._next_start_at = self._clock() + delay_s
        try:
            await asyncio.wait_for(self._wake.wait(), delay_s)
        except TimeoutError:
            pass
        finally:
            self._next_start_at = None

    async def _one_life(self, found: BlenderFound) -> float | None:
        worker_id = str(uuid.uuid4())
        try:
            log = new_log(self._store.output, worker_id, utc_now())
        except OSError as error:
            # No room or read-only: nothing could be made now, and that is not Blender's fault, so it does not count.
            self._message = f"The output folder cannot be written: {error.strerror}."
            _log.error("folder_not_writable", extra={"reason": error.strerror})
            return _FOLDER_RETRY_S
        # Who names a model lets it be asked.
        command = found.command(online=bool(self._settings.model_url))
        environment = worker_environment(
            os.environ, self._settings, worker_id, self._supervisor_id, found.environment(self._profile(found))
        )
        try:
            process = await WorkerProcess.start(worker_id, self._store.output, command, environment, log)
        except OSError as error:
            _log.error("blender_not_started", extra={"reason": error.strerror})
            return self._decide(Death(None, had_session=False, worked=False), f"it cannot be run: {error.strerror}")
        self._starts += 1
        self._state, self._message = BridgeState.RUNNING, None
        _log.info(
            "worker_started",
            extra={"worker_id": worker_id, "pid": process.pid, "blender": f"{found.kind} {found.version}"},
        )
        token = self._settings.token.get_secret_value() if self._settings.token else None
        prober = Prober(self._store.output, worker_id, token, self._clock, timeout_s=_PROBE_TIMEOUT_S)
        life = Life(process, prober, Hand(self._store, worker_id, self._watching), self._deadlines(), self._clock)
        self._life = life
        try:
            # Nothing is left of the deadline for the HTTP server if Blender may use all of it.
            end = await life.watch(self._stopping, max(0.5, self._settings.stop_deadline_s - 1.5))
        finally:
            self._life = None
        return await self._after(life, end, tail(log))

    async def _after(self, life: Life, end: End, last_lines: str) -> float | None:
        sessions = await self._recover(life.process.id)
        death = Death(
            ready_for_s=life.ready_for_s(),
            had_session=bool(sessions),
            worked=life.hand.worked or bool(sessions),
            replaced=end.cancelled or (end.killed is None and end.exit_code == REPLACE_ME),
        )
        self._deaths.append(
            DeathReport(
                at=utc_now(),
                worker_id=life.process.id,
                exit_code=end.exit_code,
                reason=end.reason(),
                lived_s=round(life.age_s(), 3),
                sessions=sessions,
            )
        )
        _log.log(
            logging.INFO if end.stopped or death.replaced else logging.WARNING,
            "worker_ended",
            extra={
                "worker_id": life.process.id,
                "pid": life.process.pid,
                "reason": end.reason(),
                "lived_s": life.age_s(),
                "session_id": ",".join(sessions) or None,
                "output": None if end.stopped or death.replaced else last_lines,
            },
        )
        return 0.0 if end.stopped else self._decide(death, end.reason())

    async def _recover(self, worker_id: str) -> list[str]:
        """Recover what a dead worker had in hand; the ids. What fails here, the next sweep does."""
        try:
            summary = await self._recovering.run(lambda: self._recoverer.recover_worker(worker_id))
        except ScenekeeperError as error:
            _log.error("recovery_failed", extra={"worker_id": worker_id, "error": str(error)})
            return []
        return [str(session["id"]) for session in summary.sessions]

    def _decide(self, death: Death, reason: str) -> float | None:
        restart = after_death(self._history, death, self._rules)
        self._history = restart.history
        if restart.gives_up:
            self._state = BridgeState.GIVEN_UP
            self._message = (
                f"Blender died {self._history.idle_deaths} times in a row without doing anything, last: {reason}. "
                "See the newest file in the output folder's .logs, put it right, then POST /api/bridge/restart."
            )
            _log.critical("given_up", extra={"deaths": self._history.idle_deaths, "reason": reason})
        else:
            _log.info("restarting", extra={"delay_s": restart.delay_s})
        return restart.delay_s

    def _deadlines(self) -> Deadlines:
        settings = self._settings
        return Deadlines(
            start_s=settings.start_deadline_s,
            silence_s=settings.silence_deadline_s,
            hang_s=settings.hang_deadline_s,
            cancel_s=settings.cancel_grace_s + _CANCEL_MARGIN_S,
        )

    def _profile(self, found: BlenderFound) -> Path:
        return self._store.output / ".blender" / found.version
