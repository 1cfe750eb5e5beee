"""Which files a request names by id. Blocking; any thread."""

import contextlib
from collections.abc import Sequence
from dataclasses import replace

from ..models.errors import InvalidRequest, StateUnreadable
from ..models.uploads import ROLES, UploadUse
from .creation import id_of_key
from .store import SessionStore
from .uploads import Attached, attached_of

__all__ = ["find_uploads"]


def find_uploads(
    store: SessionStore, uses: Sequence[str | UploadUse], *, idempotency_key: str | None = None
) -> list[Attached]:
    """Files that wait, with the roles that the request gives them.

    Raises:
        InvalidRequest: one is unknown, or its time is over and no session of the same key has it.
    """
    found = []
    for number, use in enumerate(uses):
        wanted = use if isinstance(use, UploadUse) else UploadUse(id=use)
        attached = store.uploads.find(wanted.id) or _in_session_of(store, idempotency_key, wanted.id)
        if attached is None:
            raise _refused(number, "there is no such upload, or its time is over")
        if wanted.role is not None:
            allowed = ROLES[attached.upload.kind]
            if wanted.role not in allowed:
                raise _refused(number, f"{attached.upload.name} can be: {', '.join(allowed)}")
            attached = replace(attached, upload=attached.upload.model_copy(update={"role": wanted.role}))
        found.append(attached)
    return found


def _refused(number: int, why: str) -> InvalidRequest:
    return InvalidRequest("An upload cannot be used.", [{"field": f"uploads.{number}", "message": why}])


def _in_session_of(store: SessionStore, key: str | None, upload_id: str) -> Attached | None:
    """A request that is sent again gets its session, also when what it names is gone by now."""
    if key is None:
        return None
    with contextlib.suppress(OSError, StateUnreadable):
        session = store.read_file(id_of_key(key))
        same = [upload for upload in session.uploads if upload.upload_id == upload_id]
        return next(iter(attached_of(store.folder(session.id), same)), None)
    return None
