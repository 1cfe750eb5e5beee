"""A real store in a folder of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from addon.state.store import SessionStore


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "output"


@pytest.fixture
def store(output: Path) -> Iterator[SessionStore]:
    store = SessionStore(output)
    store.open()
    yield store
    store.close()
