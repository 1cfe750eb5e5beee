"""Words → tagged phrases, which the grammar reads. Pure but for the noun book's caches; any thread.

A word may mean several things ("orange", "light", "watch"); what stands around it decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .lexicon import Lexicon, Meaning
from .nouns import NounBook
from .segments import MODIFIERS, Segment, segments_of
from .words import Word

__all__ = ["Tagged", "Tagger"]

_OPEN = MODIFIERS | {"DET", "NUM"}
_HEADS = frozenset({"NOUN", "NAME", "LOGO", "QUOTED"})
_NOUN_LIKE = ("LOGO", "NOUN", "PLACE_NOUN")
_SETTINGS = ("STYLE", "TIME", "MOOD", "CAMERA", "PLACE")
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
    plural: bool = False


class Tagger:
    """Tags the words of prompts with one lexicon and one noun book."""

    def __init__(self, lexicon: Lexicon, nouns: NounBook) -> None:
        self._lexicon = lexicon
        self._nouns = nouns

    def tag(self, words: Sequence[Word]) -> list[Tagged]:
        """The phrases in order, without what only describes the request."""
        segments = segments_of(words, self._lexicon, self._nouns)
        tagged: list[Tagged] = []
        for position, segment in enumerate(segments):
            following = segments[position + 1] if position + 1 < len(segments) else None
            item = self._decide(segment, tagged, following)
            if item is not None:
                tagged.append(item)
        return _joined(tagged)

    # -- decisions ------------------------------------------------------------------------------------------

    def _decide(self, segment: Segment, before: list[Tagged], following: Segment | None) -> Tagged | None:
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

    def _pick(self, segment: Segment, before: list[Tagged], goes_on: bool, following: Segment | None) -> Meaning | None:
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

    def _continues(self, segment: Segment | None) -> bool:
        """Whether a noun phrase can go on with this segment."""
        if segment is None or segment.kind not in ("word", "quoted"):
            return False
        if not segment.meanings:
            return not segment.lower.endswith(("ing", "ly"))
        wanted = (*_NOUN_LIKE, "NAME", "SHADE", "STYLE", "MOOD")
        if segment.meaning("REL", "DET", "AND", "WITH", "_BE", "POSITION") and not segment.meaning("NOUN"):
            return False
        return any(meaning.tag in MODIFIERS or meaning.tag in wanted for meaning in segment.meanings)

    def _unknown(self, segment: Segment, last: str, goes_on: bool, following: Segment | None) -> Tagged:
        word = segment.lower
        if segment.capital:
            return Tagged("NAME", segment.text)
        if last in _HEADS and not goes_on and word.endswith(("ing", "s", "ed")):
            leads_on = following is not None and following.meaning("DET", "REL", "PRON", "NUM", "QUOTED")
            if leads_on or word.endswith("ing"):
                return Tagged("VERB", segment.text, {})
        if word.endswith("ly") or (goes_on and word.endswith(_ADJECTIVE_ENDINGS)):
            return Tagged("ADJ", segment.text)
        singular = self._nouns.singular(word)
        correct = self._nouns.corrected(singular)
        if correct is not None:
            return Tagged("NOUN", segment.text, ("read as", correct), plural=singular != word)
        return Tagged("NOUN", segment.text, plural=singular != word)


def _said_of_before(segment: Segment, before: list[Tagged]) -> Meaning | None:
    """ "made of glass", "in gold", "in blue metal": a look of what came before, not a thing."""
    at = len(before) - 1
    while at >= 0 and before[at].tag in ("COLOR", "MATERIAL"):
        at -= 1
    if at < 0 or (before[at].tag != "_MADE" and before[at].value != "inside"):
        return None
    is_look = before[at].tag == "_MADE" or at < len(before) - 1
    return segment.meaning("COLOR", "MATERIAL") if is_look else segment.meaning("COLOR")


def _is_noun_here(other: str, last: str, goes_on: bool, following: Segment | None) -> bool:
    """Whether a word that is a noun or ``other`` is the noun, by what stands before and after it."""
    if other in MODIFIERS or other in _SETTINGS:
        return not goes_on
    if other == "VERB":
        acts = last in _HEADS and not goes_on and following is not None and following.kind == "word"
        return not acts and last not in ("_BE", "PRON")
    if other in ("SKIP", "SAYS"):
        return last in _OPEN or last in _HEADS
    return other == "REL" and last in _OPEN


def _tagged(segment: Segment, meaning: Meaning, describes: bool) -> Tagged:
    """``describes``: a noun follows, which words about the whole picture then stand before like adjectives."""
    if meaning.tag in _SETTINGS and describes:
        return Tagged("ADJ", segment.text, meaning)
    if meaning.tag == "SHADE":
        return Tagged("COLOR", segment.text, meaning)
    if meaning.tag in ("NOUN", "PLACE_NOUN"):
        place = segment.meaning("PLACE_NOUN")
        return Tagged("NOUN", segment.text, place.value if place else None, plural=segment.plural)
    return Tagged(meaning.tag, segment.text, meaning.value, plural=segment.plural)


def _joined(tagged: list[Tagged]) -> list[Tagged]:
    """Commas and "and" between adjectives of one thing join them; between things they stay."""
    found: list[Tagged] = []
    for position, item in enumerate(tagged):
        following = tagged[position + 1].tag if position + 1 < len(tagged) else ""
        between = bool(found) and found[-1].tag in MODIFIERS and following in MODIFIERS
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
    while at < len(tagged) and tagged[at].tag in (*MODIFIERS, "AND", "COMMA"):
        at += 1
    return at < len(tagged) and tagged[at].tag in _HEADS


def _after_modifier(found: list[Tagged]) -> bool:
    return len(found) > 1 and found[-2].tag in MODIFIERS
