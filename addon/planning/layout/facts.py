"""What layout knows of the things of a plan: real sizes and surfaces. Values only; any thread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ...catalogue import form_of
from ...models.plan import ScenePlan, TextItem
from ...models.sources import SourceKind
from ..lexicon import WORN, load_lexicon
from ..protocol import Things

__all__ = ["Facts", "Plane", "facts_of", "text_facts"]

_ADVANCES = {
    0.37: "'ijl.,:;|", 0.4: "fIJ! ()", 0.5: "-t?", 0.58: "srz", 0.64: "agcvyS", 0.73: "FekLbhnpquxE0123456789dP",
    0.82: "oB", 0.9: "+RTVY&", 0.98: "AKZ", 1.06: "CUXwHGD", 1.15: "mMN", 1.21: "OQ", 1.53: "W",
}  # fmt: skip
"""How far each letter of the built-in type moves the next one, in heights of a capital."""
_WIDTHS = {letter: width for width, letters in _ADVANCES.items() for letter in letters}
_TRACKING, _SIDES, _LINE, _DESCENT = 1.06, 0.17, 1.4, 0.34

_SEATS = ("seat", "saddle", "back")
_AIRBORNE = ("bird", "insect", "aircraft")


@dataclass(frozen=True)
class Plane:
    """Where things can stand or go: a rectangle ``size`` about ``at``, in metres of the unscaled thing.

    ``rim`` is the height of an opening's edge; None: the thing's top.
    """

    at: tuple[float, float, float]
    size: tuple[float, float]
    clear: float | None = None
    rim: float | None = None


@dataclass(frozen=True)
class Facts:
    """One kind of thing, unscaled: its box in metres, and where others can be.

    ``under`` is the room below it, where it has legs or the like. ``flies`` things need nothing under them.
    ``draught`` is the share of its height that is below the water it swims on. ``frontal`` things are seen from the
    front, as letters are read; ``hung`` ones are on a wall. ``seat`` is where one sits on it, and ``rests`` is the
    point that rests on a seat of what sits. ``wears`` says where hats (``head``) and glasses (``eyes``) go,
    and ``goes_on`` which of the two this is for.
    """

    recipe: str
    size: tuple[float, float, float]
    on: tuple[Plane, ...] = ()
    inside: tuple[Plane, ...] = field(default=())
    under: Plane | None = None
    flies: bool = False
    draught: float = 0.0
    frontal: bool = False
    hung: bool = False
    seat: Plane | None = None
    rests: tuple[float, float, float] | None = None
    wears: Mapping[str, Plane] = field(default_factory=dict)
    goes_on: str | None = None


def facts_of(plan: ScenePlan, things: Things) -> dict[str, Facts]:
    """Facts for every object and text of ``plan``, by id.

    Raises ``ScenekeeperError`` where the plan names a recipe that is neither in the catalogue nor in the plan.
    """
    lexicon = load_lexicon()
    own = {recipe.name: recipe for recipe in plan.recipes}
    sources = {source.recipe: source for source in plan.sources}
    found: dict[str, Facts] = {}
    for thing in plan.objects:
        recipe = own.get(thing.recipe) or things.get(thing.recipe)
        source = sources.get(thing.recipe)
        form = form_of(recipe, thing)
        planes = [(name, one.kind, Plane(one.at, one.size, one.clear, one.rim)) for name, one in form.surfaces.items()]
        names = (thing.noun, recipe.name.replace("_", " "))
        pose = recipe.poses.get(form.pose) if form.pose else None
        found[thing.id] = Facts(
            recipe=recipe.name,
            size=form.outer_size,
            on=tuple(plane for _, kind, plane in planes if kind == "on"),
            inside=tuple(plane for name, kind, plane in planes if kind == "in" and name != "under"),
            under=_room_below(form.size, names, lexicon.hollow, {name: plane for name, _, plane in planes}),
            frontal=source is not None and source.kind in (SourceKind.LOGO, SourceKind.PICTURE),
            hung=source is not None and source.hung,
            seat=next((plane for name, kind, plane in planes if kind == "on" and name in _SEATS), None),
            rests=pose.seat if pose else None,
            wears={kind: plane for _, kind, plane in planes if kind in WORN},
            goes_on=next(filter(None, map(lexicon.worn_on, names)), None),
            draught=lexicon.draught.get(recipe.name, 0.0),
            flies=any(name in lexicon.airborne for name in names) or any(word in recipe.category for word in _AIRBORNE),
        )
    for item in plan.texts:
        found[item.id] = text_facts(text_size(item))
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
    """Width, depth and height of solid letters, known from their advances to a few parts in a hundred."""
    lines = item.lines
    width = max(sum(_WIDTHS.get(letter, 1.0) for letter in line) for line in lines) * _TRACKING - _SIDES
    height = 1.06 + _LINE * (len(lines) - 1)
    if any(letter in "gjpqy,;Q" for letter in lines[-1]):
        height += _DESCENT
    return (item.height_m * max(width, 0.3), item.depth_m, item.height_m * height)


def text_facts(size: tuple[float, float, float]) -> Facts:
    """Facts of a text of this size."""
    return Facts(recipe="text", size=size, frontal=True)
