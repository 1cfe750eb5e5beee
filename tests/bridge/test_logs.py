"""One line for each event, whatever is in it."""

import json
import logging

import pytest

from bridge.logs import JsonFormatter, LogfmtFormatter


def record(message: str, **extra: object) -> logging.LogRecord:
    made = logging.makeLogRecord({"msg": message, "levelname": "INFO", "created": 0.5})
    vars(made).update(extra)
    return made


def test_an_event_with_its_fields() -> None:
    line = LogfmtFormatter().format(record("worker_started", session_id="abc", pid=7, share=0.25, nothing=None))
    assert line == "1970-01-01T00:00:00.500Z info worker_started session=abc pid=7 share=0.25"


@pytest.mark.parametrize("hostile", ["two\nlines", 'a "quote"', "", "a=b", "x\r\x1b[31m"])
def test_values_never_break_the_line(hostile: str) -> None:
    line = LogfmtFormatter().format(record("event", field=hostile))
    assert len(line.splitlines()) == 1
    assert json.loads(line.partition("field=")[2]) == hostile


def test_a_message_of_words_is_a_field_too() -> None:
    line = LogfmtFormatter().format(record("could not judge a session"))
    assert line.endswith('info log message="could not judge a session"')


def test_json_is_one_object_a_line() -> None:
    line = JsonFormatter().format(record("event", session_id="abc", field="two\nlines"))
    assert json.loads(line) == {
        "time": "1970-01-01T00:00:00.500Z",
        "level": "info",
        "event": "event",
        "session": "abc",
        "field": "two\nlines",
    }


def test_an_exception_is_in_its_event() -> None:
    try:
        raise ValueError("broken")
    except ValueError as error:
        made = record("event", exc_info=(type(error), error, error.__traceback__))
    line = LogfmtFormatter().format(made)
    assert len(line.splitlines()) == 1
    assert "ValueError: broken" in line
