"""The index and queue: ``output/.index.sqlite3``. Derived from the folders; delete it and it is made again.

One connection per thread, so any thread may use it. Several processes share the file: changes are transactions,
and ``data_version`` tells when another one made some.
"""

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from filelock import FileLock

from ..models.errors import FolderReadOnly, IndexUnavailable, NoRoom, ScenekeeperError
from ..models.session import SessionStatus
from .rows import COLUMNS, SessionRow, row_from_sql, row_to_sql

__all__ = ["INDEX_NAME", "Index"]

INDEX_NAME = ".index.sqlite3"
_VERSION = 1
_BUSY_TIMEOUT_S = 15
_CACHE_KB, _BULK_CACHE_KB = 8_000, 32_000
_LOG_PAGES, _BULK_LOG_PAGES = 1000, 8000
"""Pages of 4 KiB that the log may hold before it is folded into the file; the first is SQLite's default."""
_REBUILT_GAP = 1_000_000
"""Numbers that progress took are in no file; a rebuilt counter starts this far above what the files know."""

_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE sessions (
  id TEXT PRIMARY KEY, seq INTEGER NOT NULL, status TEXT NOT NULL, prompt TEXT NOT NULL,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL, started_at TEXT, completed_at TEXT,
  current_stage TEXT, progress REAL NOT NULL, message TEXT NOT NULL, worker_id TEXT, attempts INTEGER NOT NULL,
  retry_of TEXT, recovered_from_disk INTEGER NOT NULL, cancel_requested INTEGER NOT NULL, result TEXT, sizes TEXT,
  file_mtime_ns INTEGER, file_size INTEGER);
CREATE INDEX by_time ON sessions (created_at, id);
CREATE INDEX by_status ON sessions (status, created_at, id);
CREATE INDEX by_seq ON sessions (seq);
"""

_COLUMN_LIST = ", ".join(COLUMNS)
_UPSERT = (
    f"INSERT INTO sessions ({_COLUMN_LIST}) VALUES ({', '.join('?' * len(COLUMNS))}) "  # noqa: S608 - names of ours
    f"ON CONFLICT (id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in COLUMNS[1:])} "
    "WHERE excluded.seq >= sessions.seq"
)
SELECT = f"SELECT {_COLUMN_LIST} FROM sessions"  # noqa: S608 - names of ours


class Index:
    """Rows of all sessions. Every method raises ``IndexUnavailable``, ``NoRoom`` or ``FolderReadOnly`` on trouble."""

    def __init__(self, output: Path) -> None:
        self.path = output / INDEX_NAME
        self._local = threading.local()
        self._all: list[sqlite3.Connection] = []
        self._guard = threading.Lock()
        self._generation = 0

    def open(self) -> None:
        """Open the file, or make it; one that is damaged is set aside. Raises as the class says."""
        with self._errors():
            try:
                self._prepare()
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError:
                self.reset()

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._guard:
            self._generation += 1
            for connection in self._all:
                with contextlib.suppress(sqlite3.Error):
                    connection.close()
            self._all.clear()

    def reset(self) -> None:
        """Set the file aside and start an empty one, which ``complete`` says needs a rebuild."""
        with FileLock(self.path.with_name(f"{self.path.name}.lock")):
            self.close()
            aside = f".damaged-{time.time_ns()}"
            for suffix in ("", "-wal", "-shm"):
                part = self.path.with_name(self.path.name + suffix)
                with contextlib.suppress(FileNotFoundError):
                    part.replace(part.with_name(part.name + aside))
        self._prepare()

    def _prepare(self) -> None:
        with FileLock(self.path.with_name(f"{self.path.name}.lock")):
            if not self.path.exists():
                for suffix in ("-wal", "-shm"):  # of a file that somebody deleted
                    self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
            connection = self._connection()
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version not in (0, _VERSION):
                raise sqlite3.DatabaseError("made by another version")
            if version == 0:
                connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {_VERSION}; COMMIT;")
            connection.execute("SELECT value FROM meta LIMIT 1").fetchone()
            connection.execute(f"{SELECT} LIMIT 1").fetchone()

    def _connection(self) -> sqlite3.Connection:
        known = getattr(self._local, "connection", None)
        inode = self._inode()
        if known is not None and self._local.key == (self._generation, inode):
            return known  # type: ignore[no-any-return]
        connection = sqlite3.connect(
            self.path, timeout=_BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        # The file is derived, so a power loss may cost its newest rows: the folders have them.
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "temp_store = MEMORY", f"cache_size = -{_CACHE_KB}"):
            connection.execute(f"PRAGMA {pragma}")
        with self._guard:
            self._all.append(connection)
        self._local.connection = connection
        self._local.key = (self._generation, self._inode())
        return connection

    def _inode(self) -> int | None:
        try:
            return os.stat(self.path).st_ino  # noqa: PTH116 - called for every statement, and this is the fast way
        except OSError:
            return None

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            # One that was opened while the folder could not be written would stay read-only for ever.
            self._local.connection = None
            raise _told(error) from error

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """The only writer on this folder for as long as it lasts; rolled back when the body raises."""
        with self._errors():
            connection = self._connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    @contextlib.contextmanager
    def bulk(self) -> Iterator[None]:
        """Many rows in a row by this thread: it has more memory, and the log is folded into the file less often."""
        with self._errors():
            connection = self._connection()
            connection.execute(f"PRAGMA cache_size = -{_BULK_CACHE_KB}")
            connection.execute(f"PRAGMA wal_autocheckpoint = {_BULK_LOG_PAGES}")
        try:
            yield
        finally:
            with contextlib.suppress(sqlite3.Error):  # closed meanwhile: the next one starts with the defaults
                connection.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
                connection.execute(f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}")
                connection.execute("PRAGMA shrink_memory")

    def read(self, query: str, values: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with self._errors():
            return self._connection().execute(query, tuple(values)).fetchall()

    def rows(self, tail: str, values: Iterable[Any] = ()) -> list[SessionRow]:
        """Session rows: ``tail`` is the query after ``FROM sessions``."""
        return [row_from_sql(found) for found in self.read(f"{SELECT} {tail}", values)]

    def row(self, session_id: str) -> SessionRow | None:
        """One session's row."""
        return next(iter(self.rows("WHERE id = ?", (session_id,))), None)

    def put(self, connection: sqlite3.Connection, rows: Iterable[SessionRow]) -> None:
        """Insert or update rows; one with an older ``seq`` never overwrites a newer one."""
        self.put_values(connection, map(row_to_sql, rows))

    def put_values(self, connection: sqlite3.Connection, values: Iterable[tuple[Any, ...]]) -> None:
        """The same for rows that already are what ``row_to_sql`` makes."""
        connection.executemany(_UPSERT, values)

    def next_seq(self, connection: sqlite3.Connection, *, above: int = 0) -> int:
        """The next number of the counter, higher than ``above``. Inside ``transaction``."""
        (value,) = connection.execute(
            "INSERT INTO meta VALUES ('seq', ? + 1) ON CONFLICT (name) DO UPDATE SET value = max(value, ?) + 1 "
            "RETURNING value",
            (above, above),
        ).fetchone()
        return int(value)

    def last_seq(self) -> int:
        """The counter."""
        return self._meta("seq")

    def _meta(self, name: str) -> int:
        found = self.read("SELECT value FROM meta WHERE name = ?", (name,))
        return int(found[0][0]) if found else 0

    @property
    def complete(self) -> bool:
        """Whether all folders were read into it since it was made."""
        return bool(self._meta("complete"))

    def mark_complete(self) -> None:
        """All folders are in it; from here on the counter runs above all that was ever given out."""
        with self.transaction() as connection:
            (highest,) = connection.execute("SELECT coalesce(max(seq), 0) FROM sessions").fetchone()
            if highest:
                self.next_seq(connection, above=highest + _REBUILT_GAP)
            connection.execute("INSERT OR REPLACE INTO meta VALUES ('complete', 1)")

    def counts(self) -> dict[SessionStatus, int]:
        """How many sessions there are in each state."""
        found = dict(self.read("SELECT status, count(*) FROM sessions GROUP BY status"))
        return {status: found.get(status.value, 0) for status in SessionStatus}

    def count(self, status: SessionStatus) -> int:
        """How many sessions are in one state."""
        return int(self.read("SELECT count(*) FROM sessions WHERE status = ?", (status.value,))[0][0])

    def data_version(self) -> int:
        """A number that changes whenever another connection than this thread's has committed."""
        return int(self.read("PRAGMA data_version")[0][0])

    def problem(self) -> str | None:
        """What SQLite finds wrong with the file, or None. Reads all of it."""
        try:
            (found,) = self._connection().execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.DatabaseError as error:
            return str(error)
        return None if found == "ok" else str(found)

    def delete(self, ids: Iterable[str]) -> None:
        """Forget sessions whose folders are gone."""
        with self.transaction() as connection:
            connection.executemany("DELETE FROM sessions WHERE id = ?", ((name,) for name in ids))


def _told(error: sqlite3.Error) -> ScenekeeperError:
    text = str(error)
    if "full" in text:
        return NoRoom("The disk of the output folder is full. Make room and send the request again.")
    if "readonly" in text or "read-only" in text or "unable to open" in text:
        return FolderReadOnly("The output folder cannot be written. Give this user write access to it.")
    if "disk I/O" in text:
        return NoRoom("The index cannot be written. Check the disk of the output folder.")
    return IndexUnavailable("The index of the sessions is busy or damaged. Try again; 'recover' makes it anew.")
