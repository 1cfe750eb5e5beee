"""The index and queue: ``output/.index.sqlite3``. Derived from the folders; delete it and it is made again.

One connection per thread, so any thread may use it. Several processes share the file: changes are transactions,
and ``data_version`` tells when another one made some.
"""

import contextlib
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..models.errors import FolderReadOnly, IndexUnavailable, NoRoom, ScenekeeperError
from ..models.session import SessionStatus
from .database import Database
from .rows import INSERT_NEW, SELECT, UPSERT, SessionRow, row_from_sql, row_to_sql
from .schema import COUNT_RANGE, COUNTERS, ORDERS, SCHEMA, VERSION

__all__ = ["INDEX_NAME", "Index"]

INDEX_NAME = ".index.sqlite3"
_CACHE_KB, _BULK_CACHE_KB = 8_000, 24_000
_LOG_BYTES = 4_000_000
"""Of the log before ``fold_log`` folds it into the file."""
_REBUILT_GAP = 1_000_000
"""Numbers that progress took are in no file; a rebuilt counter starts this far above what the files know."""

_ELSEWHERE = ("/dev/shm", None)  # noqa: S108 - a folder of our own is made in it
"""Where a temporary index may lie, best first; None: where this system keeps temporary files."""


class Index:
    """Rows of all sessions. Every method raises ``IndexUnavailable``, ``NoRoom`` or ``FolderReadOnly`` on trouble.

    Where the folder cannot be written when it is opened, a temporary file elsewhere can stand in for it, so that
    sessions can be read; nothing can be changed until ``settle`` has moved to the folder.
    """

    def __init__(self, output: Path) -> None:
        self._home = output / INDEX_NAME
        self._database = Database(self._home, SCHEMA, VERSION)
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._former: Database | None = None
        self._refusal: ScenekeeperError | None = None
        self._spare: list[int] = []
        """Numbers of the counter that nothing has yet. Of one counter only: another file's begin elsewhere."""

    def open(self, *, or_temporary: bool = False) -> None:
        """Open the file, or make it; one that is damaged is set aside. Raises as the class says."""
        try:
            self._database.open()
        except (NoRoom, FolderReadOnly) as error:
            if not or_temporary or not self._stand_in():
                raise
            self._refusal = error

    def _stand_in(self) -> bool:
        for place in _ELSEWHERE:
            with contextlib.suppress(ScenekeeperError, OSError):
                folder = tempfile.TemporaryDirectory(prefix="scenekeeper-", dir=place)
                self._temporary = folder
                self._database = Database(Path(folder.name) / INDEX_NAME, SCHEMA, VERSION)
                self._database.open()
                return True
        return False

    def settle(self) -> bool:
        """Move from the temporary file to the folder's own; False: that is used already.

        Raises ``NoRoom``, ``FolderReadOnly`` while it cannot be.
        """
        if self._temporary is None:
            return False
        home = Database(self._home, SCHEMA, VERSION)
        try:
            home.open()
        except ScenekeeperError as error:
            home.close()
            self._refusal = error
            raise
        # Other threads may be reading in it at this instant, so it is closed later.
        self._former, self._database, self._refusal = self._database, home, None
        self._temporary.cleanup()
        self._temporary = None
        self._spare.clear()
        self.request_scan()
        return True

    def check_writable(self) -> None:
        """Raise what kept the index from the folder, where a temporary file stands in for it."""
        if self._refusal is not None:
            raise type(self._refusal)(str(self._refusal))

    def close(self) -> None:
        """Close the connections of all threads."""
        self._spare.clear()
        for database in (self._database, self._former):
            if database is not None:
                database.close()
        if self._temporary is not None:
            self._temporary.cleanup()
            self._temporary, self._refusal = None, None
            self._database = Database(self._home, SCHEMA, VERSION)

    def _connection(self) -> sqlite3.Connection:
        return self._database.connection()

    def _errors(self) -> contextlib.AbstractContextManager[None]:
        return self._database.errors()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """The only writer on this folder for as long as it lasts; rolled back when the body raises."""
        with self._database.transaction() as connection:
            yield connection
        if self._database.lost:
            self.request_scan()

    @contextlib.contextmanager
    def bulk(self) -> Iterator[None]:
        """Many rows in a row by this thread, which has more memory for it.

        An index that is filled from nothing is put in order at the end; where that is never reached, by the next scan,
        which must come, because the index is not complete.
        """
        if not self.complete and not self.read("SELECT 1 FROM sessions LIMIT 1"):
            self._execute(f"DROP INDEX IF EXISTS {name}" for name in ORDERS)
        with self._errors():
            connection = self._connection()
            connection.execute(f"PRAGMA cache_size = -{_BULK_CACHE_KB}")
        try:
            yield
            self._execute(ORDERS.values())
        finally:
            with contextlib.suppress(sqlite3.Error):  # closed meanwhile: the next one starts with the defaults
                connection.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
                connection.execute("PRAGMA shrink_memory")

    def fold_log(self) -> None:
        """Put what the log holds into the file, where it has grown; others read and write meanwhile.

        Else one of many commits does it, and whoever waits for that one waits for two syncs and a copy of the log.
        """
        if self._database.log_bytes() > _LOG_BYTES:
            self.read("PRAGMA wal_checkpoint(PASSIVE)")

    def _execute(self, statements: Iterable[str]) -> None:
        with self.transaction() as connection:
            for statement in statements:
                connection.execute(statement)

    def read(self, query: str, values: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with self._errors():
            return self._connection().execute(query, tuple(values)).fetchall()

    def rows(self, tail: str, values: Iterable[Any] = ()) -> list[SessionRow]:
        """Session rows: ``tail`` is the query after ``FROM sessions``."""
        found = self.read(f"{SELECT} {tail}", values)
        try:
            return [row_from_sql(row) for row in found]
        except (ValueError, TypeError, LookupError) as error:
            self._database.mark_damaged()
            raise IndexUnavailable("The index of the sessions is damaged. It is made anew.") from error

    def row(self, session_id: str) -> SessionRow | None:
        """One session's row."""
        return next(iter(self.rows("WHERE id = ?", (session_id,))), None)

    def put(self, connection: sqlite3.Connection, rows: Iterable[SessionRow]) -> None:
        """Insert or update rows; one with an older ``seq`` never overwrites a newer one."""
        connection.executemany(UPSERT, map(row_to_sql, rows))

    def put_many(self, connection: sqlite3.Connection, values: Sequence[tuple[Any, ...]]) -> None:
        """The same for thousands of rows that already are what ``row_to_sql`` makes, in the order of their ids."""
        ends = values[0][0], values[-1][0]
        before = connection.execute(COUNT_RANGE, ends).fetchall()
        for name in COUNTERS:
            connection.execute(f"DROP TRIGGER {name}")
        connection.executemany(UPSERT, values)
        change = Counter(dict(connection.execute(COUNT_RANGE, ends).fetchall()))
        change.subtract(dict(before))
        connection.executemany(
            "INSERT INTO totals VALUES (?, ?) ON CONFLICT (status) DO UPDATE SET count = count + excluded.count",
            change.items(),
        )
        for trigger in COUNTERS.values():
            connection.execute(trigger)

    def next_seq(self, connection: sqlite3.Connection, *, above: int = 0) -> int:
        """The next number of the counter, higher than ``above``. Inside ``transaction``."""
        return self._take(connection, 1, above)

    def _take(self, connection: sqlite3.Connection, count: int, above: int) -> int:
        """``count`` numbers of the counter: the highest of them."""
        (value,) = connection.execute(
            "INSERT INTO meta VALUES ('seq', ?1 + ?2) ON CONFLICT (name) DO UPDATE SET value = max(value, ?1) + ?2 "
            "RETURNING value",
            (above, count),
        ).fetchone()
        self._database.first_seq = max(self._database.first_seq, int(value) + _REBUILT_GAP)
        return int(value)

    def number_for_file(self) -> int:
        """A number of the counter for a new session's file, which is written before the session has a row."""
        try:
            return self._spare.pop()
        except IndexError:
            with self.transaction() as connection:
                return self.next_seq(connection)

    def put_new(self, row: SessionRow) -> None:
        """Insert the row of a session whose folder has just been made; where it is known by now, that stays.

        Numbers become visible in order only when they are taken in the transaction that shows them: who asks for what
        changed since a later one would never see this session. So the row does not have its file's number, but the
        next one. One more is put by for the file of the next session, which saves that one a transaction.
        """
        with self.transaction() as connection:
            spare = self._take(connection, 2, row.seq)
            connection.execute(INSERT_NEW, (*row_to_sql(replace(row, seq=spare - 1)), row.seq))
        self._spare.append(spare)

    def last_seq(self) -> int:
        """The counter."""
        return self._meta("seq")

    def _meta(self, name: str) -> int:
        found = self.read("SELECT value FROM meta WHERE name = ?", (name,))
        return int(found[0][0]) if found else 0

    @property
    def complete(self) -> bool:
        """Whether all folders were read into it since it was made, and since somebody last asked for that."""
        return self._meta("scanned") > self._meta("wanted")

    def mark_complete(self, ticket: int) -> None:
        """All folders were read since ``prepare_scan`` gave the ticket; the counter goes on above all numbers known."""
        with self.transaction() as connection:
            (highest,) = connection.execute("SELECT coalesce(max(seq), 0) FROM sessions").fetchone()
            if highest:
                self.next_seq(connection, above=highest + _REBUILT_GAP)
            connection.execute("INSERT OR REPLACE INTO meta VALUES ('scanned', ?)", (ticket,))

    def counts(self) -> dict[SessionStatus, int]:
        """How many sessions there are in each state."""
        found = dict(self.read("SELECT status, count FROM totals"))
        return {status: found.get(status.value, 0) for status in SessionStatus}

    def data_version(self) -> int:
        """A number that changes whenever another connection than this thread's has committed."""
        return self._database.data_version()

    @property
    def needs_scan(self) -> bool:
        """Whether the folders must be gone through: the index is new, damaged, or misses what was written."""
        with contextlib.suppress(ScenekeeperError):
            return self._database.damaged or self._database.lost or not self.complete
        return self._database.damaged

    def request_scan(self) -> None:
        """The index could not be told what is in the folder: whoever recovers, in any process, shall look."""
        try:
            with self._database.transaction() as connection:
                connection.execute(
                    "INSERT INTO meta VALUES ('wanted', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1"
                )
        except ScenekeeperError:
            self._database.lost = True
        else:
            self._database.lost = False

    def prepare_scan(self) -> tuple[int, str | None]:
        """Before the folders are gone through: a ticket for ``mark_complete``, and what was wrong with a damaged file.

        That is set aside, and an empty one takes its place.
        """
        database = self._database
        inode = database.inode()
        problem = "its rows cannot be read" if database.damaged else self._problem()
        if problem is not None:
            with self._errors():
                database.set_aside(inode)
        database.lost = False
        return self._meta("wanted") + 1, problem

    def _problem(self) -> str | None:
        """What SQLite finds wrong with the file. Reads all of it."""
        try:
            (found,) = self.read("PRAGMA quick_check(1)")[0]
        except IndexUnavailable as error:
            if not self._database.damaged:
                raise
            return str(error)
        return None if found == "ok" else str(found)

    def delete(self, ids: Iterable[str]) -> None:
        """Forget sessions whose folders are gone."""
        with self.transaction() as connection:
            connection.executemany("DELETE FROM sessions WHERE id = ?", ((name,) for name in ids))
