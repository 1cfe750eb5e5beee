"""Where things lie in the output folder. Ids and names are matched, never joined unchecked. Any thread."""

import re
from pathlib import Path, PurePosixPath

from ..models.errors import UnknownSession
from ..models.session import ID_PATTERN

__all__ = [
    "CHECKPOINTS",
    "LOGS",
    "STATE_MAX_BYTES",
    "STATE_NAME",
    "TRASH",
    "is_session_id",
    "public_path",
    "session_folder",
]

STATE_NAME = "session_state.json"
STATE_MAX_BYTES = 16 << 20
"""More than any session needs, by far: what is larger is not ours."""
CHECKPOINTS = "checkpoints"
LOGS = "logs"
TRASH = ".trash"
_ID = re.compile(ID_PATTERN, re.ASCII)


def is_session_id(name: str) -> bool:
    """Whether ``name`` may be a session's id."""
    return _ID.fullmatch(name) is not None


def session_folder(output: Path, session_id: str) -> Path:
    """The folder of a session, whether it is there or not. Raises ``UnknownSession`` for what is no id."""
    if not is_session_id(session_id):
        raise UnknownSession(session_id)
    return output / session_id


def public_path(folder: Path, name: str = "") -> str:
    """How a result names a file of a session's folder: relative to the output folder's parent, so it can be moved."""
    return str(PurePosixPath(folder.parent.name) / folder.name / name)
