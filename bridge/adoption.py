"""What to do with workers that were there before this bridge. Blocking; any thread.

The rules, for a bridge that holds its folder's lease:
- A worker whose supervisor's lease nobody holds was started by a bridge that died: it is an orphan. On this host it
  is killed, then its sessions are recovered.
- A worker without a supervisor belongs to somebody else (an artist's panel, a ``python -m addon serve``). It lives
  and beats, so it is left alone, and its sessions with it.
- A worker on another host is never touched. A lease that nobody holds is left to recovery.
"""

import logging
from dataclasses import dataclass
from pathlib import Path

from addon.state.leases import LeaseInfo, LeaseState, lease_state, leases

from .process import end_holder

__all__ = ["Neighbours", "end_orphans", "is_orphan"]

_log = logging.getLogger("scenekeeper.bridge.adoption")


@dataclass(frozen=True)
class Neighbours:
    """Lease ids: orphans that were killed, and those that could not be."""

    killed: tuple[str, ...] = ()
    untouchable: tuple[str, ...] = ()


def is_orphan(lease: LeaseInfo, worker: LeaseState, supervisor: LeaseState) -> bool:
    """Whether a worker runs whose bridge does not; the states are those of its lease and of its supervisor's."""
    return (
        lease.kind == "worker"
        and lease.supervisor is not None
        and worker is LeaseState.HELD
        and supervisor is not LeaseState.HELD
    )


def end_orphans(output: Path) -> Neighbours:
    """Kill what an earlier bridge of this folder left running. Only for the holder of the folder's bridge lease."""
    killed: list[str] = []
    untouchable: list[str] = []
    for lease in leases(output):
        supervisor = lease_state(output, lease.supervisor) if lease.supervisor else LeaseState.MISSING
        if not is_orphan(lease, lease_state(output, lease.id), supervisor):
            continue
        (killed if end_holder(lease) else untouchable).append(lease.id)
    for worker_id in killed:
        _log.warning("orphan_killed", extra={"worker_id": worker_id})
    for worker_id in untouchable:
        _log.warning("orphan_left_alone", extra={"worker_id": worker_id})
    return Neighbours(tuple(killed), tuple(untouchable))
