"""Runs blocking work off the event loop, on daemon threads that never keep the process from ending.

The interpreter waits for the threads of an ordinary executor at exit; a recovery of many thousand folders would hold
up a stop for minutes. What runs here can be killed at any instruction, so nobody has to wait for it.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from typing import TypeVar

__all__ = ["Background"]

_T = TypeVar("_T")


class Background:
    """One thread, used from one event loop. Calls run one after the other."""

    def __init__(self, name: str) -> None:
        self._calls: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        threading.Thread(target=self._work, name=f"scenekeeper-{name}", daemon=True).start()

    def _work(self) -> None:
        while True:
            self._calls.get()()

    async def run(self, call: Callable[[], _T]) -> _T:
        """``call()`` on the thread; its value, or what it raised."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[_T] = loop.create_future()

        def settle(value: _T | None, error: BaseException | None) -> None:
            if future.done():  # whoever waited was cancelled
                return
            if error is not None:
                future.set_exception(error)
            else:
                future.set_result(value)  # type: ignore[arg-type]  # None only where _T allows it

        def work() -> None:
            value: _T | None = None
            error: BaseException | None = None
            try:
                value = call()
            except BaseException as raised:  # noqa: BLE001 - handed to whoever waits
                error = raised
            if not loop.is_closed():
                loop.call_soon_threadsafe(settle, value, error)

        self._calls.put(work)
        return await future
