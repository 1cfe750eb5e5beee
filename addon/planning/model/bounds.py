"""What a valid plan of a model may still not have: unknown things, too many of them, recipes that cost too much.

Pure; any thread. The limits are above what the offline planner and the built-in recipes need.
"""

from collections.abc import Iterator
from difflib import get_close_matches

from ...models.errors import ScenekeeperError
from ...models.expression import evaluate
from ...models.plan import PlanObject, ScenePlan
from ...models.recipe import Form, Recipe, expressions_of
from ..protocol import Things
from .cost import MAX_TRIANGLES, MAX_WORK, cost_of

__all__ = ["MAX_INSTANCES", "MAX_KINDS", "find_problems", "recipe_of"]

MAX_KINDS = 40
MAX_INSTANCES = 300
_MAX_LISTS = {"relations": 40, "lights": 8, "animation": 6, "exclusions": 40, "not_built": 40, "recipes": 12}
_MAX_WORDS = 60
_THINNEST = 0.0005
_SURFACE_SLACK = 1.1
_MAX_COPIES = 400
_MAX_NUMBER = 10_000


def recipe_of(plan: ScenePlan, things: Things, name: str) -> Recipe:
    """The plan's own recipe, else the catalogue's. Raises ``ScenekeeperError`` or ``KeyError``."""
    own = next((recipe for recipe in plan.recipes if recipe.name == name), None)
    return own or things.get(name)


def find_problems(plan: ScenePlan, things: Things) -> list[str]:
    """Sentences that name the field and what is allowed; empty: the plan can be built."""
    return [*_amounts(plan), *_own_recipes(plan, things), *_objects(plan, things), *_words(plan)]


def _amounts(plan: ScenePlan) -> Iterator[str]:
    kinds = len(plan.objects) + len(plan.texts)
    if kinds == 0:
        yield "objects: the scene shows nothing; at least one object or text is needed"
    if kinds > MAX_KINDS:
        yield f"objects: {kinds} objects and texts, allowed {MAX_KINDS}"
    instances = sum(thing.count for thing in plan.objects) + len(plan.texts)
    if instances > MAX_INSTANCES:
        yield f"objects: the counts make {instances} things, allowed {MAX_INSTANCES} in all"
    for name, limit in _MAX_LISTS.items():
        length = len(getattr(plan, name))
        if length > limit:
            yield f"{name}: {length} entries, allowed {limit}"


def _objects(plan: ScenePlan, things: Things) -> Iterator[str]:
    names = {recipe.name for recipe in plan.recipes} | set(things.nouns().values())
    for number, thing in enumerate(plan.objects):
        where = f"objects[{number}]"
        if thing.recipe not in names:
            near = get_close_matches(thing.recipe, names, n=3)
            hint = f"; near: {', '.join(near)}" if near else ""
            yield f"{where}.recipe: the catalogue has no {thing.recipe!r}{hint}; or define it in recipes"
            continue
        try:
            recipe = recipe_of(plan, things, thing.recipe)
        except ScenekeeperError:
            yield f"{where}.recipe: {thing.recipe!r} cannot be used"
            continue
        yield from _forms(where, thing, recipe)


def _forms(where: str, thing: PlanObject, recipe: Recipe) -> Iterator[str]:
    if thing.pose is not None and thing.pose not in recipe.poses:
        yield f"{where}.pose: {thing.pose!r} is unknown; allowed: {', '.join(recipe.poses) or 'none'}"
    for name, value in thing.parameters.items():
        variants = [variant.name for variant in recipe.variants]
        if name == "variant" and value not in variants:
            yield f"{where}.parameters.variant: allowed: {', '.join(variants) or 'none'}"
        elif name == "text" and not recipe.takes_text:
            yield f"{where}.parameters.text: a {recipe.name} has no place for words; use texts"
        elif name not in ("variant", "text", *recipe.parameters):
            yield f"{where}.parameters: {name!r} is unknown; allowed: {', '.join(recipe.parameters) or 'none'}"
        elif name not in ("variant", "text") and isinstance(value, str):
            yield f"{where}.parameters.{name}: a number is expected"


def _words(plan: ScenePlan) -> Iterator[str]:
    """Names and words are short; sentences are bounded by the guards."""
    for number, thing in enumerate(plan.objects):
        for name in ("recipe", "noun", "color_name", "material", "shape", "pose", "group"):
            if len(getattr(thing, name) or "") > _MAX_WORDS:
                yield f"objects[{number}].{name}: at most {_MAX_WORDS} characters"
    for number, word in enumerate(plan.exclusions):
        if len(word) > _MAX_WORDS:
            yield f"exclusions[{number}]: at most {_MAX_WORDS} characters"
    if len(plan.ground.material or "") > _MAX_WORDS:
        yield f"ground.material: at most {_MAX_WORDS} characters"
    if len(plan.title) > 2 * _MAX_WORDS:
        yield f"title: at most {2 * _MAX_WORDS} characters"


def _own_recipes(plan: ScenePlan, things: Things) -> Iterator[str]:
    catalogue = set(things.nouns().values())
    names = [recipe.name for recipe in plan.recipes]
    for number, recipe in enumerate(plan.recipes):
        where = f"recipes[{number}] {recipe.name!r}"
        if recipe.name in catalogue:
            yield f"{where}: the catalogue has this name; use its recipe, or give yours another name"
        if names.index(recipe.name) != number:
            yield f"{where}: the name is used twice"
        if not any(slot.paintable for slot in recipe.slots.values()):
            yield f"{where}: slots: at least one must be paintable"
        yield from (f"{where}: {problem}" for problem in _extents(recipe))
        yield from (f"{where}: {problem}" for problem in (*_costs(recipe), *_numbers(recipe)))


def _extents(recipe: Recipe) -> Iterator[str]:
    forms: list[Form] = [*recipe.variants, *recipe.poses.values()]
    sizes = [(recipe.size, recipe.surfaces), *((form.size or recipe.size, form.surfaces or {}) for form in forms)]
    for size, surfaces in sizes:
        if min(size) < _THINNEST:
            yield f"size: every side must be at least {_THINNEST} m"
        for name, surface in surfaces.items():
            is_within = all(surface.reach[axis] <= size[axis] / 2 * _SURFACE_SLACK for axis in (0, 1))
            if min(surface.size) <= 0 or not is_within or not 0 <= surface.at[2] <= size[2] * _SURFACE_SLACK:
                yield f"surfaces.{name}: must have a size and lie within the thing's own"


def _numbers(recipe: Recipe) -> Iterator[str]:
    """Arithmetic that comes out of reach at the parameters' defaults or ends."""
    ends: list[dict[str, float]] = [
        {name: getattr(one, end) for name, one in recipe.parameters.items()} for end in ("default", "min", "max")
    ]
    for part in recipe.parts:
        for text in expressions_of(part):
            if any(not _is_near(text, values) for values in ends):
                yield f"part {part.name!r}: {text[:40]!r} must lie between ±{_MAX_NUMBER:g}"


def _is_near(text: str, values: dict[str, float]) -> bool:
    try:
        return abs(evaluate(text, values)) <= _MAX_NUMBER
    except ValueError:  # divided by zero
        return False


def _costs(recipe: Recipe) -> Iterator[str]:
    cost = cost_of(recipe)
    if cost.copies > _MAX_COPIES:
        yield f"parts: {cost.copies} with their copies, allowed {_MAX_COPIES}"
    if cost.triangles > MAX_TRIANGLES:
        yield f"parts: about {cost.triangles} triangles, allowed {MAX_TRIANGLES}: fewer sides, segments or copies"
    if cost.work > MAX_WORK:
        yield "parts: the blends take too long: a lower resolution, or fewer balls and limbs"
