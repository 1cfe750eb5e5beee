"""Words → tagged phrases, which the grammar reads. Pure but for the noun book's caches; any thread.

A word may mean several things ("orange", "light", "watch"); what stands around it decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .lexicon import Lexicon, Meaning
from .nouns import NounBook
from .words import Word

__all__ = ["Tagged", "Tagger"]

_MODIFIERS = frozenset({"COLOR", "MATERIAL", "SHAPE", "PATTERN", "SIZE", "ADJ", "MEASURE"})
_OPEN = _MODIFIERS | {"DET", "NUM"}
_HEADS = frozenset({"NOUN", "NAME", "LOGO", "QUOTED"})
_NOUN_LIKE = ("LOGO", "NOUN", "PLACE_NOUN")
_SETTINGS = ("STYLE", "TIME", "MOOD", "CAMERA", "PLACE")
_UNITS = {
    "mm": 0.001, "cm": 0.01, "m": 1.0, "km": 1000.0, "meter": 1.0, "meters": 1.0, "metre": 1.0, "metres": 1.0,
    "centimeter": 0.01, "centimeters": 0.01, "centimetre": 0.01, "centimetres": 0.01, "millimeters": 0.001,
    "millimetres": 0.001, "feet": 0.3048, "foot": 0.3048, "ft": 0.3048, "inch": 0.0254, "inches": 0.0254,
}  # fmt: skip
_EXTENTS = frozenset({"tall", "high", "wide", "long", "big", "large", "deep"})
_ADJECTIVE_ENDINGS = (
    "ful",
    "ous",
    "ive",
    "able",
    "ible",
    "ish",
    "less",
    "ical",
    "esque",
    "y",
    "ic",
    "al",
    "ed",
    "ing",
    "ant",
    "ent",
)


@dataclass(frozen=True)
class Tagged:
    """A phrase of the prompt, its tag in the grammar, and what it means there."""

    tag: str
    text: str
    value: Any = None
    known: bool = True
    plural: bool = False


@dataclass(frozen=True)
class _Segment:
    text: str
    lower: str
    kind: str
    meanings: tuple[Meaning, ...]
    capital: bool
    plural: bool = False

    def meaning(self, *tags: str) -> Meaning | None:
        return next((meaning for meaning in self.meanings if meaning.tag in tags), None)


class Tagger:
    """Tags the words of prompts with one lexicon and one noun book."""

    def __init__(self, lexicon: Lexicon, nouns: NounBook) -> None:
        self._lexicon = lexicon
        self._nouns = nouns

    def tag(self, words: Sequence[Word]) -> list[Tagged]:
        """The phrases in order, without what only describes the request."""
        spoken = [word for word in words if word.kind == "word"]
        # Where most words begin with a capital, capitals say nothing.
        shouting = sum(word.text[:1].isupper() for word in spoken) * 10 > max(3, len(spoken)) * 6
        segments = self._segments(words, shouting)
        tagged: list[Tagged] = []
        for position, segment in enumerate(segments):
            following = segments[position + 1] if position + 1 < len(segments) else None
            item = self._decide(segment, tagged, following)
            if item is not None:
                tagged.append(item)
        return _joined(tagged)

    # -- segments -------------------------------------------------------------------------------------------

    def _segments(self, words: Sequence[Word], shouting: bool) -> list[_Segment]:
        names = set() if shouting else _logo_names(words)
        segments: list[_Segment] = []
        at = 0
        while at < len(words):
            word = words[at]
            if at in names:
                segments.append(_Segment(word.text, word.lower, "word", (Meaning("NAME"),), True))
                at += 1
            elif word.kind == "number":
                segment, at = _number(words, at)
                segments.append(segment)
            elif word.kind != "word":
                segments.append(_Segment(word.text, word.lower, word.kind, (), False))
                at += 1
            else:
                segment, used = self._longest(words, at, shouting)
                segments.append(segment)
                at += used
        return segments

    def _longest(self, words: Sequence[Word], at: int, shouting: bool) -> tuple[_Segment, int]:
        run = 1
        while run < self._lexicon.longest and at + run < len(words) and words[at + run].kind == "word":
            run += 1
        capital = words[at].is_capital and not shouting
        for length in range(run, 0, -1):
            phrase = " ".join(word.lower for word in words[at : at + length])
            meanings = list(self._lexicon.phrases.get(phrase, ()))
            singular = self._nouns.singular(phrase)
            is_noun = self._nouns.is_noun(singular) and not self._is_described(singular)
            if is_noun and all(meaning.tag != "NOUN" for meaning in meanings):
                meanings.append(Meaning("NOUN"))
            place = self._lexicon.phrases.get(singular, ()) if singular != phrase else ()
            meanings.extend(meaning for meaning in place if meaning.tag in ("PLACE_NOUN", "LOGO"))
            if meanings:
                text = " ".join(word.text for word in words[at : at + length])
                return _Segment(text, phrase, "word", tuple(meanings), capital, singular != phrase), length
        return _Segment(words[at].text, words[at].lower, "word", (), capital), 1

    def _is_described(self, compound: str) -> bool:
        """Whether a compound is an adjective and the noun of the same recipe: "green apple" is an apple, green."""
        first, _, rest = compound.partition(" ")
        describes = any(meaning.tag in _MODIFIERS for meaning in self._lexicon.phrases.get(first, ()))
        return bool(rest) and describes and self._nouns.same_recipe(compound, rest)

    # -- decisions ------------------------------------------------------------------------------------------

    def _decide(self, segment: _Segment, before: list[Tagged], following: _Segment | None) -> Tagged | None:
        if segment.kind in ("quoted", "comma", "stop"):
            return Tagged({"quoted": "QUOTED", "comma": "COMMA", "stop": "_STOP"}[segment.kind], segment.text)
        last = before[-1].tag if before else "_STOP"
        goes_on = self._continues(following)
        if not segment.meanings:
            return self._unknown(segment, last, goes_on, following)
        meaning = self._pick(segment, before, goes_on, following)
        if meaning is None or meaning.tag in ("SKIP", "SAYS"):
            return None
        return _tagged(segment, meaning, goes_on and last not in _HEADS)

    def _pick(
        self, segment: _Segment, before: list[Tagged], goes_on: bool, following: _Segment | None
    ) -> Meaning | None:
        last = before[-1].tag if before else "_STOP"
        noun = segment.meaning(*_NOUN_LIKE)
        looks = _said_of_before(segment, before)
        if looks is not None and not goes_on:
            return looks
        shade = segment.meaning("SHADE")
        if shade is not None and following is not None and following.meaning("COLOR"):
            return shade
        rest = [meaning for meaning in segment.meanings if meaning.tag not in ("SHADE", *_NOUN_LIKE)]
        if noun is None:
            return rest[0] if rest else Meaning("ADJ")
        if not rest or _is_noun_here(rest[0].tag, last, goes_on, following):
            return noun
        return rest[0]

    def _continues(self, segment: _Segment | None) -> bool:
        """Whether a noun phrase can go on with this segment."""
        if segment is None or segment.kind not in ("word", "quoted"):
            return False
        if not segment.meanings:
            return not segment.lower.endswith(("ing", "ly"))
        wanted = (*_NOUN_LIKE, "NAME", "SHADE", "STYLE", "MOOD")
        if segment.meaning("REL", "DET", "AND", "WITH", "_BE", "POSITION") and not segment.meaning("NOUN"):
            return False
        return any(meaning.tag in _MODIFIERS or meaning.tag in wanted for meaning in segment.meanings)

    def _unknown(self, segment: _Segment, last: str, goes_on: bool, following: _Segment | None) -> Tagged:
        word = segment.lower
        if segment.capital:
            return Tagged("NAME", segment.text)
        if last in _HEADS and not goes_on and word.endswith(("ing", "s", "ed")):
            leads_on = following is not None and following.meaning("DET", "REL", "PRON", "NUM", "QUOTED")
            if leads_on or word.endswith("ing"):
                return Tagged("VERB", segment.text, {}, known=False)
        if word.endswith("ly") or (goes_on and word.endswith(_ADJECTIVE_ENDINGS)):
            return Tagged("ADJ", segment.text, known=False)
        singular = self._nouns.singular(word)
        correct = self._nouns.corrected(singular)
        if correct is not None:
            return Tagged("NOUN", segment.text, ("read as", correct), plural=singular != word)
        return Tagged("NOUN", segment.text, known=False, plural=singular != word)


def _said_of_before(segment: _Segment, before: list[Tagged]) -> Meaning | None:
    """ "made of glass", "in gold", "in blue metal": a look of what came before, not a thing."""
    at = len(before) - 1
    while at >= 0 and before[at].tag in ("COLOR", "MATERIAL"):
        at -= 1
    if at < 0 or (before[at].tag != "_MADE" and before[at].value != "inside"):
        return None
    is_look = before[at].tag == "_MADE" or at < len(before) - 1
    return segment.meaning("COLOR", "MATERIAL") if is_look else segment.meaning("COLOR")


def _is_noun_here(other: str, last: str, goes_on: bool, following: _Segment | None) -> bool:
    """Whether a word that is a noun or ``other`` is the noun, by what stands before and after it."""
    if other in _MODIFIERS or other in _SETTINGS:
        return not goes_on
    if other == "VERB":
        acts = last in _HEADS and not goes_on and following is not None and following.kind == "word"
        return not acts and last not in ("_BE", "PRON")
    if other in ("SKIP", "SAYS"):
        return last in _OPEN or last in _HEADS
    return other == "REL" and last in _OPEN


def _tagged(segment: _Segment, meaning: Meaning, describes: bool) -> Tagged:
    """``describes``: a noun follows, which words about the whole picture then stand before like adjectives."""
    if meaning.tag in _SETTINGS and describes:
        return Tagged("ADJ", segment.text, meaning)
    if meaning.tag == "SHADE":
        return Tagged("COLOR", segment.text, meaning)
    if meaning.tag in ("NOUN", "PLACE_NOUN"):
        place = segment.meaning("PLACE_NOUN")
        return Tagged("NOUN", segment.text, place.value if place else None, plural=segment.plural)
    return Tagged(meaning.tag, segment.text, meaning.value, plural=segment.plural)


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


def _number(words: Sequence[Word], at: int) -> tuple[_Segment, int]:
    text = words[at].text.replace(",", ".")
    number = float(text)
    unit = _UNITS.get(words[at + 1].lower) if at + 1 < len(words) else None
    if unit is None:
        meaning = Meaning("NUM", int(number)) if number == int(number) else Meaning("ADJ")
        return _Segment(words[at].text, words[at].lower, "word", (meaning,), False), at + 1
    end = at + 2
    if end < len(words) and words[end].lower in _EXTENTS:
        end += 1
    text = " ".join(word.text for word in words[at:end])
    return _Segment(text, text.lower(), "word", (Meaning("MEASURE", number * unit),), False), end


def _joined(tagged: list[Tagged]) -> list[Tagged]:
    """Commas and "and" between adjectives of one thing join them; between things they stay."""
    found: list[Tagged] = []
    for position, item in enumerate(tagged):
        following = tagged[position + 1].tag if position + 1 < len(tagged) else ""
        between = bool(found) and found[-1].tag in _MODIFIERS and following in _MODIFIERS
        if item.tag in ("AND", "COMMA") and between and _noun_ahead(tagged, position + 1):
            if item.tag == "AND":
                found.append(Tagged("_PLUS", item.text))
            continue
        if item.tag == "AND" and found and found[-1].tag == "COMMA" and _after_modifier(found) and between:
            found[-1] = Tagged("_PLUS", item.text)
            continue
        found.append(item)
    return found


def _noun_ahead(tagged: list[Tagged], at: int) -> bool:
    while at < len(tagged) and tagged[at].tag in (*_MODIFIERS, "AND", "COMMA"):
        at += 1
    return at < len(tagged) and tagged[at].tag in _HEADS


def _after_modifier(found: list[Tagged]) -> bool:
    return len(found) > 1 and found[-2].tag in _MODIFIERS
