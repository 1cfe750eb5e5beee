"""What prompts of many kinds mean, planned with the real catalogue: ``data/prompts.toml`` says it."""

from typing import Any

import pytest

from addon.catalogue import load_catalogue
from addon.planning import OfflinePlanner
from tests.planning.readings import differences, load_readings

PLANNER = OfflinePlanner(load_catalogue())


@pytest.mark.parametrize(("prompt", "reading"), load_readings(), ids=[prompt for prompt, _ in load_readings()])
def test_a_prompt_means_what_its_english_says(prompt: str, reading: dict[str, Any]) -> None:
    assert differences(PLANNER.plan(prompt, 0), reading) == []
