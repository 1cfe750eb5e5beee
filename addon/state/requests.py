"""What people ask of a session that is there: run it again, stop it, put it away. Blocking; any thread, any process."""

import uuid

from pydantic import ValidationError

from ..models.api import GenerateRequest, RequestOptions
from ..models.errors import Conflict
from ..models.session import Session, SessionStatus
from . import files
from .creation import create
from .folders import STATE_NAME, TRASH
from .store import SessionStore
from .uploads import attached_of

__all__ = ["delete", "request_cancel", "retry"]


def retry(store: SessionStore, session_id: str) -> Session:
    """A new session with the same prompt, stages, options and files. Raises ``UnknownSession``, ``Conflict``."""
    origin = store.get(session_id)
    if not origin.is_terminal:
        raise Conflict("The session has not ended yet. Cancel it first, or wait for its end.")
    if not origin.prompt:
        raise Conflict("The session's prompt is not known, so it cannot be run again.")
    options = origin.options.model_dump(include=set(RequestOptions.model_fields))
    try:
        request = GenerateRequest.model_validate({"prompt": origin.prompt, "agents": origin.agents, "options": options})
    except ValidationError as error:
        raise Conflict("What an older version was asked for is not valid here: send it as a new session.") from error
    uploads = attached_of(store.folder(origin.id), origin.uploads)
    return create(store, request, uploads=uploads, retry_of=origin.id).session


def request_cancel(store: SessionStore, session_id: str) -> Session:
    """Cancel: at once where it waits, by its worker where it runs.

    Raises:
        UnknownSession
        Conflict: it has ended already.
    """
    now = store.clock()

    def cancel(session: Session) -> Session | None:
        if session.is_terminal:
            raise Conflict(f"The session has ended already: it is {session.status.value}.")
        if session.status is SessionStatus.PENDING:
            return session.model_copy(
                update={"status": SessionStatus.CANCELLED, "cancel_requested_at": now, "completed_at": now}
            )
        if session.cancel_requested_at is not None:
            return None
        return session.model_copy(update={"cancel_requested_at": now})

    if not (store.folder(session_id) / STATE_NAME).exists():
        store.get(session_id)
        raise Conflict("The session belongs to an older version and cannot be cancelled.")
    return store.update(session_id, cancel)


def delete(store: SessionStore, session_id: str) -> None:
    """Move a session that has ended to ``.trash``. Raises ``UnknownSession``, ``Conflict``."""
    store.index.check_writable()
    with files.translate_errors(), store.index.transaction() as connection:
        if not store.get(session_id).is_terminal:
            raise Conflict("The session has not ended yet. Cancel it first.")
        trash = store.output / TRASH
        trash.mkdir(exist_ok=True)
        target = trash / session_id
        if target.exists():
            target = trash / f"{session_id}-{uuid.uuid4().hex[:8]}"
        files.replace(store.folder(session_id), target)
        files.sync_folder(store.output)
        connection.execute("DELETE FROM sessions WHERE id = ?", (session_id,))
