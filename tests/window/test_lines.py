"""What the panel says of a session."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from addon.models.session import SessionResult, SessionStatus
from addon.state.rows import SessionRow
from addon.window.lines import ago, line_of

NOW = datetime(2030, 1, 1, 12, tzinfo=UTC)
OUTPUT = Path("output")


def row(status: SessionStatus, **fields: Any) -> SessionRow:
    given = {"id": "a", "seq": 1, "status": status, "prompt": "a red cube", "created_at": NOW, "updated_at": NOW}
    return SessionRow(**given | fields)


@pytest.mark.parametrize(
    ("found", "options", "expected"),
    [
        (row(SessionStatus.PENDING), {"before_it": 0}, "Waiting, next in line"),
        (row(SessionStatus.PENDING), {"before_it": 2, "starting": True}, "Waiting, 2 before it"),
        (row(SessionStatus.PENDING), {"before_it": 0, "starting": True}, "Blender starts in the background"),
        (row(SessionStatus.IN_PROGRESS, message="Sample 3/12"), {}, "Sample 3/12"),
        (row(SessionStatus.IN_PROGRESS, message="Sample 3/12", cancel_requested=True), {}, "Cancelling"),
        (row(SessionStatus.COMPLETED, completed_at=NOW - timedelta(minutes=3)), {}, "Finished 3 min ago"),
        (row(SessionStatus.CANCELLED, completed_at=NOW), {}, "Cancelled just now"),
        (row(SessionStatus.FAILED, result=SessionResult(success=False, error="It broke.")), {}, "It broke."),
        (row(SessionStatus.FAILED), {}, "Failed"),
    ],
)
def test_the_detail(found: SessionRow, options: dict[str, Any], expected: str) -> None:
    assert line_of(found, OUTPUT, NOW, **options).detail == expected


def test_a_prompt_becomes_one_line() -> None:
    line = line_of(row(SessionStatus.PENDING, prompt="a  red\ncube\n" + "x" * 1000), OUTPUT, NOW)
    assert line.prompt.startswith("a red cube x")
    assert len(line.prompt) < 200


def test_what_was_not_built_is_told() -> None:
    result = SessionResult(success=True, warnings=["Not built: dragon"])
    line = line_of(row(SessionStatus.COMPLETED, result=result), OUTPUT, NOW)
    assert line.notes == ("Not built: dragon",)
    assert line.folder == OUTPUT / "a"


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(-5, "just now"), (59, "just now"), (60, "1 min ago"), (7199, "1 h ago"), (86400 * 3, "3 d ago")],
)
def test_ages(seconds: float, expected: str) -> None:
    assert ago(seconds) == expected
