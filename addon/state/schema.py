"""The tables of the index, as values. What they hold is derived: a change here needs only another ``VERSION``.

``totals`` is kept by triggers, because lists, the queue's limit and health ask for it all the time, and counting
100,000 rows of one state takes SQLite ten milliseconds.
"""

__all__ = ["COUNTERS", "COUNT_RANGE", "ORDERS", "SCHEMA", "VERSION"]

VERSION = 2

_ONE_MORE = "INSERT INTO totals VALUES (new.status, 1) ON CONFLICT (status) DO UPDATE SET count = count + 1;"
_ONE_LESS = "UPDATE totals SET count = count - 1 WHERE status = old.status;"

COUNTERS = {
    "count_new": f"CREATE TRIGGER count_new AFTER INSERT ON sessions BEGIN {_ONE_MORE} END",
    "count_moved": "CREATE TRIGGER count_moved AFTER UPDATE OF status ON sessions WHEN old.status <> new.status BEGIN "
    f"{_ONE_LESS} {_ONE_MORE} END",
    "count_gone": f"CREATE TRIGGER count_gone AFTER DELETE ON sessions BEGIN {_ONE_LESS} END",
}
"""Put away while thousands of rows are written in one transaction: a trigger for each of them costs too much."""

COUNT_RANGE = "SELECT status, count(*) FROM sessions WHERE id BETWEEN ? AND ? GROUP BY status"

ORDERS = {
    "by_time": "CREATE INDEX IF NOT EXISTS by_time ON sessions (created_at, id)",
    "by_status": "CREATE INDEX IF NOT EXISTS by_status ON sessions (status, created_at, id)",
    "by_seq": "CREATE INDEX IF NOT EXISTS by_seq ON sessions (seq)",
}
"""Lists are right without them, only slower. Ids come in another order, so each new row touches pages of its own."""

SCHEMA = f"""
CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE sessions (
  id TEXT PRIMARY KEY, seq INTEGER NOT NULL, status TEXT NOT NULL, prompt TEXT NOT NULL,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL, started_at TEXT, completed_at TEXT,
  current_stage TEXT, progress REAL NOT NULL, message TEXT NOT NULL, worker_id TEXT, attempts INTEGER NOT NULL,
  retry_of TEXT, recovered_from_disk INTEGER NOT NULL, cancel_requested INTEGER NOT NULL, result TEXT, sizes TEXT,
  file_mtime_ns INTEGER, file_size INTEGER);
CREATE TABLE totals (status TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
{"; ".join((*ORDERS.values(), *COUNTERS.values()))};
"""
