"""The desk: a thread that does what the panel asks and keeps a snapshot for it. Opened and closed on the main thread.

Standard library only: what takes long to load (pydantic, the store) is loaded by the thread, not by Blender's window.
"""

import logging
import queue
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

from .orders import Order, Refused
from .snapshot import DeskState, Snapshot

__all__ = ["Config", "Desk"]

log = logging.getLogger("scenekeeper.window")

_TICK_S = 0.25
_TRY_AGAIN_S = 3.0


@dataclass(frozen=True)
class Config:
    """``command`` starts a worker; ``serve_port``: where it answers REST, None: on a free port for nobody.

    ``environment`` has the worker's settings; it may hold a key, so it is shown nowhere.
    """

    output: Path
    command: tuple[str, ...]
    serve_port: int | None = None
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)


class Desk:
    """Open it, ``submit`` orders, look at ``snapshot``, close it."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self._orders: queue.SimpleQueue[tuple[Order, Future[str]] | None] = queue.SimpleQueue()
        self._snapshot = Snapshot(DeskState.OPENING)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scenekeeper-desk", daemon=True)

    @property
    def snapshot(self) -> Snapshot:
        """The newest; the same object as before where nothing has changed."""
        return self._snapshot

    def open(self) -> None:
        """Start the thread."""
        self._thread.start()

    def submit(self, order: Order) -> Future[str]:
        """Have an order done: a sentence for the artist, or ``Refused`` with one."""
        future: Future[str] = Future()
        self._orders.put((order, future))
        return future

    def close(self) -> None:
        """End the worker (its session waits again) and the thread."""
        self._closing.set()
        self._orders.put(None)
        self._thread.join()
        self._refuse_rest("Blender is closing.")

    def _show(self, snapshot: Snapshot) -> None:
        if snapshot != self._snapshot:
            self._snapshot = snapshot

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                self._work()
            except Exception as error:
                # The edge of this thread: whatever it was, the artist is told and it is tried again.
                if not isinstance(error, Refused):
                    log.exception("the desk has trouble")
                told = str(error) or type(error).__name__
                self._show(Snapshot(DeskState.OPEN, problem=told))
                self._refuse_rest(told)
                self._closing.wait(_TRY_AGAIN_S)

    def _work(self) -> None:
        from .work import Work  # noqa: PLC0415 - takes long to load

        with Work(self.config) as work:
            while not self._closing.is_set():
                self._show(work.look())
                try:
                    item = self._orders.get(timeout=_TICK_S)
                except queue.Empty:
                    continue
                if item is not None:
                    self._do(work.do, *item)

    @staticmethod
    def _do(do: Callable[[Order], str], order: Order, future: Future[str]) -> None:
        try:
            future.set_result(do(order))
        except Exception as error:
            if not isinstance(error, Refused):
                log.exception("an order failed")
            future.set_exception(error)

    def _refuse_rest(self, why: str) -> None:
        while not self._orders.empty():
            item = self._orders.get()
            if item is not None:
                item[1].set_exception(Refused(why))
