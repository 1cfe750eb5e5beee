"""No text makes planning fail, the same text gives the same plan, and nothing is passed over in silence."""

import os
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from addon.models.plan import ScenePlan
from addon.planning import OfflinePlanner, lay_out, plan_scene, write_concept
from addon.planning.lexicon import load_lexicon
from tests.planning.boxes import boxes

PLANNER = OfflinePlanner(boxes())
PHRASES = sorted(load_lexicon().phrases)


def make(prompt: str, seed: int = 0) -> tuple[ScenePlan, str]:
    plan, layout = lay_out(PLANNER.plan(prompt, seed), boxes())
    assert plan.objects or plan.texts
    assert sum(thing.count for thing in plan.objects) + len(plan.texts) == len(layout.placements)
    return plan, plan.model_dump_json() + layout.model_dump_json() + write_concept(plan, layout)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=300), st.integers(0, 3))
def test_any_characters_give_a_scene_and_the_same_one_again(prompt: str, seed: int) -> None:
    assert make(prompt, seed)[1] == make(prompt, seed)[1]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(PHRASES) | st.sampled_from([",", ".", "7", "300", '"x"', "zorp"]), max_size=25))
def test_any_known_words_in_any_order_give_a_scene(words: list[str]) -> None:
    make(" ".join(words))


@pytest.mark.parametrize(
    "prompt",
    [
        "a" * 10_000,
        "a cat " * 2_000,
        "very " * 2_000 + "red",
        "and " * 500,
        "of " * 500,
        "f_of",
        "a cat of",
        "999999999999999999999 cats",
        "0 cats",
        "a boxing with cafe",
        "1e400 m tall vase",
        "\x00\x07\x1b[31m cat \u202e\ufeff",
        "🐱" * 500,
        "'; DROP TABLE sessions; --",
        "<script>alert(1)</script>",
        "{{7*7}} ${jndi:ldap://x} ../../etc/passwd %00",
        "一只猫坐在桌子上",
        "кошка на столе",
        "(" * 3_000,
        '"' * 1_001,
        "a cat on a cat on a cat on a cat",
        "a box in a box in a box under a box on a box",
        "a cat on a dog on the cat",
        "cat\ncat\tcat\r\ncat",
    ],
)
def test_hostile_text_gives_an_honest_plan(prompt: str) -> None:
    plan, _ = make(prompt)
    assert plan.not_built or "cat" in prompt or "box" in prompt


def test_the_plan_does_not_depend_on_the_process() -> None:
    code = (
        "from addon.planning import plan_scene; from tests.planning.boxes import boxes;"
        "p, l = plan_scene('seven balls, a poodle, two red cars and a cup on a table in a forest', 5, boxes());"
        "print(p.model_dump_json() + l.model_dump_json())"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, check=True, env={**os.environ, "PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("0", "1", "4242")
    }
    assert len(outputs) == 1


CONTENT = ["poodle", "zorp", "purple", "wooden", "seven", "behind", "sunset", "glorious", "striped", "table", "chasing"]


@settings(max_examples=60, deadline=None)
@given(st.permutations(CONTENT))
def test_every_content_word_has_an_effect_or_is_told(words: list[str]) -> None:
    prompt = f"a {' '.join(words)} thing"
    plan, layout = plan_scene(prompt, 0, boxes(), planner=PLANNER)
    shown = plan.model_dump(exclude={"prompt", "title", "not_built"})
    told = " ".join(note.text.lower() for note in plan.not_built)
    effects = {
        "purple": "purple", "wooden": "'wood'", "seven": "'count': 7", "behind": "behind", "sunset": "sunset",
        "striped": "striped", "table": "'table'", "poodle": "poodle", "chasing": "next_to",
    }  # fmt: skip
    for word in words:
        assert word in told or effects.get(word, "\0") in str(shown), (word, prompt, plan.not_built)
    assert layout.placements
