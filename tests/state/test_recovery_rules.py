"""The recovery table, row by row, as pure rules."""

from datetime import UTC, datetime

import pytest

from addon.models.session import Session, SessionStatus, StageName, WorkerRef
from addon.state.recovery import MAX_INTERRUPTIONS, Decision, Evidence, StateFile, WorkerFate, decide

NOW = datetime(2026, 1, 2, tzinfo=UTC)
WORKER = WorkerRef(id="w", host="h", pid=1, started_at=NOW)
CONCEPT = (StageName.CONCEPT,)


def session(status: str, **fields: object) -> Session:
    return Session.model_validate(
        {"id": "s", "status": status, "prompt": "a cup", "created_at": NOW, "updated_at": NOW, **fields}
    )


def owned(status: str, fate: WorkerFate = WorkerFate.NONE, *, attempts: int = 1, **evidence: object) -> Evidence:
    fields = evidence.pop("fields", {})
    return Evidence(
        StateFile.READABLE,
        session(status, attempts=attempts, worker=WORKER, **fields),  # type: ignore[arg-type]
        worker=fate,
        **evidence,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("status", ["pending", "completed", "failed", "cancelled"])
def test_what_is_settled_stays(status: str) -> None:
    decision = decide(owned(status, WorkerFate.CRASHED, outcome_verified=True))
    assert (decision.status, decision.changed) == (SessionStatus(status), False)


TABLE: list[tuple[str, Evidence, str, str | None]] = [
    ("worker alive", owned("in_progress", WorkerFate.ALIVE), "in_progress", None),
    ("worker dead, all there", owned("in_progress", WorkerFate.CRASHED, outcome_verified=True), "completed", None),
    ("worker dead, attempts left", owned("in_progress", WorkerFate.CRASHED, attempts=2), "pending", None),
    (
        "worker dead, none left",
        owned("in_progress", WorkerFate.CRASHED, attempts=3),
        "failed",
        "crashed_repeatedly",
    ),
    ("died with its bridge, none left", owned("in_progress", WorkerFate.INTERRUPTED, attempts=3), "pending", None),
    ("no worker (older version)", owned("in_progress", WorkerFate.NONE, attempts=0), "pending", None),
    (
        "no worker, no prompt",
        owned("in_progress", fields={"prompt": ""}),
        "failed",
        "abandoned",
    ),
    (
        "cancel asked for before it died",
        owned("in_progress", WorkerFate.CRASHED, fields={"cancel_requested_at": NOW}),
        "cancelled",
        None,
    ),
    ("no state, all there", Evidence(StateFile.MISSING, outcome_verified=True), "completed", None),
    ("bad state, all there", Evidence(StateFile.UNREADABLE, outcome_verified=True), "completed", None),
    ("young concept", Evidence(StateFile.MISSING, concept_age_s=1799), "in_progress", None),
    ("old concept", Evidence(StateFile.MISSING, concept_age_s=1800), "failed", "abandoned"),
    ("concept of a wrong clock", Evidence(StateFile.UNREADABLE, concept_age_s=-1e6), "failed", "abandoned"),
    ("nothing", Evidence(StateFile.MISSING), "failed", "unrecognised"),
    ("nothing but a bad state", Evidence(StateFile.UNREADABLE), "failed", "unrecognised"),
]


@pytest.mark.parametrize(("evidence", "status", "code"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_the_table(evidence: Evidence, status: str, code: str | None) -> None:
    decision = decide(evidence)
    assert (decision.status.value, decision.error_code) == (status, code)
    assert evidence.summary()["state_file"] == evidence.state_file.value


def test_recovery_goes_on_after_the_last_verified_stage() -> None:
    assert decide(owned("in_progress", WorkerFate.CRASHED, verified_stages=CONCEPT)).resume_after == CONCEPT


def test_only_a_crash_of_its_own_counts_as_an_attempt_and_interruptions_are_not_endless() -> None:
    def after(fate: WorkerFate, interruptions: int = 0) -> Decision:
        notes = [{"at": NOW, "reason": "interrupted: …"}] * interruptions
        return decide(owned("in_progress", fate, attempts=3, fields={"recovery": notes}))

    assert decide(owned("in_progress", WorkerFate.CRASHED)).counts_attempt
    assert not after(WorkerFate.INTERRUPTED).counts_attempt
    assert after(WorkerFate.INTERRUPTED, MAX_INTERRUPTIONS).status is SessionStatus.FAILED


@pytest.mark.parametrize("concept_age_s", [None, 5.0])
def test_a_folder_that_is_nobodys_business_is_not_written_to(concept_age_s: float | None) -> None:
    assert not decide(Evidence(StateFile.MISSING, concept_age_s=concept_age_s)).write
