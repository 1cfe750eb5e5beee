"""A new session's folder appears in one step, under its final name and with its state file in it. Blocking; any thread.

It is made under another name and renamed, so that whatever dies in between leaves a folder that nobody takes for a
session.
"""

import uuid
from pathlib import Path

from ..models.session import Session
from . import files
from .folders import STATE_NAME

__all__ = ["STAGING_PREFIX", "make_session_folder", "state_content"]

STAGING_PREFIX = ".new-"


def make_session_folder(output: Path, session: Session) -> bool:
    """Make the session's folder in ``output``, durably. False: there is one of this name already.

    Raises:
        NoRoom, FolderReadOnly: nothing was made.
    """
    staging = output / f"{STAGING_PREFIX}{session.id}-{uuid.uuid4().hex[:8]}"
    final = output / session.id
    with files.translate_errors():
        staging.mkdir()
        try:
            files.write_durably(staging / STATE_NAME, state_content(session))
            try:
                files.replace(staging, final)
            except OSError:
                if final.exists():
                    return False
                raise
        finally:
            if staging.exists():
                for path in staging.iterdir():
                    path.unlink()
                staging.rmdir()
        files.sync_folder(output)
    return True


def state_content(session: Session) -> bytes:
    """What ``session_state.json`` holds."""
    return session.model_dump_json(indent=1).encode()
