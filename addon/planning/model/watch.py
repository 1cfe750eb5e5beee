"""Runs network work in the worker's main thread while that goes on giving signs of life, up to a deadline."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from ..protocol import Waiting
from .endpoint import ModelUnavailable

__all__ = ["run_watched"]

T = TypeVar("T")
_TICK_S = 0.2


def run_watched(work: Callable[[float], Coroutine[Any, Any, T]], timeout_s: float, waiting: Waiting) -> T:
    """The result of ``work``, which is given the event loop's time of its deadline.

    ``waiting`` is called a few times a second; what it raises ends the work and is raised here, as is
    ``ModelUnavailable`` at the deadline.
    """
    # Not the default loop: on Windows that takes over the signal wake-up descriptor, by which the worker is stopped.
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        return runner.run(_watched(work, timeout_s, waiting))


async def _watched(work: Callable[[float], Coroutine[Any, Any, T]], timeout_s: float, waiting: Waiting) -> T:
    loop = asyncio.get_running_loop()
    began = loop.time()
    task = asyncio.ensure_future(work(began + timeout_s))
    try:
        while not task.done():
            waited = loop.time() - began
            if waited >= timeout_s:
                raise ModelUnavailable(f"The language model did not answer within {timeout_s:g} s.")
            waiting(f"Waiting for the language model ({waited:.0f} s)")
            await asyncio.wait({task}, timeout=min(_TICK_S, timeout_s - waited))
        return task.result()
    finally:
        task.cancel()
        await asyncio.wait({task})
