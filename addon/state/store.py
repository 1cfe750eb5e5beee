"""SessionStore: every reading and changing of sessions goes through here. Blocking; any thread, any process.

The order of writing at each change: state file (durably), then index. Changes of existing sessions are made inside
one index transaction, so that of two processes one sees what the other did.
"""

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from ..models.base import utc_now
from ..models.errors import (
    FolderReadOnly,
    QueueFull,
    StateUnreadable,
    UnknownArtifact,
    UnknownSession,
)
from ..models.session import Session, SessionStatus
from . import files
from .artifacts import ArtifactFile, artifact_file, artifact_kinds
from .folders import STATE_MAX_BYTES, STATE_NAME, is_session_id, session_folder
from .index import Index
from .listing import read_page
from .migration import parse_state
from .rows import Page, SessionRow, row_from_session, session_from_row
from .staging import state_content
from .uploads import UploadFolder

__all__ = ["SessionStore"]

Change = Callable[[Session], Session | None]
"""Gets the session as it is on disk, gives it as it shall be, or None to leave it alone."""


class SessionStore:
    """All sessions of one output folder."""

    def __init__(self, output: Path, *, max_queue: int = 10_000, clock: Callable[[], datetime] = utc_now) -> None:
        self.output = output.absolute()
        self.index = Index(self.output)
        self.clock = clock
        self.uploads = UploadFolder(self.output, clock)
        self._max_queue = max_queue
        self._arriving = 0
        self._guard = threading.Lock()

    def open(self, *, or_temporary: bool = False) -> None:
        """Make the folder and open the index. Raises ``NoRoom``, ``FolderReadOnly``, ``IndexUnavailable``.

        ``or_temporary``: where the folder cannot be written, sessions can be read with an index that lies elsewhere,
        and every change raises what is wrong, until ``index.settle`` has moved to the folder.
        """
        with files.translate_errors():
            try:
                self.output.mkdir(parents=True, exist_ok=True)
            except (FileExistsError, NotADirectoryError) as error:
                raise FolderReadOnly(
                    "Where the output folder should be there is a file. Choose another one."
                ) from error
        self.index.open(or_temporary=or_temporary)

    def close(self) -> None:
        """Close the index; the store can be opened again."""
        self.index.close()

    # ------------------------------------------------------------------ reading

    def folder(self, session_id: str) -> Path:
        """The session's folder. Raises ``UnknownSession`` where the id is none or the folder is a link."""
        folder = session_folder(self.output, session_id)
        if folder.is_symlink():
            raise UnknownSession(session_id)
        return folder

    def get(self, session_id: str) -> Session:
        """The session as its file says; where there is no readable file, as recovery judged the folder.

        Raises:
            UnknownSession: neither.
        """
        try:
            return self.read_file(session_id)
        except (OSError, StateUnreadable):
            row = self.index.row(session_id) if is_session_id(session_id) else None
            if row is None or not self.folder(session_id).is_dir():
                raise UnknownSession(session_id) from None
            return session_from_row(row)

    def read_file(self, session_id: str) -> Session:
        """The session in ``session_state.json``. Raises ``OSError`` or ``StateUnreadable``."""
        data, _ = files.read_plain(self.folder(session_id) / STATE_NAME, limit=STATE_MAX_BYTES)
        return parse_state(data, session_id, root=self.output.name)

    def _read_to_change(self, session_id: str) -> Session:
        try:
            return self.read_file(session_id)
        except (FileNotFoundError, NotADirectoryError):
            raise UnknownSession(session_id) from None
        except OSError as error:  # not proof that there is none: too many open files, a disk that fails
            raise StateUnreadable("The session's state file cannot be read.") from error

    def row(self, session_id: str) -> SessionRow:
        """The index's row, with progress. Raises ``UnknownSession``."""
        row = self.index.row(session_id) if is_session_id(session_id) else None
        if row is None:
            # Not indexed yet (a rebuild is going on): the file is the truth.
            try:
                return row_from_session(self.read_file(session_id), mtime_ns=None, size=None)
            except (OSError, StateUnreadable):
                raise UnknownSession(session_id) from None
        return row

    def page(
        self,
        *,
        status: SessionStatus | None = None,
        limit: int = 50,
        cursor: str | None = None,
        q: str | None = None,
    ) -> Page:
        """Sessions, newest first. ``q``: part of the prompt or the beginning of an id.

        Raises:
            InvalidRequest: the cursor is not one that was given out.
        """
        return read_page(self.index, status=status, limit=limit, cursor=cursor, q=q)

    def queue_position(self, session_id: str) -> int | None:
        """How many pending sessions are before this one; None where it does not wait."""
        found = self.index.read(
            "SELECT (SELECT count(*) FROM sessions "
            "WHERE status = 'pending' AND (created_at, id) < (s.created_at, s.id)) "
            "FROM sessions s WHERE s.id = ? AND s.status = 'pending'",
            (session_id,),
        )
        return found[0][0] if found else None

    def changes_since(self, seq: int, *, session_id: str | None = None, limit: int = 500) -> list[SessionRow]:
        """Sessions changed after ``seq``, each once with its newest state, in the order of their changes."""
        if session_id is not None:
            return self.index.rows("WHERE id = ? AND seq > ? ORDER BY seq LIMIT ?", (session_id, seq, limit))
        return self.index.rows("WHERE seq > ? ORDER BY seq LIMIT ?", (seq, limit))

    def artifact(self, session_id: str, kind: str) -> ArtifactFile:
        """The file to download for a kind. Raises ``UnknownSession``, ``UnknownArtifact``."""
        found = artifact_file(self.folder(session_id), self.get(session_id), kind)
        if found is None:
            raise UnknownArtifact("This session has no such file, or not yet.")
        return found

    def artifact_kinds(self, session_id: str) -> list[str]:
        """Which kinds can be downloaded. Raises ``UnknownSession``."""
        return artifact_kinds(self.folder(session_id), self.get(session_id))

    # ------------------------------------------------------------------ changing

    @contextlib.contextmanager
    def place_in_queue(self) -> Iterator[None]:
        """Keep a place for a session that is being made. Raises ``QueueFull``."""
        with self._guard:
            if self.index.counts()[SessionStatus.PENDING] + self._arriving >= self._max_queue:
                raise QueueFull("As many sessions are waiting as this server accepts. Try again later.")
            self._arriving += 1
        try:
            yield
        finally:
            with self._guard:
                self._arriving -= 1

    def update(self, session_id: str, change: Change) -> Session:
        """Change a session on disk and in the index, alone among all processes. Returns it as it is then.

        Raises:
            UnknownSession: there is no state file.
            StateUnreadable: it cannot be read.
            NoRoom, FolderReadOnly: nothing was changed.
            IndexUnavailable: nothing was changed, or the state file was and the index does not say so yet.
        """
        self.index.check_writable()
        with self.index.transaction() as connection:
            before = self._read_to_change(session_id)
            after = change(before)
            if after is None:
                return before
            seq = self.index.next_seq(connection, above=before.seq)
            after = after.model_copy(update={"seq": seq, "updated_at": self.clock()})
            self.index.put(connection, [self._write(after)])
            return after

    def put_new_state(self, session: Session, set_aside: str) -> Session | None:
        """Write the first state file of a folder that had none it could read (recovery).

        What is there and cannot be read gets the name ``set_aside``. None: it can be read by now, and is left alone.
        """
        self.index.check_writable()
        path = self.folder(session.id) / STATE_NAME
        with self.index.transaction() as connection:
            with contextlib.suppress(OSError, StateUnreadable):
                self.read_file(session.id)
                return None
            if path.is_symlink() or path.exists():
                with files.translate_errors():
                    files.replace(path, path.with_name(set_aside))
            files.remove_temporaries(path.parent)
            seq = self.index.next_seq(connection, above=session.seq)
            session = session.model_copy(update={"seq": seq, "updated_at": self.clock()})
            self.index.put(connection, [self._write(session)])
            return session

    def reindex(self, session_id: str) -> None:
        """Make the index say what the state file says, also where that has an older number (an older file put back).

        Raises ``UnknownSession``, ``StateUnreadable``.
        """
        with self.index.transaction() as connection:
            row = self._row(self._read_to_change(session_id), self.folder(session_id) / STATE_NAME)
            known = self.index.row(session_id)
            # Not the file's number: where its writer died before the index had it, others have gone on above it, and
            # who asks for what changed since would never be told.
            above = max(row.seq, known.seq if known else 0)
            self.index.put(connection, [replace(row, seq=self.index.next_seq(connection, above=above))])

    def put_judged_row(self, row: SessionRow) -> None:
        """Index a folder that has no state file to write to; takes the next number."""
        with self.index.transaction() as connection:
            self.index.put(connection, [replace(row, seq=self.index.next_seq(connection, above=row.seq))])

    def _write(self, session: Session) -> SessionRow:
        path = self.folder(session.id) / STATE_NAME
        files.write_durably(path, state_content(session))
        return self._row(session, path)

    def _row(self, session: Session, path: Path) -> SessionRow:
        status = path.stat()
        row = row_from_session(session, mtime_ns=status.st_mtime_ns, size=status.st_size)
        known = self.index.row(session.id)
        if known and session.status is SessionStatus.IN_PROGRESS and known.status is SessionStatus.IN_PROGRESS:
            row = replace(row, progress=known.progress, message=known.message)
        return row

    def index_new(self, session: Session) -> None:
        """Index a session whose folder has just been made. Raises ``IndexUnavailable``, ``NoRoom``."""
        status = (self.folder(session.id) / STATE_NAME).stat()
        self.index.put_new(row_from_session(session, mtime_ns=status.st_mtime_ns, size=status.st_size))
