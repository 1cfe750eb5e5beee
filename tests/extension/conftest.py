"""Real Blender programs are named by SCENEKEEPER_TEST_BLENDERS, separated as in PATH."""

import os
from pathlib import Path

import pytest

BLENDERS = [Path(item) for item in os.environ.get("SCENEKEEPER_TEST_BLENDERS", "").split(os.pathsep) if item]

collect_ignore = [] if BLENDERS else ["test_real_blender.py"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """A tier that did not run is not silent."""
    if not BLENDERS:
        terminalreporter.section("The tests in real Blender programs did NOT run", sep="!", yellow=True)
        terminalreporter.line("Name programs to run them: SCENEKEEPER_TEST_BLENDERS=/path/to/blender")


@pytest.fixture(scope="session", params=BLENDERS, ids=lambda path: path.name)
def blender(request: pytest.FixtureRequest) -> Path:
    """A real Blender."""
    found: Path = request.param
    return found
