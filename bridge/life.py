"""One life of a worker: started, watched until it ends or must be killed. On the bridge's main thread."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from addon.models.api import BlenderHealth, BlenderState
from addon.models.base import utc_now

from .hand import Hand
from .liveness import Deadlines, Look, Verdict, Vitals, born, judge
from .probe import Prober
from .process import WorkerProcess

__all__ = ["End", "Life"]

_log = logging.getLogger("scenekeeper.bridge.life")
_TICK_S = 0.2
_PROBE_INTERVAL_S = 0.5


@dataclass(frozen=True)
class End:
    """How it ended. ``killed``: why we ended it, None: it ended by itself."""

    exit_code: int
    killed: str | None = None
    cancelled: bool = False
    stopped: bool = False

    def reason(self) -> str:
        """For people and logs."""
        if self.killed is not None:
            return f"killed: {self.killed}"
        return f"ended by signal {-self.exit_code}" if self.exit_code < 0 else f"exited with {self.exit_code}"


class Life:
    """Watches one started process."""

    def __init__(
        self, process: WorkerProcess, prober: Prober, hand: Hand, deadlines: Deadlines, clock: Callable[[], float]
    ) -> None:
        self.process = process
        self.hand = hand
        self.started_at = utc_now()
        self._prober = prober
        self._deadlines = deadlines
        self._clock = clock
        self._born_at = clock()
        self._vitals: Vitals = born(self._born_at)

    @property
    def address(self) -> str | None:
        """Where its server answers."""
        return self._prober.answer.address if self._prober.answer else None

    def age_s(self) -> float:
        """Since it was started."""
        return self._clock() - self._born_at

    def ready_for_s(self) -> float | None:
        """Since it first was up and answering; None: it never was."""
        return None if self._vitals.ready_at is None else self._clock() - self._vitals.ready_at

    async def watch(self, stopping: asyncio.Event, stop_deadline_s: float) -> End:
        """Until it has ended, for certain."""
        watchers = [
            asyncio.create_task(self._prober.run(_PROBE_INTERVAL_S)),
            asyncio.create_task(self.hand.run(_TICK_S)),
        ]
        ended = asyncio.create_task(self.process.wait())
        stop = asyncio.create_task(stopping.wait())
        try:
            while True:
                await asyncio.wait({ended, stop}, timeout=_TICK_S, return_when=asyncio.FIRST_COMPLETED)
                if ended.done():
                    return End(await self.process.kill())
                if stop.done():
                    return End(await self.process.stop(stop_deadline_s), stopped=True)
                verdict = self._look()
                if verdict.kill is not None:
                    _log.error(
                        "worker_killed",
                        extra={
                            "worker_id": self.process.id,
                            "pid": self.process.pid,
                            "reason": verdict.kill,
                            "session_id": self.hand.session_id,
                        },
                    )
                    return End(await self.process.kill(), verdict.kill, verdict.cancelled)
        finally:
            for task in (*watchers, ended, stop):
                task.cancel()
            await asyncio.gather(*watchers, ended, stop, return_exceptions=True)

    def _look(self) -> Verdict:
        answer = self._prober.answer
        now = self._clock()
        look = Look(
            at=now,
            answered_at=answer.at if answer else None,
            ready=answer is not None and answer.blender.state is not BlenderState.STARTING,
            # As it was when it answered: while nothing answers, the silence counts.
            beat_age_s=answer.blender.last_beat_age_s if answer else None,
            rendering=self.hand.rendering,
            cpu_s=self.process.cpu_s(),
            cancelling=self.hand.cancelling,
        )
        self._vitals, verdict = judge(self._vitals, look, self._deadlines)
        return verdict

    def health(self, restarts: int) -> BlenderHealth:
        """What ``/api/health`` says of it."""
        answer = self._prober.answer
        state = answer.blender.state if answer else BlenderState.STARTING
        if state is BlenderState.STARTING and restarts:
            state = BlenderState.RESTARTING
        age = None
        if answer is not None and answer.blender.last_beat_age_s is not None:
            age = round(answer.blender.last_beat_age_s + self._clock() - answer.at, 3)
        silent = answer is not None and self._clock() - answer.at > self._deadlines.silence_s / 2
        return BlenderHealth(
            state=BlenderState.HUNG if silent else state,
            pid=self.process.pid,
            version=answer.blender.version if answer else None,
            last_beat_age_s=age,
            restarts=restarts,
            session_id=self.hand.session_id,
            # On a full disk the index cannot tell what a session waits for.
            message=answer.blender.message if answer else None,
        )
