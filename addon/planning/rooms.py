"""Where things of a room stand when the prompt only lists them: a kettle on the stove, chairs around a table. Pure."""

from collections.abc import Collection, Sequence

from ..models.plan import Arrangement, EnvironmentKind, RelationKind
from .draft import Draft, Thing
from .lexicon import Lexicon

__all__ = ["set_out"]

_FULL = 6
"""As many things find room on one piece of furniture."""
_COMPANY = 2
"""As many chairs stand around a table; one stands beside it."""


def set_out(draft: Draft, lexicon: Lexicon) -> None:
    """Relate what the prompt places nowhere to furniture that it names; nothing where it is not indoors."""
    if draft.environment.kind is not EnvironmentKind.INDOOR:
        return
    placed = {one.subject for one in draft.relations}
    loose = [thing for thing in draft.things if thing.match is not None and thing.id not in placed]
    carriers = [thing for thing in draft.things if _name(thing) in lexicon.tabletop["carriers"] and thing.count == 1]
    if not carriers:
        return
    for thing in loose:
        if thing in carriers:
            continue
        if _name(thing) in lexicon.tabletop["seats"] and thing.count >= _COMPANY:
            _gather(draft, thing, carriers)
        elif _is_small(thing, lexicon) and thing.arrangement is Arrangement.AUTO:
            carrier = _carrier(draft, thing, carriers, lexicon)
            if carrier is not None:
                draft.relate(RelationKind.ON, thing, carrier)


def _name(thing: Thing) -> str:
    return thing.match.recipe.name if thing.match is not None else ""


def _gather(draft: Draft, seats: Thing, carriers: Sequence[Thing]) -> None:
    table = next((thing for thing in carriers if _name(thing) in ("table", "picnic_table")), None)
    if table is not None:
        draft.relate(RelationKind.AROUND, seats, table)


def _is_small(thing: Thing, lexicon: Lexicon) -> bool:
    assert thing.match is not None
    table, recipe = lexicon.tabletop, thing.match.recipe
    named = recipe.name in table["recipes"] or recipe.category in table["categories"]
    return named and thing.extent <= table["most_m"] and thing.count <= _FULL


def _carrier(draft: Draft, thing: Thing, carriers: Sequence[Thing], lexicon: Lexicon) -> Thing | None:
    """The first furniture that suits, is larger and has room."""
    wanted: Collection[str] = lexicon.tabletop["upon"].get(_name(thing), ())
    ranked = [*wanted, *lexicon.tabletop["carriers"]]
    for carrier in sorted(carriers, key=lambda one: ranked.index(_name(one))):
        load = sum(one.kind is RelationKind.ON and carrier.id in one.targets for one in draft.relations)
        if _holds(carrier) and thing.extent < carrier.extent * 0.8 and load + thing.count <= _FULL:
            return carrier
    return None


def _holds(thing: Thing) -> bool:
    return thing.match is not None and any(surface.kind == "on" for surface in thing.match.recipe.surfaces.values())
