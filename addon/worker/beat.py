"""What the main thread is doing, for other threads: its last sign of life, its session, its progress. Any thread.

Only plain attribute writes, so the main thread never waits for a reader.
"""

import time
from collections.abc import Callable

from ..models.session import StageName

__all__ = ["Beat"]


class Beat:
    """Written by the main thread and by Blender's render callbacks, read by the monitor and the server."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._last = monotonic()
        self.session_id: str | None = None
        self.stage: StageName | None = None
        self.fraction = 0.0
        self.message = ""
        self.changes = 0

    def touch(self) -> None:
        """A sign of life without news."""
        self._last = self._monotonic()

    def report(self, fraction: float, message: str) -> None:
        """A sign of life with progress of the session, 0 to 1."""
        self._last = self._monotonic()
        if fraction != self.fraction or message != self.message:
            self.fraction, self.message = fraction, message
            self.changes += 1

    def begin(self, session_id: str | None, stage: StageName | None = None) -> None:
        """From here on the main thread works on this session (None: it waits)."""
        self._last = self._monotonic()
        if session_id != self.session_id:
            self.fraction, self.message = 0.0, ""
        self.session_id, self.stage = session_id, stage
        self.changes += 1

    def age_s(self) -> float:
        """Seconds since the last sign of life."""
        return self._monotonic() - self._last
