"""What the panel draws: plain values, made in the desk's thread and never changed. Standard library only."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

__all__ = ["DeskState", "SessionLine", "Snapshot", "State"]


class State(StrEnum):
    """A session's state, by the words of its file."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class DeskState(StrEnum):
    """How far the desk is."""

    CLOSED = "closed"
    OPENING = "opening"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One session. ``detail`` is a sentence, ``progress`` from 0 to 1, ``notes`` what was not built as asked."""

    id: str
    state: State
    prompt: str
    detail: str
    progress: float
    folder: Path
    notes: tuple[str, ...] = ()
    cancelling: bool = False


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The newest sessions. ``problem``: what keeps work from being done, and what to do about it."""

    state: DeskState = DeskState.CLOSED
    lines: tuple[SessionLine, ...] = ()
    total: int = 0
    waiting: int = 0
    problem: str = ""
    address: str = ""
