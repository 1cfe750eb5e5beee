"""One line for each event, as logfmt or JSON, on standard error. Any thread.

    2026-01-02T03:04:05.678Z info worker_started worker=… pid=4711 session=…

Fields are given as ``extra={"session_id": …, "pid": …}``.
"""

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Any

__all__ = ["JsonFormatter", "LogfmtFormatter", "configure"]

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_NAMES = {"session_id": "session", "worker_id": "worker"}
_PLAIN = re.compile(r"[A-Za-z0-9_.:/@%+,\-]+")


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    fields = {
        _NAMES.get(name, name): value
        for name, value in vars(record).items()
        if name not in _STANDARD and value is not None
    }
    if record.exc_info:
        fields["exception"] = logging.Formatter().formatException(record.exc_info)
    return fields


def _time(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def _quoted(value: object) -> str:
    text = f"{value:.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


class LogfmtFormatter(logging.Formatter):
    """Time, level, event, then key=value."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever the fields hold."""
        message = record.getMessage()
        event = message if _PLAIN.fullmatch(message) else f"log message={_quoted(message)}"
        pairs = "".join(f" {name}={_quoted(value)}" for name, value in _fields(record).items())
        return f"{_time(record)} {record.levelname.lower()} {event}{pairs}"


class JsonFormatter(logging.Formatter):
    """The same as one JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever the fields hold."""
        line = {"time": _time(record), "level": record.levelname.lower(), "event": record.getMessage()}
        return json.dumps(line | _fields(record), ensure_ascii=False, default=str)


def configure(*, as_json: bool, level: int = logging.INFO) -> None:
    """Send everything that this process logs to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if as_json else LogfmtFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.getLogger("asyncio").setLevel(logging.WARNING)
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)
