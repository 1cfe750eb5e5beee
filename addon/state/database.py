"""The SQLite file behind the index: one connection for each thread, and what happens when the file is taken away.

Any thread, several processes. The file can be deleted, replaced or damaged at any moment: every statement first looks
whether the names still lead to what was opened. A file that is gone is made anew, by whoever notices first; a damaged
one is set aside by ``set_aside``. Both leave an index that has to be filled from the folders again.
"""

import contextlib
import os
import sqlite3
import stat
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from ..models.errors import FolderReadOnly, IndexUnavailable, NoRoom, ScenekeeperError
from .files import explain

__all__ = ["Database"]

_BUSY_TIMEOUT_S = 15
_LOCK_TIMEOUT_S = 5
_PARTS = ("", "-wal", "-shm")
_PRAGMAS = (
    # The file is derived, so a power loss may cost its newest rows: the folders have them.
    "synchronous = NORMAL",
    "temp_store = MEMORY",
    "cache_size = -8000",
    # Pages of 4 KiB in the log until a commit folds it into the file; sweeps do that before.
    "wal_autocheckpoint = 8000",
)
_WAITING = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_NOMEM}
_CLOSED = "The index of the sessions is busy or damaged. Try again; 'recover' makes it anew."

Identity = tuple[int | None, ...]
"""Inodes of the file, its log and the log's index; None where there is no such name."""


@dataclass(frozen=True)
class _Open:
    connection: sqlite3.Connection
    identity: Identity
    generation: int
    number: int
    writable: bool
    """Whether it could be written when it was opened; SQLite's connection stays as it was then."""


class Database:
    """One SQLite file. Methods raise ``IndexUnavailable``, ``NoRoom`` or ``FolderReadOnly``.

    ``lost``: something that was written here may have gone into a file that has been taken away since; for whoever
    recovers. ``first_seq``: where the counter of a file begins that is made from now on.
    """

    def __init__(self, path: Path, schema: str, version: int) -> None:
        self.path = path
        self.lost = False
        self.first_seq = 0
        self._damaged: int | None = None
        self._schema = schema
        self._version = version
        self._local = threading.local()
        self._all: dict[int, sqlite3.Connection] = {}
        self._guard = threading.Lock()
        self._generation = 0
        self._opened = 0

    def open(self) -> None:
        """Open the file, or make it; one that is damaged is set aside."""
        try:
            with self.errors():
                self._check(self.connection())
        except IndexUnavailable:
            if not self.damaged:
                raise
            self.set_aside(None)
            with self.errors():
                self._check(self.connection())

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._guard:
            self._generation += 1
            for connection in self._all.values():
                with contextlib.suppress(sqlite3.Error):
                    connection.close()
            self._all.clear()

    def _check(self, connection: sqlite3.Connection) -> None:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
        if version != self._version or mode != "wal":
            raise sqlite3.DatabaseError("not as this version makes it")
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            connection.execute(f'SELECT * FROM "{table}" LIMIT 1').fetchone()  # noqa: S608 - names of ours

    # ------------------------------------------------------------------ connections

    def connection(self) -> sqlite3.Connection:
        """This thread's connection, to the file that has the name now. Inside ``errors``."""
        known: _Open | None = getattr(self._local, "open", None)
        if known is not None and known.generation == self._generation:
            if known.connection.in_transaction:
                return known.connection
            now = self._identity()
            if now == known.identity:
                if known.writable or not _can_write(self.path):
                    return known.connection
                self._drop()
                return self._connect()
            self._drop()
            if now[0] == known.identity[0]:
                # Its log was taken away, and with it what was committed last. Two logs of one file would be worse.
                self.set_aside(now[0])
            # Whatever has the name now, it may not know all that was written to the other.
            self.lost = True
        return self._connect()

    def _connect(self) -> sqlite3.Connection:
        if not self.path.exists():
            self._make_if_missing()
        inode = self.inode()
        # Never made by connecting: a file appears under this name whole, or not at all.
        connection = sqlite3.connect(
            f"{self.path.absolute().as_uri()}?mode=rw",
            uri=True,
            timeout=_BUSY_TIMEOUT_S,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )
        try:
            for pragma in _PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
            connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
        except sqlite3.Error:
            connection.close()
            raise
        identity = self._identity()
        if identity[0] != inode:
            connection.close()
            raise sqlite3.OperationalError("replaced while it was opened")
        with self._guard:
            self._opened += 1
            self._all[self._opened] = connection
            writable = _can_write(self.path)
            self._local.open = _Open(connection, identity, self._generation, self._opened, writable)
        return connection

    def _drop(self) -> None:
        known: _Open | None = getattr(self._local, "open", None)
        self._local.open = None
        if known is not None:
            with self._guard:
                self._all.pop(known.number, None)
            with contextlib.suppress(sqlite3.Error):
                known.connection.close()

    def _identity(self) -> Identity:
        return tuple(_inode(f"{self.path}{part}") for part in _PARTS)

    @contextlib.contextmanager
    def errors(self) -> Iterator[None]:
        """Tell SQLite's errors as ours. A connection that had one is closed: it may hold a lock or be read-only."""
        try:
            yield
        except sqlite3.Error as error:
            told = self._told(error)
            self._drop()
            raise told from error

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """The only writer for as long as it lasts; rolled back when the body raises."""
        with self.errors():
            connection = self.connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
            known: _Open | None = getattr(self._local, "open", None)
            if known is not None and self._identity() != known.identity:
                self.lost = True

    def data_version(self) -> int:
        """A number that changes whenever another connection than this thread's has committed, or this one is new."""
        with self.errors():
            (value,) = self.connection().execute("PRAGMA data_version").fetchone()
            return (int(self._local.open.number) << 32) + int(value)

    # ------------------------------------------------------------------ making and setting aside

    def set_aside(self, inode: int | None) -> None:
        """Put the file away and make an empty one, unless it is not the one with that inode any more."""
        with self._locked():
            if inode is None or _inode(self.path) == inode:
                aside = f".damaged-{time.time_ns()}"
                for old in self.path.parent.glob(f"{self.path.name}*.damaged-*"):
                    with contextlib.suppress(OSError):
                        old.unlink()
                for part in _PARTS:
                    with contextlib.suppress(FileNotFoundError):
                        os.replace(f"{self.path}{part}", f"{self.path}{part}{aside}")  # noqa: PTH105
                self._make()
        self._damaged = None

    @property
    def damaged(self) -> bool:
        """Whether the file that has the name now was found damaged; somebody else may have made it anew since."""
        return self._damaged is not None and self._damaged == self.inode()

    def mark_damaged(self) -> None:
        """What was read from the file cannot be right."""
        known: _Open | None = getattr(self._local, "open", None)
        self._damaged = known.identity[0] if known is not None else self.inode()

    def inode(self) -> int | None:
        """Of the file that has the name now."""
        return _inode(self.path)

    def log_bytes(self) -> int:
        """How long the log is."""
        try:
            return os.stat(f"{self.path}-wal").st_size  # noqa: PTH116
        except OSError:
            return 0

    def _make_if_missing(self) -> None:
        with self._locked():
            if not self.path.exists():
                self._make()

    def _make(self) -> None:
        for part in _PARTS[1:]:  # of a file that somebody deleted: it would be taken for the new one's
            Path(f"{self.path}{part}").unlink(missing_ok=True)
        new = self.path.with_name(f"{self.path.name}.new")
        for part in _PARTS:
            Path(f"{new}{part}").unlink(missing_ok=True)
        with contextlib.closing(sqlite3.connect(new, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(f"BEGIN; {self._schema} PRAGMA user_version = {self._version}; COMMIT;")
            connection.execute("INSERT INTO meta VALUES ('seq', ?)", (self.first_seq,))
        new.replace(self.path)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Alone among all processes."""
        try:
            self.path.parent.mkdir(exist_ok=True)
            with FileLock(f"{self.path}.lock", timeout=_LOCK_TIMEOUT_S):
                yield
        except Timeout as error:
            raise IndexUnavailable(_CLOSED) from error
        except OSError as error:
            raise explain(error) or IndexUnavailable(_CLOSED) from error

    def _told(self, error: sqlite3.Error) -> ScenekeeperError:
        extended = getattr(error, "sqlite_errorcode", None)
        code = None if extended is None else extended & 0xFF
        if code == sqlite3.SQLITE_FULL:
            return NoRoom("The disk of the output folder is full. Make room and send the request again.")
        if code == sqlite3.SQLITE_IOERR and extended != sqlite3.SQLITE_IOERR_SHORT_READ:
            return NoRoom("The index cannot be written. Check the disk of the output folder.")
        if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN) and _is_file(self.path):
            return FolderReadOnly("The output folder cannot be written. Give this user write access to it.")
        if code not in _WAITING and not isinstance(error, sqlite3.ProgrammingError):
            self.mark_damaged()
        return IndexUnavailable(_CLOSED)


def _inode(path: str | Path) -> int | None:
    try:
        return os.stat(path).st_ino  # noqa: PTH116 - called for every statement, and this is the fast way
    except OSError:
        return None


def _can_write(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _is_file(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False
