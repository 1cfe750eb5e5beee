"""What changes, told to everybody who listens: one look at the index for all of them. Server loop.

Other processes are not asked and need not call: their commits change SQLite's ``data_version``, which is polled.
A listener that is slow gets the newest state of each session, never a growing queue.
"""

import asyncio
import contextlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from aiohttp import web

from ..models.api import SessionEvent
from ..models.errors import ScenekeeperError
from ..state.rows import SessionRow
from ..state.store import SessionStore
from .limits import Limits
from .problems import RequestRefused
from .views import event_from_row, event_name

__all__ = ["FEED", "Change", "Feed", "Subscription"]

log = logging.getLogger("scenekeeper.server.feed")
_PAGE = 500


@dataclass(frozen=True)
class Change:
    """One session's newest state. ``frame`` is it as a server-sent event, made once for all listeners."""

    row: SessionRow

    @cached_property
    def event(self) -> SessionEvent:
        """For listeners that are not server-sent events."""
        return event_from_row(self.row)

    @property
    def name(self) -> str:
        """``progress``, ``complete`` or ``error``."""
        return event_name(self.row.status)

    @cached_property
    def frame(self) -> bytes:
        """The event; its id is ``seq``. JSON has no line breaks in it, so one data line is enough."""
        data = self.event.model_dump_json()
        return f"id: {self.row.seq}\nevent: {self.name}\ndata: {data}\n\n".encode()


class Subscription:
    """One listener's changes that it has not taken yet, at most one for each session."""

    def __init__(self, session_id: str | None, backlog: int) -> None:
        self.session_id = session_id
        self.closed = False
        self._backlog = backlog
        self._waiting: dict[str, Change] = {}
        self._wake = asyncio.Event()

    def offer(self, change: Change) -> None:
        """A change, if it is of this listener's session. Too many untaken ones end the subscription."""
        if self.session_id not in {None, change.row.id}:
            return
        self._waiting[change.row.id] = change
        if len(self._waiting) > self._backlog:
            self.close()
        self._wake.set()

    def close(self) -> None:
        """No more changes; ``take`` returns at once."""
        self.closed = True
        self._waiting.clear()
        self._wake.set()

    async def take(self, timeout_s: float) -> list[Change]:
        """Changes since the last call, in order; an empty list after ``timeout_s`` without any."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._wake.wait()
        self._wake.clear()
        taken = sorted(self._waiting.values(), key=lambda change: change.row.seq)
        self._waiting.clear()
        return taken


class Feed:
    """The one poller of an app, and its listeners."""

    def __init__(self, store: SessionStore, limits: Limits) -> None:
        self._store = store
        self._limits = limits
        self._listeners: set[Subscription] = set()
        self._cursor = 0
        self._version: tuple[int, int] | None = None
        self._healthy = True

    @property
    def listeners(self) -> int:
        """How many listen now."""
        return len(self._listeners)

    @contextlib.contextmanager
    def subscribe(self, session_id: str | None = None) -> Iterator[Subscription]:
        """Listen to one session or to all, from now on. Raises ``RequestRefused`` (503) when too many listen."""
        if len(self._listeners) >= self._limits.streams:
            raise RequestRefused(503, "too_many_streams", "Too many event streams are open. Try again later.")
        if not self._listeners:
            self._cursor = self._store.index.last_seq()
            self._version = None
        listener = Subscription(session_id, self._limits.stream_backlog)
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)

    async def run(self) -> None:
        """Poll for ever; nothing is asked of the index while nobody listens."""
        while True:
            await asyncio.sleep(self._limits.poll_s)
            if not self._listeners:
                continue
            try:
                self._poll()
                self._healthy = True
            except ScenekeeperError as error:
                if self._healthy:
                    log.warning("Changes cannot be read: %s", error)
                self._healthy = False

    def _poll(self) -> None:
        # The first alone misses what this thread's own connection writes, the second what takes no new number.
        version = (self._store.index.data_version(), self._store.index.last_seq())
        if version == self._version:
            return
        while True:
            rows = self._store.changes_since(self._cursor, limit=_PAGE)
            for row in rows:
                change = Change(row)
                for listener in self._listeners:
                    listener.offer(change)
                self._cursor = row.seq
            if len(rows) < _PAGE:
                break
        self._version = version

    def close(self) -> None:
        """End all subscriptions: the server stops."""
        for listener in self._listeners:
            listener.close()


FEED = web.AppKey("feed", Feed)
