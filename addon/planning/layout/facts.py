"""What layout knows of the things of a plan: real sizes and surfaces. Values only; any thread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ...catalogue import choose
from ...models.plan import ScenePlan, TextItem
from ..lexicon import load_lexicon
from ..protocol import Things

__all__ = ["LETTER_WIDTH", "Facts", "Plane", "facts_of", "text_facts"]

LETTER_WIDTH = 0.62
"""Width of a letter of bold sans type as a share of its height, on average; for texts nobody measured."""

_AIRBORNE = ("bird", "insect", "aircraft")


@dataclass(frozen=True)
class Plane:
    """Where things can stand or go: a rectangle ``size`` about ``at``, in metres of the unscaled thing."""

    at: tuple[float, float, float]
    size: tuple[float, float]
    clear: float | None = None


@dataclass(frozen=True)
class Facts:
    """One kind of thing, unscaled: its box in metres, and where others can be.

    ``under`` is the room below it, where it has legs or the like. ``flies`` things need nothing under them.
    ``draught`` is the share of its height that is below the water it swims on.
    """

    recipe: str
    size: tuple[float, float, float]
    on: tuple[Plane, ...] = ()
    inside: tuple[Plane, ...] = field(default=())
    under: Plane | None = None
    flies: bool = False
    draught: float = 0.0


def facts_of(
    plan: ScenePlan, things: Things, text_sizes: Mapping[str, tuple[float, float, float]] | None = None
) -> dict[str, Facts]:
    """Facts for every object and text of ``plan``, by id. ``text_sizes``: measured (x, y, z) of texts, by id.

    Raises ``ScenekeeperError`` where the plan names a recipe that is neither in the catalogue nor in the plan.
    """
    lexicon = load_lexicon()
    own = {recipe.name: recipe for recipe in plan.recipes}
    found: dict[str, Facts] = {}
    for thing in plan.objects:
        recipe = own.get(thing.recipe) or things.get(thing.recipe)
        form = choose(recipe, thing.shape, thing.pose, thing.parameters)
        planes = [(name, one.kind, Plane(one.at, one.size, one.clear)) for name, one in form.surfaces.items()]
        names = (thing.noun, recipe.name.replace("_", " "))
        found[thing.id] = Facts(
            recipe=recipe.name,
            size=form.size,
            on=tuple(plane for _, kind, plane in planes if kind == "on"),
            inside=tuple(plane for name, kind, plane in planes if kind == "in" and name != "under"),
            under=_room_below(form.size, names, lexicon.hollow, {name: plane for name, _, plane in planes}),
            draught=lexicon.draught.get(recipe.name, 0.0),
            flies=any(name in lexicon.airborne for name in names) or any(word in recipe.category for word in _AIRBORNE),
        )
    for item in plan.texts:
        size = (text_sizes or {}).get(item.id) or text_size(item)
        found[item.id] = text_facts(size)
    return found


def _room_below(
    size: tuple[float, float, float], names: Sequence[str], hollow: Mapping[str, float], planes: Mapping[str, Plane]
) -> Plane | None:
    """The surface called "under", or for things known to have legs what is usual for them."""
    if "under" in planes:
        return planes["under"]
    share = next((hollow[name] for name in names if name in hollow), None)
    if share is None:
        return None
    return Plane((0.0, 0.0, 0.0), (size[0] * 0.8, size[1] * 0.8), size[2] * share)


def text_size(item: TextItem) -> tuple[float, float, float]:
    """Width, depth and height of solid letters that nobody measured."""
    lines = item.text.splitlines() or [item.text]
    width = LETTER_WIDTH * item.height_m * max(len(line) for line in lines)
    return (max(width, item.height_m * 0.3), item.depth_m, item.height_m * len(lines))


def text_facts(size: tuple[float, float, float]) -> Facts:
    """Facts of a text of this size."""
    return Facts(recipe="text", size=size)
