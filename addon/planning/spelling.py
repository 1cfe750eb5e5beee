"""Mistyped words → the words that were meant. Pure, any thread.

Only words that nothing knows are looked at, and only near ones are taken: sounding alike, two neighbours swapped,
one letter doubled, left out, added or changed, the same letters in another order. What was read otherwise than
written is told to the user.
"""

import re
from collections.abc import Collection, Iterable
from functools import cached_property

__all__ = ["Speller"]

_SHORTEST, _ANY_EDIT, _MIXED = 4, 5, 6
_SOUNDS = (
    (re.compile(r"ph"), "f"),
    (re.compile(r"ck|[cq](?![eih])"), "k"),
    (re.compile(r"c(?=[ei])|z"), "s"),
    (re.compile(r"j"), "g"),
    (re.compile(r"wh"), "w"),
    (re.compile(r"y"), "i"),
    (re.compile(r"ie|ea|ee"), "i"),
    (re.compile(r"e$"), ""),
    (re.compile(r"(.)\1+"), r"\1"),
)


class Speller:
    """Knows all words; ``likely`` ones go before others that are as near."""

    def __init__(self, words: Iterable[str], likely: Collection[str]) -> None:
        self._words = frozenset(word for word in words if word.isalpha() and word.isascii())
        self._likely = frozenset(likely)
        self._by_start: dict[tuple[str, int], list[str]] = {}
        for word in sorted(self._words):
            if len(word) >= _SHORTEST:
                self._by_start.setdefault((word[0], len(word)), []).append(word)

    @cached_property
    def _sounding(self) -> dict[str, list[str]]:
        """Made for the first mistyped word: it takes a tenth of a second, and most prompts have none."""
        by_sound: dict[str, list[str]] = {}
        for word in sorted(self._words):
            if len(word) >= _SHORTEST:
                by_sound.setdefault(_sound(word), []).append(word)
        return by_sound

    @cached_property
    def _by_letters(self) -> dict[tuple[str, ...], list[str]]:
        """Words by their first letter and all their letters: "bycicle" has those of "bicycle"."""
        found: dict[tuple[str, ...], list[str]] = {}
        for word in sorted(self._words):
            if len(word) >= _MIXED:
                found.setdefault((word[0], *sorted(word)), []).append(word)
        return found

    def knows(self, word: str) -> bool:
        """Whether this is a word as it stands."""
        return word in self._words

    def corrected(self, word: str) -> str | None:
        """The word that was meant by an unknown one; None where no one word is nearest."""
        if len(word) < _SHORTEST or not word.isalpha() or not word.isascii() or word in self._words:
            return None
        near = self._by_start_near(word)
        swapped = [other for other in near if _is_swap(word, other)]
        doubled = [other for other in near if _single(word) == _single(other)]
        # Verbs are too many to be known all: "creaked" is no croaking.
        edited = near if len(word) >= _ANY_EDIT and not word.endswith(("ed", "ing")) else []
        mixed = self._by_letters.get((word[0], *sorted(word)), []) if len(word) >= _MIXED else []
        for found in (swapped, doubled, self._sounding.get(_sound(word), []), edited, mixed):
            best = [other for other in found if other in self._likely] or found
            if len(best) == 1:
                return best[0]
            if best:
                return None
        return None

    def _by_start_near(self, word: str) -> list[str]:
        lengths = range(max(_SHORTEST, len(word) - 1), len(word) + 2)
        return [
            other for length in lengths for other in self._by_start.get((word[0], length), ()) if _one_edit(word, other)
        ]


def _sound(word: str) -> str:
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    return word


def _single(word: str) -> str:
    return re.sub(r"(.)\1+", r"\1", word)


def _is_swap(left: str, right: str) -> bool:
    return len(left) == len(right) and left != right and sorted(left) == sorted(right) and _one_edit(left, right)


def _one_edit(left: str, right: str) -> bool:
    """Whether one letter added, left out, changed, or two neighbours swapped turn one into the other."""
    if abs(len(left) - len(right)) > 1 or left == right:
        return False
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    if len(left) == len(right):
        swapped = left[start : start + 2] == right[start : start + 2][::-1] and left[start + 2 :] == right[start + 2 :]
        return swapped or left[start + 1 :] == right[start + 1 :]
    short, long = sorted((left, right), key=len)
    return short[start:] == long[start + 1 :]
