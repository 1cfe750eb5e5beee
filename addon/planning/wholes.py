""" "… of …" → things of a draft: stacks, containers, statues, parts, pictures of things. Any thread."""

from ..models.plan import Arrangement, RelationKind
from .contents import take_form
from .draft import Thing
from .letters import letters_of, names_letters
from .naming import Namer
from .phrases import NounPhrase

__all__ = ["FILLING", "things_of"]

FILLING = 6
"""How many things of no number fill a vessel."""
_CARVED = {"statue": "stone", "sculpture": "stone", "bust": "stone", "figurine": "ceramic", "carving": "wood"}
_UNTOLD = frozenset({"kind", "type", "sort", "pair", "couple", "body", "sheet", "blade", "head", "ear", "loaf", "bar"})


def things_of(namer: Namer, phrase: NounPhrase) -> Thing | None:
    """The thing a phrase names; None where it names none (then nothing is added)."""
    if names_letters(phrase):
        return letters_of(namer, phrase)[0]
    if phrase.of is None:
        return namer.named(phrase)
    noun = namer.noun_of(phrase)
    if noun in namer.lexicon.media and not namer.draft.things and phrase.of.nouns:
        namer.draft.note(noun, "The scene is rendered as a photograph would show it.")
        return things_of(namer, phrase.of)
    return _of(namer, phrase, phrase.of)


def _of(namer: Namer, phrase: NounPhrase, inner: NounPhrase) -> Thing | None:
    noun = namer.noun_of(phrase)
    # "a pyramid of glass", where "a pyramid of oranges" is a pile.
    is_solid = noun == "pyramid" and not (inner.nouns and inner.nouns[-1].plural)
    if (
        noun in namer.lexicon.arrangements
        and not is_solid
        and not namer.has_recipe(f"{noun} of {namer.noun_of(inner)}")
    ):
        return _arranged(namer, phrase, inner, noun)
    kinds = (namer.nouns.kind(namer.noun_of(inner)), "any")
    if any(noun in namer.lexicon.parts.get(kind, ()) for kind in kinds):
        return _whole(namer, phrase, inner, noun)
    if noun in namer.lexicon.pieces:
        return _piece(namer, phrase, inner, noun)
    if noun in _CARVED and inner.nouns:
        thing = things_of(namer, inner)
        if thing is not None:
            namer.describe(thing, phrase.modifiers)
            thing.material = thing.material or _CARVED[noun]
        return thing
    container = None if namer.nouns.match(noun) is None else namer.named(NounPhrase(phrase.modifiers, phrase.nouns))
    if container is not None:
        _fill(namer, container, inner)
        return container
    return _whole(namer, phrase, inner, noun)


def _whole(namer: Namer, phrase: NounPhrase, inner: NounPhrase, noun: str) -> Thing | None:
    """ "petals of a flower", "a skyline of towers": what the catalogue lacks is shown by what it is of."""
    if not inner.nouns and inner.of is None:
        return namer.named(NounPhrase(phrase.modifiers, phrase.nouns))
    thing = things_of(namer, inner)
    if thing is None:
        return namer.named(NounPhrase(phrase.modifiers, phrase.nouns))
    if namer.is_part(noun, thing):
        namer.say_of_part(phrase, noun, thing)
        return thing
    namer.describe(thing, [item for item in phrase.modifiers if item.tag not in ("DET", "NUM")])
    if noun and noun not in namer.lexicon.generic and noun not in _UNTOLD:
        namer.draft.note(f"{noun} of {thing.noun}", f"The {thing.noun} is built.", thing.noun)
    return thing


def _piece(namer: Namer, phrase: NounPhrase, inner: NounPhrase, noun: str) -> Thing | None:
    thing = things_of(namer, inner)
    if thing is not None:
        if not take_form(thing, noun):
            namer.draft.note(f"{noun} of {thing.noun}", f"The whole {thing.noun} is built.", thing.noun)
        namer.describe(thing, phrase.modifiers)
        if thing.plural and not thing.counted:
            thing.count = 1
    return thing


def _fill(namer: Namer, container: Thing, inner: NounPhrase) -> None:
    """ "a bowl of apples": apples in it, where both are known; else the user is told."""
    noun = namer.noun_of(inner)
    if take_form(container, noun):
        namer.last = container
        return
    holds = container.match is not None and any(
        surface.kind == "in" for surface in container.match.recipe.surfaces.values()
    )
    match = namer.nouns.match(noun) if noun else None
    if noun and namer.is_part(noun, container):
        # "a car of red colour".
        namer.say_of_part(inner, noun, container)
        return
    # Soup is shown by a bowl: a bowl in a bowl shows nothing, nor does a glass in a bottle of water.
    is_vessel = match is not None and match.recipe.category == "tableware"
    same = match is not None and container.match is not None and match.recipe == container.match.recipe
    if match is not None and match.substitute is None and is_vessel:
        # "a cup of coffee": the catalogue's coffee is a cup with coffee in it.
        container.match, container.variant = match, noun.replace(" ", "_")
        container.said.append(noun)
    elif holds and match is not None and not is_vessel and not same:
        content = things_of(namer, inner)
        if content is not None and content.is_shown:
            is_mass = not any(item.tag in ("DET", "NUM") for item in inner.modifiers)
            if is_mass and not content.counted:
                content.count = FILLING
            namer.draft.relate(RelationKind.INSIDE, content, container)
        namer.last = container
    elif inner.nouns:
        namer.draft.note(f"{container.noun} of {inner.text}", f"The {container.noun} is built without it.")


def _arranged(namer: Namer, phrase: NounPhrase, inner: NounPhrase, noun: str) -> Thing | None:
    thing = things_of(namer, inner)
    if thing is None:
        return None
    kind, usual = namer.lexicon.arrangements[noun]
    groups = next((item.value for item in phrase.modifiers if item.tag == "NUM"), 1)
    if not thing.counted:
        thing.count = usual
    thing.arrangement = Arrangement(kind)
    if isinstance(groups, int) and groups > 1 and kind in ("row", "stack", "scatter", "pile"):
        # "two rows of three chairs" are a grid; "two stacks of books" are as many books in all.
        thing.count = min(200, thing.count * groups)
        thing.counted = True
        thing.arrangement = Arrangement.GRID if kind == "row" else thing.arrangement
    namer.describe(thing, [item for item in phrase.modifiers if item.tag not in ("NUM", "DET")])
    return thing
