"""The recovery rules: evidence → decision. Pure; what reads the folder and what writes it is elsewhere.

The table is the one in ``docs/architecture.md``; ``tests/state/test_recovery_rules.py`` goes through it row by row.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ..models.session import Session, SessionStatus, StageName

__all__ = ["ABANDONED_AFTER_S", "MAX_INTERRUPTIONS", "Decision", "Evidence", "StateFile", "WorkerFate", "decide"]

ABANDONED_AFTER_S = 30 * 60
"""A folder without an owner that has got this far and no further is given up after this time."""

MAX_INTERRUPTIONS = 25
"""Deaths together with the bridge (power loss, reboot) are not the session's fault, but not endless either."""


class StateFile(StrEnum):
    """What ``session_state.json`` is."""

    READABLE = "readable"
    MISSING = "missing"
    UNREADABLE = "unreadable"


class WorkerFate(StrEnum):
    """What became of the worker that claimed the session."""

    NONE = "none"
    ALIVE = "alive"
    CRASHED = "crashed"
    INTERRUPTED = "interrupted"
    """It died with the bridge that supervised it, or was stopped by it."""


@dataclass(frozen=True)
class Evidence:
    """What there is. ``outcome_verified``: scene and render are whole (or all that the session's stages make)."""

    state_file: StateFile
    session: Session | None = None
    worker: WorkerFate = WorkerFate.NONE
    verified_stages: tuple[StageName, ...] = ()
    outcome_verified: bool = False
    render: str | None = None
    concept_age_s: float | None = None
    problem: str | None = None
    max_attempts: int = 3

    def summary(self) -> dict[str, Any]:
        """For the session's ``recovery`` notes and the log."""
        known: dict[str, Any] = {"state_file": self.state_file.value, "worker": self.worker.value}
        if self.session and self.session.worker:
            known["worker_id"] = self.session.worker.id
        if self.verified_stages:
            known["verified_stages"] = [stage.value for stage in self.verified_stages]
        for key, value in (("render", self.render), ("problem", self.problem)):
            if value is not None:
                known[key] = value
        if self.concept_age_s is not None:
            known["concept_age_s"] = round(self.concept_age_s)
        return known


@dataclass(frozen=True)
class Decision:
    """What the session becomes. ``write`` False: the index says so, the folder is not touched."""

    status: SessionStatus
    reason: str
    error_code: str | None = None
    error: str | None = None
    changed: bool = True
    write: bool = True
    counts_attempt: bool = True
    resume_after: tuple[StageName, ...] = field(default=())


def decide(evidence: Evidence) -> Decision:
    """The rule that fits. See the table in ``docs/architecture.md``."""
    if evidence.state_file is StateFile.READABLE:
        if evidence.session is None:
            raise ValueError("a readable state file comes with its session")
        return _owned(evidence, evidence.session)
    return _ownerless(evidence)


def _owned(evidence: Evidence, session: Session) -> Decision:
    if session.is_terminal or session.status is SessionStatus.PENDING:
        return Decision(session.status, "as the state file says", changed=False)
    if evidence.worker is WorkerFate.ALIVE:
        return Decision(session.status, "its worker is alive", changed=False)
    if session.cancel_requested_at is not None:
        return Decision(SessionStatus.CANCELLED, "cancelled while its worker died")
    if evidence.outcome_verified:
        return Decision(SessionStatus.COMPLETED, "its worker died after everything was made and verified")
    if not session.prompt:
        return Decision(
            SessionStatus.FAILED,
            "unfinished, and without a prompt to start again from",
            error_code="abandoned",
            error="The session was not finished and its prompt is not known.",
        )
    return _again(evidence, session)


def _again(evidence: Evidence, session: Session) -> Decision:
    interrupted = evidence.worker is not WorkerFate.CRASHED and _interruptions(session) < MAX_INTERRUPTIONS
    if session.attempts < evidence.max_attempts or interrupted:
        return Decision(
            SessionStatus.PENDING,
            f"interrupted: {_why(evidence.worker)}",
            counts_attempt=not interrupted,
            resume_after=evidence.verified_stages,
        )
    return Decision(
        SessionStatus.FAILED,
        f"{_why(evidence.worker)}, {session.attempts} times at the same stage",
        error_code="crashed_repeatedly",
        error=f"Blender died {session.attempts} times while working on this session.",
    )


def _why(fate: WorkerFate) -> str:
    return {
        WorkerFate.NONE: "no worker owns it",
        WorkerFate.INTERRUPTED: "its worker was stopped with the bridge",
    }.get(fate, "its worker died")


def _interruptions(session: Session) -> int:
    return sum(note.reason.startswith("interrupted") for note in session.recovery)


def _ownerless(evidence: Evidence) -> Decision:
    if evidence.outcome_verified:
        return Decision(SessionStatus.COMPLETED, "scene and render are there and whole")
    if evidence.concept_age_s is not None:
        if abs(evidence.concept_age_s) < ABANDONED_AFTER_S:  # far in the future is a wrong clock, not a new file
            return Decision(
                SessionStatus.IN_PROGRESS, "a concept without a render, not yet given up", write=False, changed=False
            )
        return Decision(
            SessionStatus.FAILED,
            "a concept without a render, given up after 30 minutes",
            error_code="abandoned",
            error="The session was begun and never finished.",
        )
    return Decision(
        SessionStatus.FAILED,
        "nothing here that can be recognised",
        error_code="unrecognised",
        error="The folder holds no readable session and no finished scene.",
        write=False,
    )
