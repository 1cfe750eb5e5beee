"""Folders and commands for a desk. The worker is the real one, in the bpy module."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from addon.models.api import GenerateRequest, RequestOptions
from addon.models.session import Preset
from addon.state.store import SessionStore

ROOT = Path(__file__).resolve().parents[2]
WORKER = (sys.executable, "-P", "-u", "-m", "addon", "serve")
TINY = GenerateRequest(prompt="a red cube", options=RequestOptions(preset=Preset.DRAFT, resolution=(64, 36), samples=1))
SLOW = GenerateRequest(
    prompt="a red cube", options=RequestOptions(preset=Preset.DRAFT, resolution=(1920, 1080), samples=4096)
)
T = TypeVar("T")


def wait_for(look: Callable[[], T], within_s: float, what: str) -> T:
    """The first true value of ``look``."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if value := look():
            return value
        time.sleep(0.05)
    raise AssertionError(f"not within {within_s:g} s: {what}")


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker finds the checkout, and no settings but the desk's."""
    for name in [name for name in os.environ if name.startswith("SCENEKEEPER_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SessionStore]:
    """The desk's folder, as another process sees it."""
    store = SessionStore(tmp_path / "output")
    store.open()
    yield store
    store.close()
