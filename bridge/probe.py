"""Asks a worker how it is, over HTTP, at the address that its lease tells. On the bridge's main thread."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from pydantic import ValidationError

from addon.models.api import BlenderHealth, Health
from addon.state.leases import read_lease

__all__ = ["Answer", "Prober"]


@dataclass(frozen=True)
class Answer:
    """The newest answer, and when it came (seconds of the injected clock)."""

    at: float
    address: str
    blender: BlenderHealth


class Prober:
    """Probes one worker until cancelled; ``answer`` is the newest answer."""

    def __init__(
        self, output: Path, worker_id: str, token: str | None, clock: Callable[[], float], *, timeout_s: float
    ) -> None:
        self._output = output
        self._worker_id = worker_id
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._clock = clock
        self._timeout = aiohttp.ClientTimeout(total=timeout_s)
        self.answer: Answer | None = None

    async def run(self, interval_s: float) -> None:
        """Probe for ever, ``interval_s`` apart."""
        async with aiohttp.ClientSession(headers=self._headers, timeout=self._timeout) as session:
            while True:
                await self._probe(session)
                await asyncio.sleep(interval_s)

    async def _probe(self, session: aiohttp.ClientSession) -> None:
        lease = read_lease(self._output, self._worker_id)
        if lease is None or lease.address is None:
            return
        with contextlib.suppress(aiohttp.ClientError, TimeoutError, ValidationError):
            async with session.get(f"{lease.address}/api/health") as response:
                health = Health.model_validate_json(await response.read())
            self.answer = Answer(self._clock(), lease.address, health.blender)
