"""Makes sessions: durable before this returns, one for each Idempotency-Key. Blocking; any thread, any process.

The first file is written before the index row, and outside of any transaction: a hundred clients wait for their own
disk syncs, not for each other's.
"""

import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from ..models.api import GenerateRequest
from ..models.errors import IdempotencyConflict, IndexUnavailable, ScenekeeperError, StateUnreadable
from ..models.session import Session, StageRecord, stages_for
from . import files
from .staging import make_session_folder
from .store import SessionStore
from .uploads import Attached

__all__ = ["Created", "create", "id_of_key"]

_KEY_NAMESPACE = uuid.UUID("6c1a7f0e-93b5-5d0b-9f0e-2f6d3b1f7c55")


@dataclass(frozen=True)
class Created:
    """``replayed``: the Idempotency-Key was known, and this is the session it made before."""

    session: Session
    replayed: bool


def create(
    store: SessionStore,
    request: GenerateRequest,
    *,
    uploads: Sequence[Attached] = (),
    idempotency_key: str | None = None,
    retry_of: str | None = None,
) -> Created:
    """Make a session, with its files; when this returns it survives power loss.

    Raises:
        InvalidRequest: a file is not there any more.
        QueueFull, NoRoom, FolderReadOnly, IndexUnavailable: nothing was made.
        IdempotencyConflict: the key was used for another request.
    """
    store.index.check_writable()
    fingerprint = None
    session_id = str(uuid.uuid4())
    if idempotency_key is not None:
        # The id follows from the key, so that the same key finds its session after any crash or rebuild,
        # and two that come at once meet at the folder's name.
        session_id = id_of_key(idempotency_key)
        fingerprint = _fingerprint(request, uploads)
        known = _replay(store, session_id, fingerprint)
        if known is not None:
            return known
    with store.place_in_queue():
        session = _new(store, request, session_id, fingerprint, retry_of)
        if not make_session_folder(store.output, session, uploads):
            return _replay(store, session_id, fingerprint or "") or Created(store.get(session_id), replayed=True)
        try:
            store.index_new(session)
        except ScenekeeperError:
            # It is on disk, so it is made: refusing it now would make a second one of the next try.
            store.index.request_scan()
    return Created(session, replayed=False)


def id_of_key(idempotency_key: str) -> str:
    """The id of the session that an Idempotency-Key makes."""
    return str(uuid.uuid5(_KEY_NAMESPACE, idempotency_key))


def _new(
    store: SessionStore, request: GenerateRequest, session_id: str, fingerprint: str | None, retry_of: str | None
) -> Session:
    now = store.clock()
    return Session(
        seq=store.index.number_for_file(),
        id=session_id,
        prompt=request.prompt,
        agents=request.agents,
        options=request.options,
        created_at=now,
        updated_at=now,
        stages=[StageRecord(name=name) for name in stages_for(request.agents)],
        retry_of=retry_of,
        idempotency_fingerprint=fingerprint,
    )


def _replay(store: SessionStore, session_id: str, fingerprint: str) -> Created | None:
    try:
        session = store.read_file(session_id)
    except (OSError, StateUnreadable):
        return None
    if session.idempotency_fingerprint != fingerprint:
        raise IdempotencyConflict("This Idempotency-Key was used for another request. Use a new key.")
    _make_known(store, session_id)
    return Created(session, replayed=True)


def _make_known(store: SessionStore, session_id: str) -> None:
    """Nobody runs what has no row: its maker died before that, perhaps also before the folder was durable."""
    try:
        if store.index.row(session_id) is None:
            with files.translate_errors():
                files.sync_folder(store.folder(session_id))
                files.sync_folder(store.output)
            store.reindex(session_id)
    except IndexUnavailable:
        store.index.request_scan()


def _fingerprint(request: GenerateRequest, uploads: Sequence[Attached]) -> str:
    asked = request.model_dump(mode="json", exclude={"uploads"})
    if uploads:
        asked["files"] = [[item.upload.name, item.upload.role, item.upload.sha256] for item in uploads]
    canonical = json.dumps(asked, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
