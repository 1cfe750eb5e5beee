"""Leases: the proof that a process lives. An OS file lock that the kernel drops when its holder dies. Any thread.

A pid can be reused and a clock can be wrong; a lock that is held is held by somebody who lives. The lock file is
``output/.leases/{id}.lock``, what is known about its holder is beside it in ``{id}.json``.
"""

import contextlib
import os
import socket
import time
import uuid
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal, Self

from filelock import FileLock, Timeout
from pydantic import Field, ValidationError

from ..models.base import Document, Timestamp, utc_now
from ..models.errors import AlreadyServing
from .files import read_plain, translate_errors, write_durably

__all__ = ["LEASE_FOLDER", "Lease", "LeaseInfo", "LeaseState", "lease_state", "leases", "read_lease", "remove_lease"]

LEASE_FOLDER = ".leases"
_INFO_MAX_BYTES = 1 << 16
_PROBE_TRIES = 4
_PROBE_PAUSE_S = 0.02


class LeaseState(StrEnum):
    """What the lock of a lease says."""

    HELD = "held"
    FREE = "free"
    MISSING = "missing"


class LeaseInfo(Document):
    """Who holds a lease. ``supervisor`` is the lease of the bridge that started a worker."""

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")
    kind: Literal["worker", "bridge"]
    host: str
    pid: int
    started_at: Timestamp
    supervisor: str | None = None
    address: str | None = None
    blender_version: str | None = None


class Lease:
    """Held from ``acquire`` until ``release`` or the death of the process. Keep the object: losing it releases."""

    def __init__(self, output: Path, lock: FileLock, info: LeaseInfo) -> None:
        self._folder = output / LEASE_FOLDER
        self._shared_name = False
        self._lock = lock
        self.info = info

    @property
    def id(self) -> str:
        """The lease's id, which a session's ``worker.id`` names."""
        return self.info.id

    @classmethod
    def acquire(
        cls,
        output: Path,
        kind: Literal["worker", "bridge"],
        *,
        lease_id: str | None = None,
        info: dict[str, Any] | None = None,
    ) -> Self:
        """Take a lease of its own for this process. ``info``: further fields of ``LeaseInfo``.

        Raises:
            AlreadyServing: the lease is held by another process.
            NoRoom, FolderReadOnly: it could not be written.
        """
        lease_id = lease_id or str(uuid.uuid4())
        folder = output / LEASE_FOLDER
        with translate_errors():
            folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(folder / f"{lease_id}.lock", timeout=0, thread_local=False)
            for _ in range(_PROBE_TRIES):
                with contextlib.suppress(Timeout):  # somebody may be probing it at this instant
                    lock.acquire()
                    break
                time.sleep(_PROBE_PAUSE_S)
            else:
                raise AlreadyServing(_who_has(output, lease_id, kind))
        held = cls(
            output,
            lock,
            LeaseInfo(
                id=lease_id,
                kind=kind,
                host=socket.gethostname(),
                pid=os.getpid(),
                started_at=utc_now(),
                **(info or {}),
            ),
        )
        try:
            held.update()
        except BaseException:
            lock.release(force=True)
            raise
        return held

    @classmethod
    def exclusive(cls, output: Path, name: str = "bridge") -> Self:
        """The one lease of its kind in this folder. Raises ``AlreadyServing`` where another process has it."""
        lease = cls.acquire(output, "bridge", lease_id=name)
        lease._shared_name = True
        return lease

    def update(self, **fields: Any) -> None:
        """Change what is known about this process."""
        self.info = self.info.model_copy(update=fields)
        write_durably(self._folder / f"{self.id}.json", self.info.model_dump_json(exclude_none=True).encode())

    def release(self) -> None:
        """Give the lease back and remove its files.

        The lock file of a name that others wait for stays: whoever opened it just before it was removed and whoever
        makes it anew would hold two locks of one name.
        """
        with contextlib.suppress(OSError):
            (self._folder / f"{self.id}.json").unlink()
        self._lock.release(force=True)
        if not self._shared_name:
            with contextlib.suppress(OSError):
                (self._folder / f"{self.id}.lock").unlink()


def _who_has(output: Path, lease_id: str, kind: str) -> str:
    info = read_lease(output, lease_id)
    who = f"process {info.pid} on {info.host}" if info else "another process"
    return f"The output folder is already served by a {kind}: {who}. Stop it first, or use another folder."


def lease_state(output: Path, lease_id: str) -> LeaseState:
    """Whether the holder lives. Takes the lock for an instant, so two probes at once are told apart by trying again."""
    path = output / LEASE_FOLDER / f"{lease_id}.lock"
    if not path.exists():
        return LeaseState.MISSING
    lock = FileLock(path, timeout=0, thread_local=False)
    for attempt in range(_PROBE_TRIES):
        try:
            lock.acquire()
        except Timeout:
            time.sleep(_PROBE_PAUSE_S * (attempt + 1))
        except OSError:
            return LeaseState.HELD  # a folder that cannot be written: nothing is proven, so nothing is taken over
        else:
            lock.release(force=True)
            return LeaseState.FREE
    return LeaseState.HELD


def read_lease(output: Path, lease_id: str) -> LeaseInfo | None:
    """What is known about a lease's holder, or None."""
    try:
        path = output / LEASE_FOLDER / f"{lease_id}.json"
        return LeaseInfo.model_validate_json(read_plain(path, limit=_INFO_MAX_BYTES)[0])
    except (OSError, ValidationError):
        return None


def leases(output: Path) -> list[LeaseInfo]:
    """All leases of the folder, held or not."""
    found = (read_lease(output, path.stem) for path in sorted((output / LEASE_FOLDER).glob("*.json")))
    return [info for info in found if info is not None]


def remove_lease(output: Path, lease_id: str) -> None:
    """Forget a lease whose holder is dead and whose sessions are recovered."""
    for suffix in (".json", ".lock"):
        with contextlib.suppress(OSError):
            (output / LEASE_FOLDER / f"{lease_id}{suffix}").unlink()
