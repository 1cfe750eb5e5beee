"""``output/.bridge.json``: where the running bridge answers, for the panel and the command line. Any thread."""

import contextlib
import os
from pathlib import Path

from pydantic import ValidationError

from addon.models.base import Document, Timestamp
from addon.state.files import read_plain
from addon.state.leases import LeaseState, lease_state, leases

__all__ = ["ANNOUNCEMENT", "BRIDGE_LEASE", "Announcement", "announce", "find_server", "read_announcement", "withdraw"]

ANNOUNCEMENT = ".bridge.json"
BRIDGE_LEASE = "bridge"
_MAX_BYTES = 1 << 16


class Announcement(Document):
    """``token`` is what it wants as a bearer token; ``stopping``: it will be gone in a moment."""

    address: str
    pid: int
    started_at: Timestamp
    token: str | None = None
    stopping: bool = False


def announce(output: Path, announcement: Announcement) -> None:
    """Write the file in one step, for the owner's eyes only when it holds a token. Raises ``OSError``."""
    path = output / ANNOUNCEMENT
    staging = path.with_suffix(f".{os.getpid()}.new")
    mode = 0o600 if announcement.token else 0o644
    descriptor = os.open(staging, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(announcement.model_dump_json(exclude_none=True, indent=1) + "\n")
    staging.replace(path)


def read_announcement(output: Path) -> Announcement | None:
    """What a bridge wrote, running or not; None when there is nothing to read."""
    try:
        return Announcement.model_validate_json(read_plain(output / ANNOUNCEMENT, limit=_MAX_BYTES)[0])
    except (OSError, ValidationError):
        return None


def withdraw(output: Path) -> None:
    """Remove the file."""
    with contextlib.suppress(OSError):
        (output / ANNOUNCEMENT).unlink()


def find_server(output: Path) -> Announcement | None:
    """The bridge of this folder, else a Blender that serves it; None when neither runs."""
    announcement = read_announcement(output)
    if announcement is not None and lease_state(output, BRIDGE_LEASE) is LeaseState.HELD:
        return announcement
    for lease in leases(output):
        if lease.kind == "worker" and lease.address and lease_state(output, lease.id) is LeaseState.HELD:
            return Announcement(address=lease.address, pid=lease.pid, started_at=lease.started_at)
    return None
