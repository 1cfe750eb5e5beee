"""What things and people have of themselves and carry: parts, clothes, hats, what "with" adds. Any thread."""

from collections.abc import Sequence

from ..models.plan import PATTERNS, RelationKind, Worn
from .draft import Thing
from .naming import Namer
from .phrases import NounPhrase
from .poses import is_alive

__all__ = ["carried", "has_place_for", "is_clothing", "is_own", "is_worn", "wear"]

_BIG = frozenset({"furniture", "vehicle", "person", "building", "street"})
"""Categories of what stands beside furniture and not on it."""
_BIG_M = 0.6
_WORN = frozenset({"clothes", "clothing", "accessory"})
_CUTS = frozenset({"SIZE", "SHAPE", "MEASURE"})


def is_own(namer: Namer, noun: str, phrase: NounPhrase, subject: Thing) -> bool:
    """Parts and clothes, which things and people have by themselves."""
    if wear(namer, noun, phrase, [subject]):
        return True
    if subject.match is not None and namer.is_part(noun, subject):
        namer.say_of_part(phrase, noun, subject)
        return True
    if subject.match is not None and subject.match.recipe.category == "food" and noun != subject.noun:
        match = namer.nouns.match(noun)
        if match is not None and match.recipe == subject.match.recipe:
            # "spaghetti with meatballs": the recipe shows both.
            return True
    if is_alive(subject) and noun.rpartition(" ")[2] in namer.lexicon.clothes:
        _tell_clothing(namer, phrase)
        return True
    return False


def carried(namer: Namer, carrier: Thing, thing: Thing) -> RelationKind:
    """How ``thing`` stands to ``carrier`` when the prompt only says "with"."""
    if is_alive(carrier) or carrier.noun in namer.lexicon.bodies:
        return RelationKind.ON if namer.lexicon.worn_on(thing.noun) == "head" else RelationKind.NEXT_TO
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


def has_place_for(namer: Namer, body: Thing, noun: str) -> bool:
    """Whether a body has a place for such a hat or such glasses: animals and toys have, people have garments."""
    kind = namer.lexicon.worn_on(noun)
    surfaces = body.match.recipe.surfaces.values() if body.match is not None else ()
    return kind is not None and any(surface.kind == kind for surface in surfaces)


def is_worn(thing: Thing) -> bool:
    """Whether it is made to be worn, where it is built by itself."""
    return thing.match is not None and thing.match.recipe.category in _WORN


def wear(namer: Namer, noun: str, phrase: NounPhrase, subjects: Sequence[Thing]) -> bool:
    """Dress those whose recipes have this garment: "a red hat" on a man. False where none of them has it."""
    dressed = False
    # "a long dress" may be a garment of its own.
    names = [f"{item.text.lower()} {noun}" for item in phrase.modifiers if item.tag in _CUTS] + [noun]
    for subject in subjects:
        garment = next(filter(None, (_garment(namer, subject, name) for name in names)), None)
        if garment is None:
            continue
        if not dressed:
            _tell_cut(namer, names, phrase, garment, subject)
        dressed = True
        cloth = Thing(subject.id, noun)
        namer.describe(cloth, [item for item in phrase.modifiers if item.tag not in ("DET", "NUM")])
        paint, other = (*cloth.paints, None, None)[:2]
        subject.wears = [worn for worn in subject.wears if worn.garment != garment]
        subject.wears.append(
            Worn(
                garment=garment,
                color=paint.hex if paint else None,
                color_name=paint.name if paint else None,
                material=cloth.material,
                pattern=cloth.pattern if cloth.pattern in PATTERNS else "striped" if other else None,
                pattern_color=other.hex if other else None,
            )
        )
    if dressed:
        namer.dressed = list(subjects)
    return dressed


def _tell_cut(namer: Namer, names: Sequence[str], phrase: NounPhrase, garment: str, subject: Thing) -> None:
    """What the words ask of a garment that it has in one form only; the last of ``names`` is the noun by itself."""
    assert subject.match is not None
    *cuts, noun = names
    usual = garment.replace("_", " ")
    known = (usual, *subject.match.recipe.garments[garment].words)
    if any(cut in known for cut in cuts):
        return
    if noun not in known:
        namer.draft.note(noun, f"Built as an ordinary {usual}.", usual)
    for item in phrase.modifiers:
        if item.tag in _CUTS:
            namer.draft.note(f"{item.text} {noun}", f"The {usual} has one cut here.")


def _garment(namer: Namer, subject: Thing, noun: str) -> str | None:
    """The garment of the subject's recipe that a noun names, or its last word, where it cannot wear such a thing."""
    if subject.match is None:
        return None
    garments = subject.match.recipe.garments
    for word in (noun,) if has_place_for(namer, subject, noun) else (noun, noun.rpartition(" ")[2]):
        for name, garment in garments.items():
            if word == name.replace("_", " ") or word in (*garment.words, *garment.like):
                return name
    return None


def is_clothing(namer: Namer, phrase: NounPhrase, subjects: Sequence[Thing]) -> bool:
    """Take what people are dressed in as that; what cannot be put on is told."""
    if wear(namer, namer.noun_of(phrase), phrase, subjects):
        return True
    if namer.noun_of(phrase).rpartition(" ")[2] not in namer.lexicon.clothes:
        return False
    _tell_clothing(namer, phrase)
    return True


def _tell_clothing(namer: Namer, phrase: NounPhrase) -> None:
    words = " ".join(item.text for item in (*phrase.modifiers, *phrase.nouns) if item.tag != "DET")
    namer.draft.note(words, "People are built in their usual clothes.")
