"""Files that a request brings: what they are, and what of the scene they become."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import Field

from .base import Document, Strict, Timestamp

__all__ = [
    "MAX_UPLOADS",
    "ROLES",
    "UPLOAD_ID_PATTERN",
    "SentFile",
    "Upload",
    "UploadKind",
    "UploadList",
    "UploadRole",
    "UploadUse",
    "UploadView",
    "WaitingUpload",
    "split_role",
]

MAX_UPLOADS = 8
"""Files of one session."""
UPLOAD_ID_PATTERN = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"


class UploadKind(StrEnum):
    """What a file holds."""

    LOGO = "logo"
    PICTURE = "picture"
    MODEL = "model"


class UploadRole(StrEnum):
    """What a file becomes: a solid logo, a picture in a frame, on a thing or behind everything, or an object."""

    LOGO = "logo"
    FRAME = "frame"
    DECAL = "decal"
    BACKDROP = "backdrop"
    MODEL = "model"


ROLES: dict[UploadKind, tuple[UploadRole, ...]] = {
    UploadKind.LOGO: (UploadRole.LOGO,),
    UploadKind.PICTURE: (UploadRole.FRAME, UploadRole.DECAL, UploadRole.BACKDROP),
    UploadKind.MODEL: (UploadRole.MODEL,),
}
"""What each kind can become; the first one where nothing says otherwise."""


SentFile = tuple[UploadRole | None, Path]
"""A file of this machine, and what it shall become."""


def split_role(text: str) -> SentFile:
    """``logo.svg`` or ``backdrop=sea.jpg``, as command lines take it."""
    role, mark, path = text.partition("=")
    if mark and role in set(UploadRole):
        return UploadRole(role), Path(path)
    return None, Path(text)


class Upload(Document):
    """A file of a session.

    ``name`` is what the client called it; ``file`` where it lies, relative to the session's folder. ``extent`` is its
    width, depth and height: of a model in the file's own units with z up, of a picture in pixels (depth 0), of a
    logo in the drawing's units (depth 0). ``orientation`` is a picture's Exif orientation; ``colors`` are a
    logo's, back to front.
    """

    name: str
    file: str
    kind: UploadKind
    media_type: str
    size: int
    sha256: str
    role: UploadRole | None = None
    extent: tuple[float, float, float]
    orientation: Annotated[int, Field(ge=1, le=8)] = 1
    colors: list[str] = []
    upload_id: str | None = None


class WaitingUpload(Upload):
    """A file that waits for sessions to name it; its own record beside it."""

    upload_id: str
    expires_at: Timestamp


class UploadUse(Strict):
    """A file of ``POST /api/uploads`` as a request names it."""

    id: str = Field(pattern=UPLOAD_ID_PATTERN)
    role: UploadRole | None = Field(default=None, description="What it becomes; else the prompt says it, or its kind")


class UploadView(Strict):
    """A file that was taken."""

    id: str
    name: str
    kind: UploadKind
    media_type: str
    size: int
    sha256: str
    role: UploadRole | None = None
    expires_at: Timestamp


class UploadList(Strict):
    """POST /api/uploads: the files, in the order in which they were sent."""

    uploads: list[UploadView]
