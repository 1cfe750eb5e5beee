"""Runs one claimed session to its end: stages from the last checkpoint on, verification, result. Main thread."""

import logging
import shutil
import time
from collections.abc import Callable
from typing import TypeVar

from ..models.errors import (
    CheckpointUnusable,
    FolderReadOnly,
    IndexUnavailable,
    NoRoom,
    ScenekeeperError,
    StageFailed,
)
from ..models.session import Artifact, Session, SessionResult, SessionStatus, StageName, StageRecord, StageStatus
from ..planning import Planner, Things
from ..state.artifacts import RENDER_NAME, finished_result, public_artifacts, publish
from ..state.claims import change_own, finish, with_stage
from ..state.files import explain
from ..state.folders import public_path
from ..state.store import SessionStore
from ..state.verification import artifact_unchanged, verified_stages
from .backend import SceneBackend
from .beat import Beat
from .job import Job
from .progress import STAGE_MESSAGES, overall
from .stages import STAGES, Outcome

__all__ = ["SessionRun"]

log = logging.getLogger("scenekeeper.worker")

T = TypeVar("T")
_ROOM_RETRY_S = 2.0
_NEEDED_BYTES = 1 << 20


class SessionRun:
    """One session on this worker. ``check`` raises when the session shall stop; it is called between steps."""

    def __init__(
        self,
        store: SessionStore,
        worker_id: str,
        session: Session,
        backend: SceneBackend,
        catalogue: Things,
        planner: Planner,
        beat: Beat,
        check: Callable[[], None],
    ) -> None:
        self._store = store
        self._worker_id = worker_id
        self._beat = beat
        self._check = check
        self._names = [record.name for record in session.stages]
        self._folder = store.folder(session.id)
        self._job = Job(session, self._folder, backend, catalogue, planner, self._report, check)

    @property
    def _session(self) -> Session:
        return self._job.session

    def run(self) -> Session:
        """Work until the session has ended.

        Raises:
            LeaseLost, UnknownSession: it is not this worker's any more, or its folder is gone.
            SessionCancelled: it was cancelled; the caller writes the end.
        """
        try:
            try:
                self._run_stages()
            except CheckpointUnusable as error:
                log.warning("building again: %s", error, extra={"session_id": self._session.id})
                self._forget_scene_stages()
                self._run_stages()
            return self._with_room(self._complete)
        except (StageFailed, CheckpointUnusable) as error:
            return self._fail(str(error), error.error_code if isinstance(error, StageFailed) else error.code)

    def _run_stages(self) -> None:
        remaining = self._remaining()
        for stage, following in zip(remaining, [*remaining[1:], None], strict=True):
            self._check()
            self._run_stage(stage, following)
        self._check()

    def _forget_scene_stages(self) -> None:
        """All but the concept, whose files any Blender reads, is done again."""
        stages = [
            record if record.name is StageName.CONCEPT else StageRecord(name=record.name)
            for record in self._session.stages
        ]
        self._with_room(lambda: self._change(stages=stages))

    def _remaining(self) -> list[StageName]:
        whole = verified_stages(self._folder, self._session)
        if whole:
            log.info("resuming after %s", whole[-1].value, extra={"session_id": self._session.id})
        self._with_room(lambda: publish(self._folder, self._session))
        return [name for name in self._names if name not in whole]

    def _run_stage(self, stage: StageName, following: StageName | None) -> None:
        self._beat.begin(self._session.id, stage)
        self._report(0.0, STAGE_MESSAGES[stage])
        running = self._session.stage(stage)
        if running.status is not StageStatus.RUNNING or self._session.current_stage is not stage:
            running = self._begun(stage)
            self._with_room(lambda: self._change(current_stage=stage, stages=with_stage(self._session, running)))
        log.info("stage %s begins", stage.value, extra={"session_id": self._session.id})
        began = time.monotonic()
        outcome, artifacts = self._with_room(lambda: self._attempt(stage))
        done = running.model_copy(
            update={
                "status": StageStatus.COMPLETED,
                "completed_at": self._store.clock(),
                "artifacts": artifacts,
                "warnings": outcome.warnings,
            }
        )
        # A stage is done: whatever dies from here on, dies at another one, which begins in the same durable change.
        changed: dict[str, object] = {"stages": with_stage(self._session, done), "attempts": 1}
        if following is not None:
            session = self._session.model_copy(update=changed)
            changed |= {"stages": with_stage(session, self._begun(following)), "current_stage": following}
        self._with_room(lambda: self._change(**changed))
        self._with_room(lambda: publish(self._folder, self._session))
        log.info(
            "stage %s done in %.2f s", stage.value, time.monotonic() - began, extra={"session_id": self._session.id}
        )

    def _begun(self, stage: StageName) -> StageRecord:
        return StageRecord(name=stage, status=StageStatus.RUNNING, started_at=self._store.clock())

    def _attempt(self, stage: StageName) -> tuple[Outcome, list[Artifact]]:
        try:
            outcome = STAGES[stage](self._job)
            self._check()
            return outcome, self._job.record(outcome.files)
        except (ScenekeeperError, OSError):
            self._job.forget_scene()
            raise
        except Exception as error:
            log.exception("stage %s failed", stage.value, extra={"session_id": self._session.id})
            self._job.forget_scene()
            raise StageFailed(
                f"The {stage.value} stage failed unexpectedly; see the session's log.", "internal"
            ) from error

    def _with_room(self, work: Callable[[], T]) -> T:
        """Do it; while the disk is full or read-only or the index busy, wait and do it again: nothing is failed for it.

        Raises ``LeaseLost`` where the session's folder is gone.
        """
        while True:
            try:
                return work()
            except (NoRoom, FolderReadOnly, IndexUnavailable) as error:
                told = str(error)
            except (OSError, StageFailed) as error:
                known = explain(error) if isinstance(error, OSError) else None
                if known is None and not self._is_full():
                    if isinstance(error, OSError):
                        raise StageFailed(
                            f"A file could not be made: {error.strerror or error}", "file_error"
                        ) from error
                    raise
                told = str(known) if known else "The disk of the output folder is full."
            self._wait_for_room(told)

    def _is_full(self) -> bool:
        return shutil.disk_usage(self._store.output).free < _NEEDED_BYTES

    def _wait_for_room(self, why: str) -> None:
        log.warning("waiting: %s", why, extra={"session_id": self._session.id})
        until = time.monotonic() + _ROOM_RETRY_S
        while time.monotonic() < until:
            self._check()
            self._beat.report(self._beat.fraction, f"Waiting: {why}")
            time.sleep(0.1)

    def _report(self, fraction: float, message: str) -> None:
        stage = self._beat.stage or self._names[0]
        self._beat.report(overall(self._names, stage, fraction), message)

    def _change(self, **fields: object) -> None:
        self._job.session = change_own(self._store, self._session.id, self._worker_id, **fields)

    def _complete(self) -> Session:
        publish(self._folder, self._session)
        made = public_artifacts(self._session)
        for artifact in made:
            # Its content was checked before its record was made, here or, where a stage was taken over, at the start.
            if not artifact_unchanged(self._folder, artifact):
                raise StageFailed(
                    f"{artifact.name} is not what was made: the disk may be damaged.", "verification_failed"
                )
        result = finished_result(
            self._folder,
            render=next((artifact.name for artifact in made if artifact.name == RENDER_NAME), None),
            verified=made,
            warnings=[text for record in self._session.stages for text in record.warnings],
        )
        return finish(self._store, self._session, self._worker_id, SessionStatus.COMPLETED, result)

    def _fail(self, message: str, code: str) -> Session:
        log.error("failed: %s", message, extra={"session_id": self._session.id})
        stages = [
            record.model_copy(update={"status": StageStatus.FAILED}) if record.status is StageStatus.RUNNING else record
            for record in self._session.stages
        ]
        self._job.session = self._session.model_copy(update={"stages": stages})
        result = SessionResult(
            success=False,
            session_dir=public_path(self._folder),
            error=message,
            error_code=code,
            warnings=[text for record in stages for text in record.warnings],
        )
        return self._with_room(
            lambda: finish(self._store, self._session, self._worker_id, SessionStatus.FAILED, result)
        )
