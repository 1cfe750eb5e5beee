"""What fills a vessel and what is cut from a whole are forms of one thing, not more things."""

import pytest

from addon.catalogue import load_catalogue
from addon.models.plan import ScenePlan
from addon.planning import OfflinePlanner

PLANNER = OfflinePlanner(load_catalogue())


def read(prompt: str) -> ScenePlan:
    return PLANNER.plan(prompt, 0)


@pytest.mark.parametrize(
    ("prompt", "noun", "count", "form"),
    [
        ("a cup of coffee", "cup", 1, "coffee"),
        ("three cups of tea", "cup", 3, "tea"),
        ("a glass of orange juice", "glass", 1, "juice"),
        ("a glass full of milk", "glass", 1, "milk"),
        ("a mug with coffee in it", "mug", 1, "coffee"),
        ("coffee in a mug", "mug", 1, "coffee"),
        ("a bowl of hot soup", "bowl", 1, "soup"),
        ("a slice of pizza", "pizza", 1, "slice"),
        ("two pieces of cake", "cake", 2, "slice"),
    ],
)
def test_a_form_of_the_thing_shows_it(prompt: str, noun: str, count: int, form: str) -> None:
    plan = read(prompt)
    assert [(thing.noun, thing.count, thing.parameters["variant"]) for thing in plan.objects] == [(noun, count, form)]
    assert plan.relations == []
    assert plan.not_built == []


def test_a_vessel_is_empty_unless_the_prompt_fills_it() -> None:
    for noun in ("cup", "mug", "glass", "bowl", "wine glass"):
        assert read(f"a {noun}").objects[0].parameters["variant"] == "empty"


def test_what_has_no_form_is_put_in() -> None:
    plan = read("a bowl of apples")
    assert {thing.noun for thing in plan.objects} == {"bowl", "apple"}
    assert [relation.kind.value for relation in plan.relations] == ["inside"]
