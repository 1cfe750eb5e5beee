"""A model's answer → a valid, bounded ScenePlan, or what is wrong with it in sentences for the model. Any thread.

An answer is untrusted: it comes from a network and was led by a prompt that anybody may have written.
"""

import json
import re
from typing import Any

from pydantic import ValidationError

from ...catalogue import form_of, pick_variant
from ...models.plan import NotBuilt, PlanObject, ScenePlan
from ..protocol import Things
from .bounds import find_problems, recipe_of
from .endpoint import Answer
from .guards import find_dangers

__all__ = ["AnswerInvalid", "read_answer"]

_MAX_CHARACTERS = 400_000
_MAX_PROBLEMS = 12
_PROBLEM_LENGTH = 300
_MAX_PROMPT = 10_000
_TITLE = 70
_THOUGHTS = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)


class AnswerInvalid(Exception):
    """The answer is no plan that can be built; ``problems`` name the fields and what is allowed."""

    def __init__(self, problems: list[str]) -> None:
        told = [_plain(problem) for problem in problems[:_MAX_PROBLEMS]]
        if len(problems) > _MAX_PROBLEMS:
            told.append(f"and {len(problems) - _MAX_PROBLEMS} more")
        super().__init__("; ".join(told))
        self.problems = told


def read_answer(answer: Answer, things: Things, prompt: str, seed: int, model: str) -> ScenePlan:
    """The plan in an answer. Raises ``AnswerInvalid``."""
    try:
        data = _json(answer.text)
    except AnswerInvalid:
        if answer.whole:
            raise
        raise AnswerInvalid(["the answer was cut off: give a shorter one, with fewer words and parts"]) from None
    dangers = find_dangers(data, prompt)
    if dangers:
        raise AnswerInvalid(dangers)
    own = {
        "schema_version": 1,
        "prompt": prompt[:_MAX_PROMPT],
        "seed": seed,
        "planner": f"model {model}",
        "sources": [],
        "pictures": [],
    }
    data = data | own | {"title": data.get("title") or " ".join(prompt.split())[:_TITLE]}
    try:
        plan = ScenePlan.model_validate(data)
    except ValidationError as error:
        raise AnswerInvalid(_sentences(error)) from None
    problems = find_problems(plan, things)
    if problems:
        raise AnswerInvalid(problems)
    return _finished(plan, things)


def _json(text: str) -> dict[str, Any]:
    """The first object in the text: models like to think aloud and to put fences around it."""
    text = _THOUGHTS.sub("", text)
    start = text.find("{")
    if start < 0:
        raise AnswerInvalid(["the answer has no JSON object"])
    if len(text) > _MAX_CHARACTERS:
        raise AnswerInvalid([f"the answer has more than {_MAX_CHARACTERS} characters"])
    try:
        data, _ = json.JSONDecoder(parse_constant=_no_constant).raw_decode(text, start)
    except (ValueError, RecursionError) as error:
        raise AnswerInvalid([f"the answer is not valid JSON: {error}"]) from None
    assert isinstance(data, dict)
    return data


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")


def _sentences(error: ValidationError) -> list[str]:
    found = []
    for item in error.errors(include_url=False, include_context=False, include_input=False):
        where = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in item["loc"]).lstrip(".")
        message = item["msg"].removeprefix("Value error, ")
        found.append(f"{where}: {message}" if where else message)
    return found


def _plain(text: str) -> str:
    line = "".join(letter if letter.isprintable() else " " for letter in text)
    return line if len(line) <= _PROBLEM_LENGTH else line[:_PROBLEM_LENGTH] + " …"


def _finished(plan: ScenePlan, things: Things) -> ScenePlan:
    """With the seed's variants, the words that have no effect told, and no recipe that nothing uses."""
    objects, notes = [], list(plan.not_built)
    nouns = things.nouns()
    for thing in plan.objects:
        recipe = recipe_of(plan, things, thing.recipe)
        variant = pick_variant(recipe, plan.seed)
        chosen = {"variant": variant} if variant else {}
        objects.append(thing.model_copy(update={"parameters": chosen | thing.parameters}))
        if not form_of(recipe, thing).understood:
            name = recipe.name.replace("_", " ")
            notes.append(NotBuilt(text=f"{thing.shape} {thing.noun}", reason=f"A {name} has no such shape here."))
        for worn in thing.wears:
            if worn.garment not in recipe.garments:
                reason = f"A {recipe.name.replace('_', ' ')} has no such garment here."
                notes.append(NotBuilt(text=f"{worn.garment} of {thing.noun}", reason=reason))
        if _stands_in(plan, thing, nouns):
            notes.append(
                NotBuilt(
                    text=thing.noun,
                    reason="The catalogue lacks it; the nearest thing stands for it.",
                    substitute=thing.recipe.replace("_", " "),
                )
            )
    used = {thing.recipe for thing in plan.objects}
    recipes = [recipe for recipe in plan.recipes if recipe.name in used]
    told = list({note.model_dump_json(): note for note in notes}.values())
    return plan.model_copy(update={"objects": objects, "recipes": recipes, "not_built": told})


def _stands_in(plan: ScenePlan, thing: PlanObject, nouns: dict[str, str]) -> bool:
    """Whether the thing is shown as something that its noun does not name."""
    if any(recipe.name == thing.recipe for recipe in plan.recipes):
        return False
    noun = " ".join(thing.noun.lower().replace("_", " ").split())
    return thing.recipe not in (nouns.get(noun), nouns.get(noun.rpartition(" ")[2]))
