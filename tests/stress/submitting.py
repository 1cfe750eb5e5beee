"""Submitting prompts that are done in a moment."""

from typing import Any

from tests.bridge.running import TINY, RunningBridge


def submit(bridge: RunningBridge, prompt: str, **options: Any) -> str:
    """The id of a new session."""
    answer = bridge.call("POST", "/api/generate", {"prompt": prompt, "options": TINY | options})
    return str(answer["id"])
