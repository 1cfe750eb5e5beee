"""Files that were sent: received into a folder of their own, kept for a day, linked into the sessions that name them.

Blocking; any thread, any process. Names are made here; what the client called a file is only told.
"""

import contextlib
import shutil
import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import unquote

from pydantic import ValidationError

from ..formats import MAX_BYTES, FileProblem, inspect
from ..models.errors import Conflict, InvalidRequest, UploadInvalid, UploadsFull
from ..models.uploads import ROLES, Upload, UploadRole, WaitingUpload
from . import files

__all__ = ["FOLDER", "Attached", "UploadFolder", "attach", "attached_of"]

FOLDER = "uploads"
"""In a session's folder."""
WAITING = ".uploads"
"""In the output folder: one folder for each file, with its record."""
LIFE = timedelta(hours=24)
_RECORD = "upload.json"
_RECORD_MAX_BYTES = 1 << 16
_STAGING = ".new-"
_STALE = timedelta(hours=1)
_WAITING_MAX, _WAITING_MAX_BYTES = 500, 2 << 30
_NAME_MAX = 100
_one_at_a_time = threading.Lock()
"""Looking into a large file takes some hundred MB for a moment."""


@dataclass(frozen=True)
class Attached:
    """A file for a session that is being made: its record, and where it lies now."""

    upload: Upload
    path: Path


class UploadFolder:
    """The files of one output folder that no session owns."""

    def __init__(self, output: Path, clock: Callable[[], datetime]) -> None:
        self._folder = output / WAITING
        self._clock = clock

    def receive(self) -> "Receiving":
        """A place for the files of one request, which must be discarded at the end.

        Raises:
            UploadsFull: as many wait as are allowed.
            NoRoom, FolderReadOnly: nothing was kept.
        """
        self.sweep()
        with files.translate_errors():
            self._folder.mkdir(exist_ok=True)
            waiting = [path for path in self._folder.iterdir() if path.is_dir()]
        size = sum(map(_size, (file for path in waiting for file in _entries(path))))
        if len(waiting) >= _WAITING_MAX or size >= _WAITING_MAX_BYTES:
            raise UploadsFull("As many uploaded files wait as this server keeps. Try again later.")
        return Receiving(self._folder, self._clock)

    def find(self, upload_id: str) -> Attached | None:
        """A file that waits; None where there is none, or no longer."""
        folder = self._folder / upload_id
        try:
            data, _ = files.read_plain(folder / _RECORD, limit=_RECORD_MAX_BYTES)
            record = WaitingUpload.model_validate_json(data)
        except (OSError, ValidationError):
            return None
        path = folder / Path(record.file).name
        if record.expires_at <= self._clock() or not files.is_plain_file(path):
            return None
        fields = record.model_dump(exclude={"expires_at"})
        return Attached(Upload.model_validate(fields), path)

    def sweep(self) -> None:
        """Remove what nobody may name any more, and what requests that died have left."""
        now = self._clock()
        for path in _entries(self._folder):
            limit = _STALE if path.name.startswith(_STAGING) else LIFE
            with contextlib.suppress(OSError):
                if now.timestamp() - path.stat().st_mtime > limit.total_seconds():
                    shutil.rmtree(path, ignore_errors=True)


class Receiving:
    """The files of one request while they arrive."""

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        self._folder = folder
        self._clock = clock
        self._staging: list[Path] = []
        self.attached: list[Attached] = []

    def begin(self) -> Path:
        """An empty folder for the next file."""
        staging = self._folder / f"{_STAGING}{uuid.uuid4()}"
        with files.translate_errors():
            staging.mkdir()
        self._staging.append(staging)
        return staging

    def write(self, staging: Path, piece: bytes) -> None:
        """More of the file. Raises ``NoRoom``, ``FolderReadOnly``."""
        with files.translate_errors(), (staging / "file").open("ab") as stream:
            stream.write(piece)

    def take(self, path: Path, role: UploadRole | None) -> None:
        """A whole file of this machine. Raises ``UploadInvalid``, ``NoRoom``, ``FolderReadOnly``."""
        staging = self.begin()
        try:
            with path.open("rb") as stream:
                # A byte too many is enough to be told that there are too many.
                content = stream.read(MAX_BYTES + 1)
        except OSError as error:
            told = [{"field": path.name, "message": f"cannot be read ({error.strerror})"}]
            raise UploadInvalid(f"{path.name} cannot be read ({error.strerror}).", told) from None
        self.write(staging, content)
        self.end(staging, path.name, role)

    def end(self, staging: Path, name: str, role: UploadRole | None) -> None:
        """The file is complete: look at it. Raises ``UploadInvalid`` that names it and says what is wrong."""
        part = staging / "file"
        name = _told(name)
        try:
            with _one_at_a_time:
                found = inspect(part.read_bytes() if part.exists() else b"")
            if role is not None and role not in ROLES[found.kind]:
                allowed = ", ".join(ROLES[found.kind])
                raise FileProblem(f"is a {found.kind}, which can be: {allowed}; not {role}")
        except FileProblem as problem:
            raise UploadInvalid(f"{name} {problem}.", [{"field": name, "message": str(problem)}]) from None
        path = part.with_suffix(found.suffix)
        with files.translate_errors():
            files.replace(part, path)
            files.sync_file(path)
        upload = Upload(
            name=name,
            file=path.name,
            kind=found.kind,
            media_type=found.media_type,
            size=path.stat().st_size,
            sha256=files.file_sha256(path),
            role=role,
            extent=found.extent,
            orientation=found.orientation,
            colors=list(found.colors),
            upload_id=staging.name.removeprefix(_STAGING),
        )
        self.attached.append(Attached(upload, path))

    def keep(self) -> list[WaitingUpload]:
        """Let all files wait for sessions; when this returns they survive power loss, each whole or not there."""
        kept = []
        expires = self._clock() + LIFE
        for staging, attached in zip(self._staging, self.attached, strict=True):
            record = WaitingUpload(**attached.upload.model_dump(), expires_at=expires)
            files.write_durably(staging / _RECORD, record.model_dump_json(indent=1).encode())
            kept.append(record)
        with files.translate_errors():
            for staging, record in zip(self._staging, kept, strict=True):
                files.replace(staging, self._folder / record.upload_id)
            files.sync_folder(self._folder)
        self._staging.clear()
        return kept

    def discard(self) -> None:
        """Remove what was not kept; also after ``keep``."""
        for staging in self._staging:
            shutil.rmtree(staging, ignore_errors=True)


def attach(session_folder: Path, attached: Sequence[Attached]) -> list[Upload]:
    """Give files to a session's folder, under names of ours; when this returns they survive power loss.

    Raises ``NoRoom``, ``FolderReadOnly``, and ``InvalidRequest`` where one is not there any more.
    """
    if not attached:
        return []
    folder = session_folder / FOLDER
    with files.translate_errors():
        folder.mkdir()
    records = []
    for number, item in enumerate(attached, 1):
        name = f"{number}{item.path.suffix}"
        try:
            files.link_or_copy(item.path, folder / name)
        except FileNotFoundError:
            raise InvalidRequest(f"{item.upload.name} is not there any more. Send it again.") from None
        records.append(item.upload.model_copy(update={"file": f"{FOLDER}/{name}"}))
    files.sync_folder(session_folder)
    return records


def attached_of(session_folder: Path, uploads: Sequence[Upload]) -> list[Attached]:
    """A session's files, for another session. Raises ``Conflict`` where one is not there, or is another by now."""
    attached = [Attached(upload, session_folder / FOLDER / Path(upload.file).name) for upload in uploads]
    for item in attached:
        if not files.is_plain_file(item.path) or files.file_sha256(item.path) != item.upload.sha256:
            raise Conflict("The session's uploaded files are not there any more: send it as a new session.")
    return attached


def _entries(folder: Path) -> list[Path]:
    """What is in a folder; nothing where it is not there or goes meanwhile."""
    with contextlib.suppress(OSError):
        return list(folder.iterdir())
    return []


def _size(path: Path) -> int:
    with contextlib.suppress(OSError):
        return path.lstat().st_size
    return 0


def _told(name: str) -> str:
    """The client's name for a file, as it may be shown: no folders, one line, not too long."""
    # Clients write marks, and some of them everything else, in the way of addresses.
    last = unquote(name).replace("\\", "/").rpartition("/")[2]
    shown = "".join(letter if letter.isprintable() else " " for letter in last).strip()
    return shown[-_NAME_MAX:] or "the file"
