"""Gathers the evidence about one session's folder that ``recovery.decide`` judges. Reads only; any thread."""

import os
import socket
import sys
import time
from collections.abc import Collection
from pathlib import Path

from ..models.errors import StateUnreadable
from ..models.session import Session, SessionStatus, WorkerRef
from .artifacts import outcome_verifies
from .files import is_plain_file
from .folders import STATE_NAME
from .leases import LeaseState, lease_state, read_lease
from .recovery import Evidence, StateFile, WorkerFate
from .store import SessionStore
from .verification import verified_stages

__all__ = ["gather", "worker_fate"]

_CLOCK_SLACK_S = 10


def gather(store: SessionStore, session_id: str, *, dead: Collection[str] = (), max_attempts: int = 3) -> Evidence:
    """What there is of a session. ``dead``: workers that are known to be dead, whatever their leases say."""
    folder = store.folder(session_id)
    state_file, session, problem = _read(store, session_id, folder)
    if session is not None and session.status is not SessionStatus.IN_PROGRESS:
        return Evidence(state_file, session)
    fate = worker_fate(store.output, session.worker, dead) if session and session.worker else WorkerFate.NONE
    if fate is WorkerFate.ALIVE:
        return Evidence(state_file, session, worker=fate)
    outcome, render = outcome_verifies(folder, session)
    return Evidence(
        state_file,
        session,
        worker=fate,
        verified_stages=verified_stages(folder, session) if session else (),
        outcome_verified=outcome,
        render=render,
        concept_age_s=_age_s(folder / "concept.md"),
        problem=problem,
        max_attempts=max_attempts,
    )


def _read(store: SessionStore, session_id: str, folder: Path) -> tuple[StateFile, Session | None, str | None]:
    try:
        return StateFile.READABLE, store.read_file(session_id), None
    except FileNotFoundError:
        return StateFile.MISSING, None, None
    except (OSError, StateUnreadable) as error:
        path = folder / STATE_NAME
        kind = StateFile.UNREADABLE if path.exists() or path.is_symlink() else StateFile.MISSING
        return kind, None, str(error) if isinstance(error, StateUnreadable) else "the state file cannot be read"


def _age_s(path: Path) -> float | None:
    return time.time() - path.stat().st_mtime if is_plain_file(path) else None


def worker_fate(output: Path, worker: WorkerRef, dead: Collection[str] = ()) -> WorkerFate:
    """What became of a worker. Its lease is the proof; its pid counts only where there is no lease, on this host."""
    if worker.id not in dead:
        state = lease_state(output, worker.id)
        if state is LeaseState.HELD or (state is LeaseState.MISSING and _process_lives(worker)):
            return WorkerFate.ALIVE
    info = read_lease(output, worker.id)
    if info is not None and info.supervisor and lease_state(output, info.supervisor) is not LeaseState.HELD:
        return WorkerFate.INTERRUPTED
    return WorkerFate.CRASHED


def _process_lives(worker: WorkerRef) -> bool:
    """Whether the process that claimed is still there, and not another one with its number."""
    if worker.host != socket.gethostname() or worker.pid <= 0 or not sys.platform.startswith("linux"):
        return False
    try:
        fields = (
            Path(f"/proc/{worker.pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        )
        uptime = float(Path("/proc/uptime").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return False
    if fields[0] in ("Z", "X"):
        return False
    started = time.time() - uptime + int(fields[19]) / os.sysconf("SC_CLK_TCK")
    return started <= worker.started_at.timestamp() + _CLOCK_SLACK_S
