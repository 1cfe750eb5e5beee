"""Texts, titles and logos of a prompt → solid letters of a draft. Any thread."""

from ..models.plan import RelationKind
from .draft import Thing
from .naming import Namer
from .phrases import NounPhrase
from .tagger import Tagged

__all__ = ["letters_of", "names_letters", "put_on"]

_LONGEST = 200
_FITTING = 60
"""Letters at most on a thing."""


def names_letters(phrase: NounPhrase) -> bool:
    """Whether a phrase is about letters: "a logo", "the word HELLO"."""
    return any(item.tag in ("LOGO", "QUOTED") for item in phrase.nouns)


def letters_of(namer: Namer, phrase: NounPhrase) -> list[Thing]:
    """The letters that a phrase asks for, or what carries them: "a sign 'OPEN'"."""
    logo = any(item.tag == "LOGO" and item.value == "logo" for item in phrase.nouns)
    quoted = [item.text for item in phrase.nouns if item.tag == "QUOTED"]
    named = [item.text for item in phrase.nouns if item.tag in ("NAME", "NOUN")]
    inner = [item.text for item in phrase.of.nouns] if phrase.of else []
    carrier = _carrier(namer, phrase) if quoted and named else None
    modifiers = phrase.modifiers
    text = " ".join(quoted or named or inner)
    if not text:
        # "Happy birthday text": words that mean nothing else here are the letters.
        free = [item for item in phrase.modifiers if item.tag == "ADJ" and item.value is None]
        text = " ".join(item.text for item in free)
        modifiers = tuple(item for item in phrase.modifiers if item not in free)
    if not text:
        numbers = [item for item in phrase.modifiers if item.tag == "NUM" and item.text.isdigit()]
        text = " ".join(item.text for item in numbers)
        modifiers = tuple(item for item in phrase.modifiers if item not in numbers)
    mail = namer.fetch("envelope") if not text and phrase.nouns[-1].text.lower() in ("letter", "letters") else None
    if mail is not None:
        # Without words to it, a letter is what the postman brings.
        mail.noun, mail.plural = "letter", phrase.nouns[-1].plural
        namer.describe(mail, phrase.modifiers)
        namer.draft.note("letter", "Shown as its envelope.", "envelope")
        return [mail]
    if not text:
        text = "LOGO" if logo else "TEXT"
        namer.draft.note(phrase.text, "The prompt does not say which letters.", text)
    thing = _letters(namer, text, logo)
    if carrier is None:
        namer.describe(thing, modifiers)
    elif carrier.is_shown:
        put_on(namer, thing, carrier)
    thing.count = 1
    namer.last = carrier or thing
    return [carrier or thing]


def put_on(namer: Namer, letters: Thing, carrier: Thing) -> None:
    """Letters on what has a place for words, as its own; else solid before it."""
    takes = carrier.match is not None and carrier.match.recipe.takes_text
    if takes and letters.letters is not None and len(letters.letters) <= _FITTING:
        carrier.words = letters.letters
        namer.draft.things.remove(letters)
        return
    namer.draft.relate(RelationKind.IN_FRONT_OF, letters, carrier)


def _letters(namer: Namer, text: str, logo: bool) -> Thing:
    shown = (text.upper() if logo else text)[:_LONGEST]
    thing = Thing(namer.draft.new_id("logo" if logo else "text"), text, letters=shown, logo=logo)
    namer.draft.things.append(thing)
    return thing


def _carrier(namer: Namer, phrase: NounPhrase) -> Thing | None:
    if any(item.tag == "LOGO" for item in phrase.nouns):
        return None
    plain: tuple[Tagged, ...] = tuple(item for item in phrase.nouns if item.tag != "QUOTED")
    return namer.named(NounPhrase(phrase.modifiers, plain))
