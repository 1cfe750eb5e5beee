"""Words → segments: the longest phrases that mean something, numbers with units, a logo's letters. Any thread."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .lexicon import Lexicon, Meaning
from .nouns import NounBook
from .spelling import Speller
from .words import Word

__all__ = ["MODIFIERS", "Segment", "segments_of"]

MODIFIERS = frozenset({"COLOR", "MATERIAL", "SHAPE", "PATTERN", "SIZE", "ADJ", "MEASURE"})
"""Tags of what describes a thing."""
_LOOKS = MODIFIERS - {"ADJ", "MEASURE"}
_INNER = _LOOKS | {"SHADE", "AND", "NUM"}
_UNITS = {
    "mm": 0.001, "cm": 0.01, "m": 1.0, "km": 1000.0, "meter": 1.0, "meters": 1.0, "metre": 1.0, "metres": 1.0,
    "centimeter": 0.01, "centimeters": 0.01, "centimetre": 0.01, "centimetres": 0.01, "millimeters": 0.001,
    "millimetres": 0.001, "feet": 0.3048, "foot": 0.3048, "ft": 0.3048, "inch": 0.0254, "inches": 0.0254,
}  # fmt: skip
_EXTENTS = frozenset({"tall", "high", "wide", "long", "big", "large", "deep"})


_SUFFIXES = frozenset({"colored", "coloured", "toned", "hued", "tinted", "shaped"})


@dataclass(frozen=True)
class Segment:
    """A word or phrase with all it may mean. ``form`` is a verb's: base, s, ing, past, or "" for what is no verb."""

    text: str
    lower: str
    kind: str
    meanings: tuple[Meaning, ...]
    capital: bool
    plural: bool = False
    form: str = ""
    misspelt: bool = False

    def meaning(self, *tags: str) -> Meaning | None:
        """The first of its meanings with one of these tags."""
        return next((meaning for meaning in self.meanings if meaning.tag in tags), None)


def segments_of(words: Sequence[Word], lexicon: Lexicon, nouns: NounBook, speller: Speller) -> list[Segment]:
    """All words in order, each in one segment."""
    spoken = [word for word in words if word.kind == "word"]
    # Where most words begin with a capital, capitals say nothing.
    shouting = sum(word.text[:1].isupper() for word in spoken) * 10 > max(3, len(spoken)) * 6
    return _Segmenter(lexicon, nouns, speller, shouting).segments(words)


class _Segmenter:
    def __init__(self, lexicon: Lexicon, nouns: NounBook, speller: Speller, shouting: bool) -> None:
        self._lexicon = lexicon
        self._nouns = nouns
        self._speller = speller
        self._shouting = shouting

    def segments(self, written: Sequence[Word]) -> list[Segment]:
        words = [self._spelled(part) for word in written for part in self._opened(word)]
        words = _own_sides(words)
        names = set() if self._shouting else _logo_names(words)
        segments: list[Segment] = []
        at = 0
        while at < len(words):
            says = bool(segments) and segments[-1].meaning("SAYS") is not None and not self._shouting
            segment, used = self._next(words, at, at in names, says)
            if used > 1 and segments and self._is_noun_and_colour(segments[-1], segment):
                segment, used = self._longest(words[: at + used - 1], at)
            segments.append(segment)
            at += used
        return self._shared(segments)

    def _is_noun_and_colour(self, before: Segment, segment: Segment) -> bool:
        """ "red apple green pear": after a colour, "apple green" is an apple and the next thing's colour."""
        noun, _, color = segment.lower.rpartition(" ")
        is_hue = any(meaning.tag == "COLOR" for meaning in self._lexicon.phrases.get(color, ()))
        painted = before.meaning("COLOR") is not None and before.meaning("SHADE") is None
        return painted and is_hue and segment.meaning("COLOR") is not None and self._nouns.is_noun(noun)

    def _shared(self, segments: list[Segment]) -> list[Segment]:
        """ "salt and pepper shakers" are salt shakers and pepper shakers, where there are both."""
        for at in range(len(segments) - 2):
            first, joint, last = segments[at : at + 3]
            head = last.lower.rpartition(" ")[2]
            if joint.meaning("AND") and last.plural and head != last.lower:
                compound = f"{first.lower} {head}"
                if self._nouns.is_noun(self._nouns.singular(compound)):
                    one = self._nouns.singular(compound)
                    segments[at] = Segment(one, one, "word", (Meaning("NOUN"),), False)
                    single = self._nouns.singular(last.lower)
                    segments[at + 2] = Segment(single, single, "word", (Meaning("NOUN"),), False)
        return segments

    def _next(self, words: Sequence[Word], at: int, is_name: bool, says: bool) -> tuple[Segment, int]:
        word = words[at]
        said = _said_aloud(words, at) if says else 0
        if said:
            text = " ".join(word.text for word in words[at : at + said])
            return Segment(text, text.lower(), "quoted", (), True), said
        if is_name:
            return Segment(word.text, word.lower, "word", (Meaning("NAME"),), True), 1
        if word.kind == "number":
            return _number(words, at)
        if word.kind == "times":
            rows, columns = (int(side) for side in word.lower.replace("×", "x").split("x"))
            return Segment(word.text, word.lower, "word", (Meaning("NUM", rows * columns),), False), 1
        if word.kind != "word":
            return Segment(word.text, word.lower, word.kind, (), False), 1
        return self._longest(words, at)

    def _opened(self, word: Word) -> list[Word]:
        """ "dark-green" as two words, where each describes; other words with hyphens stay one."""
        if "-" not in word.lower or word.kind != "word":
            return [word]
        spaced = word.lower.replace("-", " ")
        whole = replace(word, lower=spaced)
        if spaced in self._lexicon.phrases or self._nouns.is_noun(self._nouns.singular(spaced)):
            return [whole]
        parts = [Word(text, text.lower(), "word", False) for text in word.text.split("-")]
        if parts[-1].lower in _SUFFIXES:
            parts = parts[:-1]
        if parts[-1].lower == "covered" and parts[0].lower in self._lexicon.coverings:
            return [replace(word, lower=self._lexicon.coverings[parts[0].lower])]
        described = all(self._describes(part.lower) for part in parts)
        return parts if parts and described else [whole]

    def _spelled(self, word: Word) -> Word:
        if word.lower in self._lexicon.typos:
            return replace(word, lower=self._lexicon.typos[word.lower], misspelt=True)
        if word.kind != "word" or self._speller.knows(word.lower) or word.is_capital:
            return word
        plain = self._nouns.singular(word.lower)
        meant = None if self._speller.knows(plain) else self._speller.corrected(word.lower)
        if meant is None and plain != word.lower and not self._speller.knows(plain):
            singular = self._speller.corrected(plain)
            meant = f"{singular}s" if singular else None
        return replace(word, lower=meant, misspelt=True) if meant else word

    def _describes(self, word: str) -> bool:
        meanings = self._lexicon.phrases.get(word, ())
        return any(meaning.tag in _INNER for meaning in meanings)

    def _longest(self, words: Sequence[Word], at: int) -> tuple[Segment, int]:
        run = 1
        while run < self._lexicon.longest and at + run < len(words) and words[at + run].kind == "word":
            run += 1
        capital = words[at].is_capital and not self._shouting
        for length in range(run, 0, -1):
            phrase = " ".join(word.lower for word in words[at : at + length])
            meanings, plural = self._meanings(phrase)
            after = words[at + length].lower if at + length < len(words) else ""
            if length > 1 and phrase.endswith(" shaped") and after in ("like", "as"):
                continue
            if meanings:
                text = " ".join(word.text for word in words[at : at + length])
                form = self._lexicon.forms.get(phrase, "")
                misspelt = any(word.misspelt for word in words[at : at + length])
                return Segment(text, phrase, "word", tuple(meanings), capital, plural, form, misspelt), length
        return Segment(words[at].text, words[at].lower, "word", (), capital), 1

    def _meanings(self, phrase: str) -> tuple[list[Meaning], bool]:
        """What a phrase may mean, and whether it is a plural."""
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
        return meanings, singular != phrase

    def _is_described(self, compound: str) -> bool:
        """Whether a compound is an adjective and the noun of the same recipe: "green apple" is an apple, green."""
        first, _, rest = compound.partition(" ")
        tags = {meaning.tag for meaning in self._lexicon.phrases.get(first, ())}
        if rest and tags & {"SHAPE", "SIZE"} and "NOUN" not in tags and self._nouns.is_noun(rest):
            # "a tall lamp" may be a floor lamp, and is a lamp that is tall.
            return True
        if not rest or not tags & _LOOKS or self._nouns.is_name(compound) or compound in self._lexicon.kinds:
            return False
        return self._nouns.same_recipe(compound, rest)


def _own_sides(words: list[Word]) -> list[Word]:
    """ "to the man's left" as "own left of the man"."""
    for at in range(2, len(words)):
        side, owner = words[at], words[at - 1]
        if side.lower not in ("left", "right") or not owner.text.lower().endswith("'s"):
            continue
        start = next((back for back in range(at - 2, max(-1, at - 5), -1) if words[back].lower in ("to", "on")), None)
        if start is not None:
            relation = replace(words[start], lower=f"own {side.lower} of")
            skipped = 2 if at + 1 < len(words) and words[at + 1].lower in ("side", "hand") else 1
            return [*words[:start], relation, *words[start + 1 : at], *_own_sides(words[at + skipped :])]
    return words


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
    """A number, a measure ("30 cm tall") or a lens ("85mm"), and how many words it takes."""
    number = float(words[at].lower.replace(",", "."))
    unit = _UNITS.get(words[at + 1].lower) if at + 1 < len(words) else None
    if unit is None:
        meaning = Meaning("NUM", int(number)) if number == int(number) else Meaning("ADJ")
        return Segment(words[at].text, words[at].lower, "word", (meaning,), False), 1
    end = at + 2
    after = words[end].lower if end < len(words) else ""
    is_lens = words[at + 1].lower == "mm" and 8 <= number <= 400 and after in ("lens", "", ",", ".", "focal", "shot")
    if is_lens:
        end += {"lens": 1, "shot": 1, "focal": 2}.get(after, 0)
        meaning = Meaning("CAMERA", ("lens", f"{number:g}"))
    else:
        end += after in _EXTENTS
        meaning = Meaning("MEASURE", number * unit)
    text = " ".join(word.text for word in words[at:end])
    return Segment(text, text.lower(), "word", (meaning,), False), min(end, len(words)) - at
