"""What things and people have of themselves and carry: parts, clothes, hats, what "with" adds. Any thread."""

from ..models.plan import RelationKind
from .draft import Thing
from .naming import Namer
from .phrases import NounPhrase
from .poses import is_alive

__all__ = ["carried", "is_clothing", "is_own"]

_BIG = frozenset({"furniture", "vehicle", "person", "building", "street"})
"""Categories of what stands beside furniture and not on it."""
_BIG_M = 0.6


def is_own(namer: Namer, noun: str, phrase: NounPhrase, subject: Thing) -> bool:
    """Parts and clothes, which things and people have by themselves."""
    if subject.match is not None and namer.is_part(noun, subject):
        namer.say_of_part(phrase, noun, subject)
        return True
    if is_alive(subject) and noun.rpartition(" ")[2] in namer.lexicon.clothes:
        _tell_clothing(namer, phrase)
        return True
    return False


def carried(namer: Namer, carrier: Thing, thing: Thing) -> RelationKind:
    """How ``thing`` stands to ``carrier`` when the prompt only says "with"."""
    if is_alive(carrier) or carrier.noun in namer.lexicon.bodies:
        on_head = thing.noun.rpartition(" ")[2] in namer.lexicon.headwear
        return RelationKind.ON if on_head else RelationKind.NEXT_TO
    surfaces = carrier.match.recipe.surfaces.items() if carrier.match else ()
    if carrier.noun.rpartition(" ")[2] in namer.lexicon.decorated and thing.extent < carrier.extent:
        return RelationKind.ON
    is_big = thing.match is not None and thing.match.recipe.category in _BIG and thing.extent > _BIG_M
    fits = thing.extent <= carrier.extent * 0.9 and not is_big
    stands_in = thing.extent <= carrier.extent * 1.6 and not is_big
    if fits and any(surface.kind == "on" for _, surface in surfaces):
        return RelationKind.ON
    if stands_in and any(name != "under" and surface.kind == "in" for name, surface in surfaces):
        return RelationKind.INSIDE
    return RelationKind.NEXT_TO


def is_clothing(namer: Namer, phrase: NounPhrase) -> bool:
    if namer.noun_of(phrase).rpartition(" ")[2] not in namer.lexicon.clothes:
        return False
    _tell_clothing(namer, phrase)
    return True


def _tell_clothing(namer: Namer, phrase: NounPhrase) -> None:
    words = " ".join(item.text for item in (*phrase.modifiers, *phrase.nouns) if item.tag != "DET")
    namer.draft.note(words, "People are built in their usual clothes.")
