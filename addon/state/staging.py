"""A new session's folder appears in one step, under its final name, with its files in it. Blocking; any thread.

It is made under another name and renamed, so that whatever dies in between leaves a folder that nobody takes for a
session.
"""

import shutil
import uuid
from collections.abc import Sequence
from pathlib import Path

from ..models.session import Session
from . import files
from .folders import STATE_NAME
from .uploads import Attached, attach

__all__ = ["STAGING_PREFIX", "make_session_folder", "state_content"]

STAGING_PREFIX = ".new-"


def make_session_folder(output: Path, session: Session, uploads: Sequence[Attached]) -> bool:
    """Make the session's folder in ``output``, durably, with its uploads, whose records the session gets.

    False: there is one of this name already.

    Raises:
        NoRoom, FolderReadOnly: nothing was made.
        InvalidRequest: an upload is not there any more; nothing was made.
    """
    staging = output / f"{STAGING_PREFIX}{session.id}-{uuid.uuid4().hex[:8]}"
    final = output / session.id
    with files.translate_errors():
        staging.mkdir()
        try:
            session.uploads = attach(staging, uploads)
            temporary = files.temporary_for(staging / STATE_NAME)
            files.write_new(temporary, state_content(session))
            files.replace(temporary, staging / STATE_NAME)
            files.replace(staging, final)
        except BaseException as error:
            shutil.rmtree(staging, ignore_errors=True)
            if isinstance(error, OSError) and final.exists():
                return False
            raise
        # Both names at once: a journal that is written for the inner one has the outer one too.
        files.sync_folder(final)
        files.sync_folder(output)
    return True


def state_content(session: Session) -> bytes:
    """What ``session_state.json`` holds."""
    return session.model_dump_json(indent=1).encode()
