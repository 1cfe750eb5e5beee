"""What workers do with sessions: claim, report, checkpoint, finish, release. Blocking; any thread of the worker."""

from ..models.errors import LeaseLost, StateUnreadable, UnknownSession
from ..models.session import (
    Session,
    SessionResult,
    SessionStatus,
    StageName,
    StageRecord,
    WorkerRef,
)
from .artifacts import remove_checkpoints, settle_stages
from .store import SessionStore

__all__ = ["change_own", "claim", "finish", "release", "report_progress", "with_stage"]


def claim(store: SessionStore, worker: WorkerRef, *, only: str | None = None) -> Session | None:
    """Take the oldest pending session (or ``only`` this one), or None. Exactly one worker gets it.

    Raises:
        NoRoom, FolderReadOnly, IndexUnavailable: nothing was claimed.
    """
    while True:
        found = store.index.read(
            "SELECT id FROM sessions WHERE status = 'pending' AND id = coalesce(?, id) ORDER BY created_at, id LIMIT 1",
            (only,),
        )
        if not found:
            return None
        session_id = found[0][0]
        now = store.clock()

        def take(session: Session, now: object = now) -> Session | None:
            if session.status is not SessionStatus.PENDING:
                return None
            return session.model_copy(
                update={
                    "status": SessionStatus.IN_PROGRESS,
                    "worker": worker,
                    "attempts": session.attempts + 1,
                    "started_at": session.started_at or now,
                }
            )

        try:
            session = store.update(session_id, take)
            if session.worker is not None and session.worker.id == worker.id:
                return session
            # The index says pending and the file says otherwise: a process died between the two. The file is right.
            store.reindex(session_id)
        except (UnknownSession, StateUnreadable):
            # Taken away or damaged by hand: it must not hold up those behind it, and recovery shall judge it.
            store.index.delete([session_id])
            store.index.request_scan()


def change_own(store: SessionStore, session_id: str, worker_id: str, **fields: object) -> Session:
    """Change a session that this worker has. Raises ``LeaseLost`` where it has it no more."""

    def change(session: Session) -> Session:
        if session.status is not SessionStatus.IN_PROGRESS or session.worker is None or session.worker.id != worker_id:
            raise LeaseLost("The session was taken over or has ended.")
        return session.model_copy(update=fields)

    return store.update(session_id, change)


def release(store: SessionStore, session_id: str, worker_id: str) -> Session:
    """Back to the queue, with its checkpoints, on a clean stop; no attempt is counted. Raises ``LeaseLost``."""
    session = store.get(session_id)
    if session.cancel_requested_at is not None:
        return finish(store, session, worker_id, SessionStatus.CANCELLED, None)
    return change_own(
        store,
        session_id,
        worker_id,
        status=SessionStatus.PENDING,
        worker=None,
        attempts=max(session.attempts - 1, 0),
    )


def finish(
    store: SessionStore, session: Session, worker_id: str, status: SessionStatus, result: SessionResult | None
) -> Session:
    """Write a terminal state, then free the checkpoints' room. Raises ``LeaseLost``."""
    folder = store.folder(session.id)
    ended = settle_stages(session.model_copy(update={"result": result}))
    done = change_own(
        store,
        session.id,
        worker_id,
        status=status,
        result=result,
        stages=ended.stages,
        worker=None,
        current_stage=None,
        completed_at=store.clock(),
    )
    remove_checkpoints(folder)
    return done


def report_progress(
    store: SessionStore, session_id: str, worker_id: str, fraction: float, message: str, stage: StageName | None
) -> bool:
    """Live progress (0..1), in the index only. False: the session is not this worker's (any more)."""
    with store.index.transaction() as connection:
        done = connection.execute(
            "UPDATE sessions SET progress = max(progress, ?), message = ?, current_stage = ?, seq = ? "
            "WHERE id = ? AND worker_id = ? AND status = 'in_progress'",
            (
                min(max(fraction, 0.0), 1.0),
                message,
                stage.value if stage else None,
                store.index.next_seq(connection),
                session_id,
                worker_id,
            ),
        )
        return done.rowcount == 1


def with_stage(session: Session, record: StageRecord) -> list[StageRecord]:
    """The session's stage records with this one in its place."""
    return [record if known.name is record.name else known for known in session.stages]
