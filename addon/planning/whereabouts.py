"""What follows from where and when a scene is, once all of the prompt is read. Any thread."""

from ..models.plan import EnvironmentKind, RelationKind, TimeOfDay, Weather
from .draft import Draft
from .lexicon import Lexicon
from .nouns import NounBook
from .settings import WINDOW

__all__ = ["at_home", "fallen_snow", "moonlight", "windows"]

_BY = frozenset(
    {RelationKind.NEXT_TO, RelationKind.NEAR, RelationKind.IN_FRONT_OF, RelationKind.BEHIND, RelationKind.UNDER}
)


def windows(draft: Draft) -> None:
    """ "A room with a window": the room's own. One that is coloured, counted or has something on it is a thing."""
    if draft.environment.kind is not EnvironmentKind.INDOOR:
        if WINDOW in draft.surroundings:
            draft.surroundings.remove(WINDOW)
            draft.note(WINDOW, "Only a room has a window of its own.")
        return
    for thing in [one for one in draft.things if one.noun == WINDOW and one.match is not None and not one.counted]:
        kinds = {one.kind for one in draft.relations if thing.id in (one.subject, *one.targets)}
        if thing.paints or thing.material or thing.shape or thing.pattern or not kinds <= _BY:
            continue
        draft.things.remove(thing)
        draft.relations = [one for one in draft.relations if thing.id not in (one.subject, *one.targets)]
        draft.show_around(WINDOW)


def at_home(draft: Draft, lexicon: Lexicon, nouns: NounBook) -> None:
    """Cacti of a desert are in no pots: what looks otherwise on this ground is built as it does there."""
    if draft.environment.kind is not EnvironmentKind.OUTDOOR:
        return
    forms = lexicon.at_home.get(draft.ground.material or "", {})
    for thing in draft.things:
        if thing.match is not None and thing.noun in forms:
            thing.match = nouns.match(forms[thing.noun]) or thing.match


_SNOWED_UPON = frozenset({None, "grass", "stone", "concrete", "asphalt"})


def fallen_snow(draft: Draft) -> None:
    """Where it snows, snow lies; under water and indoors it does neither."""
    if draft.environment.weather is Weather.SNOW and draft.ground.material in _SNOWED_UPON:
        draft.floor(material="snow", color=None)


def moonlight(draft: Draft) -> None:
    """The moon over a house is seen at night, where the prompt does not say when."""
    outside = draft.environment.kind in (EnvironmentKind.STUDIO, EnvironmentKind.OUTDOOR)
    moon = any(thing.noun.rpartition(" ")[2] == "moon" and thing.is_shown for thing in draft.things)
    if moon and len(draft.things) > 1 and outside and not draft.hour_named and draft.environment.background is None:
        draft.surround(kind=EnvironmentKind.OUTDOOR, time=TimeOfDay.NIGHT)
