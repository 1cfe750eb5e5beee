"""What the routes need of the process they run in. Filled once by the composition root; read in the server loop."""

import asyncio
import functools
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

from aiohttp import web

from ..models.api import BlenderHealth, RecoveryHealth, RecoverySummary, Role
from ..models.settings import Settings
from ..state.store import SessionStore
from .limits import Limits
from .metrics import Sample

__all__ = ["CONTEXT", "FILES", "WRITES", "ServerContext", "run_blocking"]

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class ServerContext:
    """One server's surroundings.

    ``blender_health`` and ``recovery_health`` are called in the server loop and must return at once.
    ``recover`` blocks; it is called in a thread and may raise ``Busy``.
    ``extra_metrics`` gives further samples for /metrics, at once.
    ``started_at`` is ``time.monotonic()`` of the start.
    """

    store: SessionStore
    settings: Settings
    role: Role
    version: str
    blender_health: Callable[[], BlenderHealth]
    recovery_health: Callable[[], RecoveryHealth]
    recover: Callable[[], RecoverySummary]
    extra_metrics: Callable[[], Iterable[Sample]] = tuple
    limits: Limits = field(default_factory=Limits)
    started_at: float = field(default_factory=time.monotonic)


CONTEXT = web.AppKey("context", ServerContext)
WRITES = web.AppKey("writes", ThreadPoolExecutor)
"""Threads for what changes sessions: short work that waits for fsync."""
FILES = web.AppKey("files", ThreadPoolExecutor)
"""Threads for what reads whole files or folders, so that it never holds up the former."""


async def run_blocking(executor: ThreadPoolExecutor, work: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Do what waits for a disk in a thread of ``executor``. The work goes on when the request is cancelled."""
    return await asyncio.get_running_loop().run_in_executor(executor, functools.partial(work, *args, **kwargs))
