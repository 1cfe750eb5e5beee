"""Answers that try to do harm: none becomes a plan, each is told why, and the reader survives all of them."""

import copy
import json
import random
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addon.catalogue import load_catalogue
from addon.planning import lay_out
from addon.planning.model.answer import AnswerInvalid, read_answer
from addon.planning.model.bounds import MAX_INSTANCES, MAX_KINDS
from addon.planning.model.cost import MAX_TRIANGLES, MAX_WORK, cost_of
from addon.planning.model.endpoint import Answer
from tests.planning.boxes import boxes
from tests.planning.chat_server import says, serving
from tests.planning.model_plans import PLAN, SUNDIAL, planner_of

Json = dict[str, Any]
PROMPT = 'a sign that says "see www.acme.example"'


def problems(answer: Json | str) -> str:
    """What is wrong with an answer; fails where nothing is."""
    text = answer if isinstance(answer, str) else json.dumps(answer)
    with pytest.raises(AnswerInvalid) as caught:
        read_answer(Answer(text, whole=True), boxes(), PROMPT, 0, "tiny")
    return "; ".join(caught.value.problems)


def with_object(**fields: Any) -> Json:
    return PLAN | {"objects": [PLAN["objects"][0] | fields, PLAN["objects"][1]]}


def with_recipe(change: Callable[[Json], object]) -> Json:
    recipe = copy.deepcopy(SUNDIAL)
    change(recipe)
    return {"objects": [{"id": "dial", "recipe": "sundial", "noun": "sundial"}], "recipes": [recipe]}


def cups(kinds: int, count: int) -> Json:
    return {"objects": [{"id": f"cup_{n}", "recipe": "cup", "noun": "cup", "count": count} for n in range(kinds)]}


WORDS: list[tuple[Json, str]] = [
    (with_object(noun="see http://evil.example/x"), "objects[0].noun: addresses and file paths"),
    (with_object(noun="www.evil.example"), "addresses and file paths"),
    (with_object(color_name="javascript:alert(1)"), "addresses and file paths"),
    (with_object(material="../../etc/passwd"), "addresses and file paths"),
    (with_object(material="/etc/shadow/x"), "addresses and file paths"),
    (with_object(material="C:\\Windows\\x"), "addresses and file paths"),
    (with_object(noun="x" * 301), "at most 300 characters"),
    (with_object(noun="x" * 61), "objects[0].noun: at most 60 characters"),
    (with_object(noun="cup\x1b[2J"), "control characters"),
    (with_object(noun="cup\u202eevil"), "control characters"),
    (PLAN | {"title": "a\nb"}, "title: control characters"),
    (PLAN | {"not_built": [{"text": "a", "reason": "visit https://evil.example"}]}, "not_built[0].reason"),
    (PLAN | {"texts": [{"id": "t", "text": "www.evil.example"}]}, "texts[0].text: addresses"),
    (PLAN | {"exclusions": ["x"] * 41}, "exclusions: 41 entries, allowed 40"),
    (PLAN | {"import os": "print(1)"}, "import os: Extra inputs are not permitted"),
    (with_object(recipe="__import__('os')"), "the catalogue has no"),
    (with_object(pose="handstand"), "objects[0].pose: 'handstand' is unknown; allowed: none"),
    (with_object(parameters={"script": "rm -rf"}), "objects[0].parameters: 'script' is unknown"),
    (with_object(parameters={"variant": "evil"}), "objects[0].parameters.variant: allowed: none"),
    (with_object(parameters={"text": "HELLO"}), "objects[0].parameters.text: a cup has no place for words"),
]

AMOUNTS: list[tuple[Json, str]] = [
    (cups(1, 10**9), "numbers must lie between"),
    (cups(1, 201), "less than or equal to 200"),
    (cups(2, 151), f"302 things, allowed {MAX_INSTANCES} in all"),
    (cups(MAX_KINDS + 1, 1), f"allowed {MAX_KINDS}"),
    (cups(300, 1), "at most 200 items"),
    (with_object(size_m=1e9), "numbers must lie between"),
    (with_object(scale=-1), "greater than or equal to 0.05"),
    ({}, "the scene shows nothing"),
    (PLAN | {"relations": PLAN["relations"] * 41}, "relations: 41 entries"),
    (PLAN | {"camera": {"lens_mm": 0}}, "camera.lens_mm"),
    (PLAN | {"lights": [{"kind": "sun", "strength": 9999}]}, "lights[0].strength"),
    (PLAN | {"texts": [{"id": "t", "text": "x" * 201}]}, "texts[0].text"),
]

RECIPES: list[tuple[Json, str]] = [
    (with_recipe(lambda r: r.update(name="cup")), "the catalogue has this name"),
    (with_recipe(lambda r: r.update(size=[0.5, 0.5, 1e-9])), "size: every side"),
    (with_recipe(lambda r: r["surfaces"]["top"].update(at=[0, 0, 900])), "surfaces.top"),
    (with_recipe(lambda r: r["surfaces"]["top"].update(size=[-1, 5])), "surfaces.top"),
    (with_recipe(lambda r: r["slots"]["body"].update(paintable=False)), "at least one must be paintable"),
    (with_recipe(lambda r: r["parts"][0].update(array=[{"count": 200, "offset": [1, 0, 0]}] * 3)), "with their copies"),
    (with_recipe(lambda r: r["parts"][0].update(sides=128, subdivide=3, mirror=["x"])), "triangles"),
    (with_recipe(lambda r: r["parts"][0].update(size=["().__class__", 1, 1])), "cannot read"),
    (with_recipe(lambda r: r["parts"][0].update(size=["(" * 90 + "1" + ")" * 90, 1, 1])), "nested too deeply"),
    (with_recipe(lambda r: r["parts"][0].update(size=["9" * 150, 1, 1])), "must lie between"),
    (with_recipe(lambda r: r["parts"][0].update(size=["1 / (2 - 2)", 1, 1])), "must lie between"),
    (with_recipe(lambda r: r["parts"][0].update(python="import os")), "Extra inputs"),
    (with_recipe(lambda r: r["parts"].extend([r["parts"][0]] * 400)), "at most 400"),
    (
        with_recipe(lambda r: r["parts"].append({"name": "x", "shape": "extrude", "path": "/etc/passwd", "depth": 1})),
        "SVG",
    ),
    (with_recipe(lambda r: r["parts"].append({"name": "x", "shape": "image", "size": [1, 1, 1]})), "shape"),
    (
        with_recipe(
            lambda r: r["parts"].append(
                {"name": "x", "shape": "blend", "resolution": 160, "balls": [{"at": [0, 0, 0], "r": [1, 1, 1]}] * 200}
            )
        ),
        "blends take too long",
    ),
]

TEXTS: list[tuple[str, str]] = [
    ("", "no JSON object"),
    ("[1, 2]", "no JSON object"),
    ("import os; os.system('true')", "no JSON object"),
    ('{"a":' * 100_000, "more than 400000 characters"),
    ('{"a":' * 70_000, "not valid JSON"),
    ('{"a":' + "[" * 5000 + "]" * 5000 + "}", "Extra inputs"),
    ('{"objects": NaN}', "NaN is no number"),
    ('{"objects": [{"size_m": 1e999}]}', "numbers must lie between"),
    ('{"objects": [{"count": ' + "9" * 5000 + "}]}", "not valid JSON"),
    ('{"title": ' + json.dumps(["x"] * 50_000) + "}", "more than 40000 values"),
    ('{"title": {"$ref": "file:///etc/passwd"}}', "addresses and file paths"),
]


@pytest.mark.parametrize(("answer", "told"), [*WORDS, *AMOUNTS, *RECIPES])
def test_what_is_out_of_bounds_is_refused_and_the_field_named(answer: Json, told: str) -> None:
    assert told in problems(answer)


@pytest.mark.parametrize(("answer", "told"), TEXTS)
def test_what_is_no_plan_at_all_is_refused(answer: str, told: str) -> None:
    if told == "Extra inputs":
        # Python 3.14 reads it, older ones find it too deep.
        assert any(words in problems(answer) for words in (told, "not valid JSON"))
    else:
        assert told in problems(answer)


def test_letters_may_be_what_the_prompt_says() -> None:
    answer = PLAN | {"texts": [{"id": "sign", "text": "see www.acme.example"}]}
    plan = read_answer(Answer(json.dumps(answer), whole=True), boxes(), PROMPT, 0, "tiny")
    assert plan.texts[0].text == "see www.acme.example"


def test_the_problems_told_are_few_and_short() -> None:
    many = cups(60, 0) | {"x" * 5000: 1}
    with pytest.raises(AnswerInvalid) as caught:
        read_answer(Answer(json.dumps(many), whole=True), boxes(), PROMPT, 0, "tiny")
    assert len(caught.value.problems) <= 13
    assert max(map(len, caught.value.problems)) <= 310


def test_a_hostile_answer_is_planned_offline_and_nothing_of_it_is_told() -> None:
    with serving(says(with_object(noun="http://evil.example"))) as server:
        plan = planner_of(server).plan(PROMPT, 0)
    assert plan.planner == "offline"
    assert "evil" not in plan.model_dump_json()


def test_the_most_tangled_plan_that_is_allowed_is_laid_out_before_the_worker_counts_as_hung() -> None:
    chance = random.Random(0)
    relations = []
    for _ in range(30):
        subject, target = chance.sample([f"cup_{n}" for n in range(20)], 2)
        kind = chance.choice(["left_of", "behind", "right_of"])
        relations.append({"kind": kind, "subject": subject, "targets": [target]})
    answer = cups(20, 5) | {"relations": relations}
    plan = read_answer(Answer(json.dumps(answer), whole=True), boxes(), PROMPT, 0, "tiny")
    began = time.process_time()
    placed, layout = lay_out(plan, boxes())
    assert len(layout.placements) == 100
    assert placed.not_built, "not all of this can hold, and that is told"
    assert time.process_time() - began < 30


def test_no_recipe_of_the_catalogue_would_be_refused_for_its_cost() -> None:
    catalogue = load_catalogue()
    costs = {name: cost_of(catalogue.get(name)) for name in catalogue.names()}
    assert max(cost.triangles for cost in costs.values()) <= MAX_TRIANGLES
    assert max(cost.work for cost in costs.values()) <= MAX_WORK


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=30,
)
FIELDS = st.sampled_from(["objects", "texts", "relations", "recipes", "camera", "title", "not_built", "lights", "seed"])


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(FIELDS, JSON, max_size=5))
def test_any_json_is_a_plan_or_refused(answer: Json) -> None:
    try:
        plan = read_answer(Answer(json.dumps(answer), whole=True), boxes(), "x", 0, "tiny")
    except AnswerInvalid as error:
        assert error.problems
    else:
        lay_out(plan, boxes())
