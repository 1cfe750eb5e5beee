"""What stands in a scene whose prompt names nothing to show. Pure, any thread."""

from collections.abc import Iterable

from ..models.plan import Arrangement, EnvironmentKind, RelationKind
from .draft import Draft, Thing
from .lexicon import Lexicon, load_lexicon
from .naming import Namer
from .nouns import NounBook
from .settings import enter

__all__ = ["furnish", "is_generic"]

_LETTERS = 24
_FEW = 2
"""Kinds of things: a room with more is not completed, and gets no more than these."""


def furnish(draft: Draft, lexicon: Lexicon, nouns: NounBook, prompt: str) -> None:
    """Make sure that something stands there, and say why; nothing is added to a scene that shows what it names."""
    namer = Namer(draft, lexicon, nouns)
    generic = [thing for thing in draft.things if thing.match is None and is_generic(thing.noun)]
    for thing in generic:
        draft.things.remove(thing)
    if any(thing.is_shown for thing in draft.things):
        for thing in generic:
            draft.note(" ".join([*thing.said, thing.noun]), "This names no thing.")
        _complete(draft, namer)
        return
    named = (
        " ".join(word for thing in generic for word in (*thing.said, thing.noun))
        or " ".join(prompt.split())[:_LETTERS]
        or "(empty prompt)"
    )
    if not draft.shows and draft.environment.kind is EnvironmentKind.OUTDOOR and draft.surroundings_named:
        # "sunset", "a rainy day": some land to see it over.
        enter(draft, next(one.value for one in lexicon.phrases["landscape"] if one.tag == "PLACE_NOUN"))
    if draft.surroundings_named and _populate(draft, namer):
        return
    things = _still_life(draft, lexicon, namer) or _solids(draft, lexicon, namer) or _words(draft, prompt)
    shown = ", ".join(thing.noun for thing in things)
    draft.note(named, "It names nothing that can be built, so a small still life stands there.", shown)


def is_generic(noun: str) -> bool:
    """Whether a noun says only that something is wanted: "test scene"."""
    return all(word in load_lexicon().generic for word in noun.split(" "))


def _populate(draft: Draft, namer: Namer) -> bool:
    """What a place is known by: trees in a forest."""
    added: list[Thing] = []
    for noun in draft.shows:
        same = next((thing for thing in added if thing.noun == noun), None)
        if same is not None:
            same.count += 1
            same.arrangement = Arrangement.SCATTER
            continue
        thing = namer.fetch(noun)
        if thing is not None:
            added.append(thing)
    if added:
        shown = ", ".join(f"{thing.count} {thing.noun}" for thing in added)
        draft.note("the place alone", "The prompt names no thing in it, so what one finds there was added.", shown)
    return bool(added)


def _complete(draft: Draft, namer: Namer) -> None:
    """ "a bedroom with a lamp" has a bed: a room that is what the prompt is about gets what makes it one."""
    named = [thing for thing in draft.things if thing.is_shown]
    is_room = draft.place_is_subject and draft.environment.kind is EnvironmentKind.INDOOR
    if not is_room or draft.exclusions or len(named) > _FEW:
        return
    there = {thing.match.recipe.name for thing in named if thing.match is not None}
    wanted = [noun for noun in dict.fromkeys(draft.shows) if namer.has_recipe(noun)]
    added: list[Thing | None] = []
    for noun in wanted:
        match = namer.nouns.match(noun)
        if match is not None and match.recipe.name not in there and len(added) < _FEW:
            added.append(namer.fetch(noun))
    if added:
        shown = ", ".join(thing.noun for thing in added if thing is not None)
        draft.note("the place", "The place is shown with what one finds there.", shown)


def _first(namer: Namer, nouns: Iterable[str]) -> Thing | None:
    for noun in nouns:
        thing = namer.fetch(noun)
        if thing is not None:
            return thing
    return None


def _still_life(draft: Draft, lexicon: Lexicon, namer: Namer) -> list[Thing]:
    carrier = _first(namer, lexicon.still_life["carrier"])
    if carrier is None:
        return []
    found = [thing for group in lexicon.still_life["on_top"] if (thing := _first(namer, group)) is not None]
    for thing in found:
        draft.relate(RelationKind.ON, thing, carrier)
    return [carrier, *found]


def _solids(draft: Draft, lexicon: Lexicon, namer: Namer) -> list[Thing]:
    return [thing for noun in lexicon.still_life["alone"] if (thing := namer.fetch(noun)) is not None]


def _words(draft: Draft, prompt: str) -> list[Thing]:
    """With an empty catalogue there are still letters."""
    letters = "".join(letter for letter in prompt if letter.isalnum() or letter == " ").strip()[:_LETTERS] or "HELLO"
    thing = Thing(draft.new_id("text"), letters, letters=letters)
    draft.things.append(thing)
    return [thing]
