"""The tables of the index, as values. What they hold is derived: a change here needs only another ``VERSION``.

``totals`` is kept by triggers, because lists, the queue's limit and health ask for it all the time, and counting
100,000 rows of one state takes SQLite ten milliseconds.
"""

__all__ = ["COUNT_AGAIN", "SCHEMA", "VERSION"]

VERSION = 2

_COUNT_NEW = """
CREATE TRIGGER count_new AFTER INSERT ON sessions BEGIN
  INSERT INTO totals VALUES (new.status, 1) ON CONFLICT (status) DO UPDATE SET count = count + 1;
END;
"""

SCHEMA = f"""
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
CREATE TABLE totals (status TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
{_COUNT_NEW}
CREATE TRIGGER count_gone AFTER DELETE ON sessions BEGIN
  UPDATE totals SET count = count - 1 WHERE status = old.status;
END;
CREATE TRIGGER count_moved AFTER UPDATE OF status ON sessions WHEN old.status <> new.status BEGIN
  UPDATE totals SET count = count - 1 WHERE status = old.status;
  INSERT INTO totals VALUES (new.status, 1) ON CONFLICT (status) DO UPDATE SET count = count + 1;
END;
"""  # noqa: S608 - words of ours

COUNT_AGAIN = (
    "DROP TRIGGER count_new",
    "DELETE FROM totals",
    "INSERT INTO totals SELECT status, count(*) FROM sessions GROUP BY status",
    _COUNT_NEW,
)
"""The first before thousands of new rows, the others after them, in one transaction: a trigger a row costs too much."""
