"""What a worker has in hand, as the index tells. Read on a background thread, kept for the bridge's main thread."""

import asyncio
import logging

from addon.models.errors import ScenekeeperError
from addon.models.session import SessionStatus, StageName
from addon.state.rows import SessionRow
from addon.state.store import SessionStore

from .background import Background

__all__ = ["Hand"]

_log = logging.getLogger("scenekeeper.bridge.hand")
_RENDERING = frozenset({StageName.RENDER, StageName.ANIMATION, StageName.REVIEWER})


class Hand:
    """Follows the sessions of one worker. ``worked``: it has had one at some time."""

    def __init__(self, store: SessionStore, worker_id: str, background: Background) -> None:
        self._store = store
        self._worker_id = worker_id
        self._background = background
        self._version: int | None = None
        self._rows: list[SessionRow] = []
        self.worked = False

    @property
    def session_id(self) -> str | None:
        """The session that it works on."""
        return self._rows[0].id if self._rows else None

    @property
    def rendering(self) -> bool:
        """Whether that session is in a stage that renders."""
        return any(row.current_stage in _RENDERING for row in self._rows)

    @property
    def cancelling(self) -> str | None:
        """The session whose cancel was asked for and that still runs."""
        return next((row.id for row in self._rows if row.cancel_requested), None)

    async def run(self, interval_s: float) -> None:
        """Follow for ever."""
        while True:
            try:
                self._rows = await self._background.run(self._read)
            except ScenekeeperError as error:
                _log.warning("index_unreadable", extra={"error": str(error)})
            self.worked = self.worked or bool(self._rows)
            await asyncio.sleep(interval_s)

    def _read(self) -> list[SessionRow]:
        version = self._store.index.data_version()
        if version == self._version:
            return self._rows
        page = self._store.page(status=SessionStatus.IN_PROGRESS, limit=100)
        self._version = version
        return [row for row in page.rows if row.worker_id == self._worker_id]
