"""The bridge's hold on its output folder: one bridge for each folder. Blocking; one thread at a time.

A folder that cannot be written (full, read-only) cannot be held; it can still be read, and taken later.
"""

import time
import uuid

from addon.models.errors import AlreadyServing
from addon.models.settings import Settings
from addon.state.leases import Lease

from .announcement import BRIDGE_LEASE, read_announcement

__all__ = ["Folder"]

_POLL_S = 0.1


class Folder:
    """``identity`` is the lease id of this bridge, which its workers name so that a later one can tell whose they are.

    ``taken``: it is held, so sessions may be worked on.
    """

    def __init__(self, settings: Settings) -> None:
        self.identity = str(uuid.uuid4())
        self._settings = settings
        self._leases: list[Lease] = []

    @property
    def taken(self) -> bool:
        """Whether this bridge holds the folder."""
        return bool(self._leases)

    def take(self) -> None:
        """Hold it. Waits for a bridge that is stopping.

        Raises:
            AlreadyServing: another bridge has it.
            NoRoom, FolderReadOnly: it cannot be written.
        """
        shared = self._wait_for_lease()
        try:
            own = Lease.acquire(self._settings.output, "bridge", lease_id=self.identity)
        except BaseException:
            shared.release()
            raise
        self._leases = [shared, own]

    def _wait_for_lease(self) -> Lease:
        patience = time.monotonic() + self._settings.stop_deadline_s + 2.0
        while True:
            try:
                return Lease.exclusive(self._settings.output, BRIDGE_LEASE)
            except AlreadyServing:
                # pkill and a new start follow each other closely: one that is going is waited for, one that runs not.
                there = read_announcement(self._settings.output)
                if time.monotonic() > patience or (there is not None and not there.stopping):
                    raise
            time.sleep(_POLL_S)

    def release(self) -> None:
        """Let go of it."""
        for lease in reversed(self._leases):
            lease.release()
        self._leases = []
