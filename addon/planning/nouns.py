"""Nouns: singulars, and which recipe shows one. Caches only; any thread."""

from dataclasses import dataclass

from ..models.errors import ScenekeeperError
from ..models.recipe import Recipe
from .inflections import IRREGULAR, singular_of
from .lexicon import Lexicon
from .protocol import Things

__all__ = ["Match", "NounBook"]

_FURTHEST = 3


@dataclass(frozen=True)
class Match:
    """The recipe for a noun. ``substitute`` when another thing stands for it; ``dropped`` words had no effect."""

    recipe: Recipe
    noun: str
    substitute: str | None = None
    dropped: str = ""


class NounBook:
    """The lexicon's and the catalogue's nouns together."""

    def __init__(self, lexicon: Lexicon, things: Things) -> None:
        self._lexicon = lexicon
        self._things = things
        self._recipes = things.nouns()
        self._nouns = lexicon.nouns | set(self._recipes)
        self._by_letter: dict[str, list[str]] = {}
        for noun in sorted(self._nouns):
            if " " not in noun and len(noun) > 3:
                self._by_letter.setdefault(noun[0], []).append(noun)
        self._same: dict[str, tuple[str, ...]] = {}
        for name, words in lexicon.same.items():
            for word in words:
                self._same[word] = (*self._same.get(word, ()), name)
        self.problems: dict[str, str] = {}

    def is_noun(self, phrase: str) -> bool:
        """Whether a word or compound, singular, is known to name a thing."""
        return phrase in self._nouns

    def same_recipe(self, first: str, second: str) -> bool:
        """Whether one recipe shows both, by itself or in place of them."""
        one, other = self.match(first), self.match(second)
        return one is not None and other is not None and one.recipe.name == other.recipe.name

    def singular(self, phrase: str) -> str:
        """The singular of a word or of a compound's last word; a known noun stays as it is."""
        if phrase in self._recipes or (phrase in self._nouns and not phrase.endswith("s")):
            return phrase
        *before, last = phrase.split(" ")
        if last in IRREGULAR:
            return " ".join([*before, IRREGULAR[last]])
        for candidate in self._endings(last):
            whole = " ".join([*before, candidate])
            if whole in self._nouns:
                return whole
        return " ".join([*before, singular_of(last)])

    def _endings(self, word: str) -> tuple[str, ...]:
        if not word.endswith("s"):
            return ()
        # In this order "knifes", "tomatos", "cherrys" and "boxs" come out right as well as the proper plurals.
        return (singular_of(word), word[:-1], word[:-2], word[:-3] + "y", word[:-3] + "f", word[:-3] + "fe", word)

    def corrected(self, word: str) -> str | None:
        """The one known noun that a mistyped word is one edit away from; None where there is none or several."""
        if len(word) < 5 or not word.isascii():
            return None
        near = [noun for noun in self._by_letter.get(word[0], ()) if _one_edit(word, noun)]
        return near[0] if len(near) == 1 else None

    def match(self, noun: str) -> Match | None:
        """The recipe that shows a noun, by name, same meaning, then likeness; compounds lose words from the left."""
        words = noun.split(" ")
        for start in range(len(words)):
            part = " ".join(words[start:])
            dropped = " ".join(words[:start])
            recipe = self._known(part)
            if recipe is not None:
                return Match(recipe, noun, part if dropped else None, dropped)
            near = self._near(part)
            if near is not None:
                return Match(near, noun, near.name.replace("_", " "), dropped)
        return None

    def _known(self, noun: str) -> Recipe | None:
        for word in (noun, *self._same.get(noun, ()), *self._lexicon.same.get(noun, ())):
            name = self._recipes.get(word)
            if name is None:
                continue
            try:
                return self._things.get(name)
            except ScenekeeperError as error:
                self.problems[name] = str(error)
        return None

    def _near(self, noun: str) -> Recipe | None:
        level, seen = [noun, *self._same.get(noun, ())], {noun}
        for _ in range(_FURTHEST):
            above: list[str] = []
            for word in level:
                for name in self._lexicon.like.get(word, ()):
                    if name in seen:
                        continue
                    recipe = self._known(name)
                    if recipe is not None:
                        return recipe
                    seen.add(name)
                    above.append(name)
            level = above
        return None


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
