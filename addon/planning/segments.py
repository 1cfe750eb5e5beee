"""Words → segments: the longest phrases that mean something, numbers with units, a logo's letters. Any thread."""

from collections.abc import Sequence
from dataclasses import dataclass

from .lexicon import Lexicon, Meaning
from .nouns import NounBook
from .words import Word

__all__ = ["MODIFIERS", "Segment", "segments_of"]

MODIFIERS = frozenset({"COLOR", "MATERIAL", "SHAPE", "PATTERN", "SIZE", "ADJ", "MEASURE"})
"""Tags of what describes a thing."""
_UNITS = {
    "mm": 0.001, "cm": 0.01, "m": 1.0, "km": 1000.0, "meter": 1.0, "meters": 1.0, "metre": 1.0, "metres": 1.0,
    "centimeter": 0.01, "centimeters": 0.01, "centimetre": 0.01, "centimetres": 0.01, "millimeters": 0.001,
    "millimetres": 0.001, "feet": 0.3048, "foot": 0.3048, "ft": 0.3048, "inch": 0.0254, "inches": 0.0254,
}  # fmt: skip
_EXTENTS = frozenset({"tall", "high", "wide", "long", "big", "large", "deep"})


@dataclass(frozen=True)
class Segment:
    text: str
    lower: str
    kind: str
    meanings: tuple[Meaning, ...]
    capital: bool
    plural: bool = False

    def meaning(self, *tags: str) -> Meaning | None:
        return next((meaning for meaning in self.meanings if meaning.tag in tags), None)


def segments_of(words: Sequence[Word], lexicon: Lexicon, nouns: NounBook) -> list[Segment]:
    """All words in order, each in one segment."""
    spoken = [word for word in words if word.kind == "word"]
    # Where most words begin with a capital, capitals say nothing.
    shouting = sum(word.text[:1].isupper() for word in spoken) * 10 > max(3, len(spoken)) * 6
    return _Segmenter(lexicon, nouns).segments(words, shouting)


class _Segmenter:
    def __init__(self, lexicon: Lexicon, nouns: NounBook) -> None:
        self._lexicon = lexicon
        self._nouns = nouns

    def segments(self, words: Sequence[Word], shouting: bool) -> list[Segment]:
        names = set() if shouting else _logo_names(words)
        segments: list[Segment] = []
        at = 0
        while at < len(words):
            word = words[at]
            said = _said_aloud(words, at) if segments and segments[-1].meaning("SAYS") and not shouting else 0
            if said:
                text = " ".join(word.text for word in words[at : at + said])
                segments.append(Segment(text, text.lower(), "quoted", (), True))
                at += said
            elif at in names:
                segments.append(Segment(word.text, word.lower, "word", (Meaning("NAME"),), True))
                at += 1
            elif word.kind == "number":
                segment, at = _number(words, at)
                segments.append(segment)
            elif word.kind != "word":
                segments.append(Segment(word.text, word.lower, word.kind, (), False))
                at += 1
            else:
                segment, used = self._longest(words, at, shouting)
                segments.append(segment)
                at += used
        return segments

    def _longest(self, words: Sequence[Word], at: int, shouting: bool) -> tuple[Segment, int]:
        run = 1
        while run < self._lexicon.longest and at + run < len(words) and words[at + run].kind == "word":
            run += 1
        capital = words[at].is_capital and not shouting
        for length in range(run, 0, -1):
            phrase = " ".join(word.lower for word in words[at : at + length])
            meanings = list(self._lexicon.phrases.get(phrase, ()))
            singular = self._nouns.singular(phrase)
            described = self._is_described(singular)
            if described:
                meanings = [meaning for meaning in meanings if meaning.tag != "NOUN"]
            is_noun = self._nouns.is_noun(singular) and not described
            if is_noun and all(meaning.tag != "NOUN" for meaning in meanings):
                meanings.append(Meaning("NOUN"))
            place = self._lexicon.phrases.get(singular, ()) if singular != phrase else ()
            meanings.extend(meaning for meaning in place if meaning.tag in ("PLACE_NOUN", "LOGO"))
            if meanings:
                text = " ".join(word.text for word in words[at : at + length])
                return Segment(text, phrase, "word", tuple(meanings), capital, singular != phrase), length
        return Segment(words[at].text, words[at].lower, "word", (), capital), 1

    def _is_described(self, compound: str) -> bool:
        """Whether a compound is an adjective and the noun of the same recipe: "green apple" is an apple, green."""
        first, _, rest = compound.partition(" ")
        tags = {meaning.tag for meaning in self._lexicon.phrases.get(first, ())}
        # Words such as "ice" and "glass" are things as well: with them a compound is a thing of its own.
        describes = "COLOR" in tags or (tags & MODIFIERS and "NOUN" not in tags)
        return bool(rest and describes) and self._nouns.same_recipe(compound, rest)


def _said_aloud(words: Sequence[Word], at: int) -> int:
    """How many words from ``at`` on are letters to show though nothing quotes them: "a sign that says OPEN"."""
    count = 0
    while at + count < len(words) and words[at + count].kind == "word" and words[at + count].text[:1].isupper():
        count += 1
    return count


def _logo_names(words: Sequence[Word]) -> set[int]:
    """Where capitalised words stand that are a logo's letters: just before it, or just after "logo of"."""
    found: set[int] = set()
    for at, word in enumerate(words):
        if word.lower not in ("logo", "logos", "wordmark", "emblem", "text", "title", "word", "words", "lettering"):
            continue
        back = at - 1
        while back >= 0 and words[back].kind in ("word", "number") and not words[back].is_capital and at - back < 5:
            back -= 1
        while back >= 0 and words[back].kind == "word" and words[back].is_capital:
            found.add(back)
            back -= 1
        ahead = at + 1
        while ahead < len(words) and words[ahead].lower in ("of", "for", "saying", "that", "says", "reading", "the"):
            ahead += 1
        while ahead < len(words) and words[ahead].kind == "word" and words[ahead].is_capital:
            found.add(ahead)
            ahead += 1
    return found


def _number(words: Sequence[Word], at: int) -> tuple[Segment, int]:
    text = words[at].text.replace(",", ".")
    number = float(text)
    unit = _UNITS.get(words[at + 1].lower) if at + 1 < len(words) else None
    if unit is None:
        meaning = Meaning("NUM", int(number)) if number == int(number) else Meaning("ADJ")
        return Segment(words[at].text, words[at].lower, "word", (meaning,), False), at + 1
    end = at + 2
    if end < len(words) and words[end].lower in _EXTENTS:
        end += 1
    text = " ".join(word.text for word in words[at:end])
    return Segment(text, text.lower(), "word", (Meaning("MEASURE", number * unit),), False), end
