"""What the bridge tells about itself at ``/api/bridge``. Models only; any thread."""

from enum import StrEnum

from addon.models.api import BlenderState
from addon.models.base import Strict, Timestamp

__all__ = ["BridgeReport", "BridgeState", "DeathReport", "WorkerReport"]


class BridgeState(StrEnum):
    """What the supervisor is doing."""

    STARTING = "starting"
    RUNNING = "running"
    WAITING = "waiting"
    GIVEN_UP = "given_up"
    NO_BLENDER = "no_blender"
    STOPPING = "stopping"


class WorkerReport(Strict):
    """The Blender that runs now."""

    id: str
    pid: int
    started_at: Timestamp
    address: str | None = None
    state: BlenderState
    session_id: str | None = None


class DeathReport(Strict):
    """How an earlier one ended. ``exit_code`` below zero is the signal; ``sessions`` are those it had in hand."""

    at: Timestamp
    worker_id: str
    exit_code: int
    reason: str
    lived_s: float
    sessions: list[str]


class BridgeReport(Strict):
    """GET /api/bridge."""

    state: BridgeState
    blender: str | None = None
    worker: WorkerReport | None = None
    restarts: int
    deaths: list[DeathReport]
    next_start_in_s: float | None = None
    message: str | None = None
