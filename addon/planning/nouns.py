"""Nouns: singulars, and which recipe shows one. Caches only; any thread."""

from collections.abc import Iterator
from dataclasses import dataclass

from ..models.errors import ScenekeeperError
from ..models.recipe import Recipe
from .inflections import IRREGULAR, singular_of
from .lexicon import Lexicon
from .protocol import Things

__all__ = ["Match", "NounBook"]

_FURTHEST = 3
_REMEMBERED = 4096


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
        self._recipes = {noun.replace("-", " "): name for noun, name in things.nouns().items()}
        self._nouns = lexicon.nouns | set(self._recipes)
        self._matches: dict[str, Match | None] = {}
        self._same: dict[str, tuple[str, ...]] = {}
        for name, words in lexicon.same.items():
            for word in words:
                self._same[word] = (*self._same.get(word, ()), name)
        self.problems: dict[str, str] = {}

    def is_noun(self, phrase: str) -> bool:
        """Whether a word or compound, singular, is known to name a thing."""
        return phrase in self._nouns

    def is_name(self, noun: str) -> bool:
        """Whether a recipe is called so."""
        return self._recipes.get(noun) == noun.replace(" ", "_")

    def kind(self, noun: str) -> str:
        """The category of the recipe that shows a noun, by itself or in place of it; "" where there is none."""
        match = self.match(noun)
        return match.recipe.category if match else ""

    def same_recipe(self, first: str, second: str) -> bool:
        """Whether one recipe shows both, by itself or in place of them."""
        one, other = self.match(first), self.match(second)
        return one is not None and other is not None and one.recipe.name == other.recipe.name

    def singular(self, phrase: str) -> str:
        """The singular of a word or of a compound's last word; a known noun stays as it is."""
        plain = phrase.replace("-", " ")
        *before, last = phrase.split(" ")
        if last in self._lexicon.pairs and singular_of(last) not in self._lexicon.pairs:
            return phrase
        if plain in self._nouns and not last.endswith("s") and last not in IRREGULAR:
            return phrase
        if last in IRREGULAR:
            return " ".join([*before, IRREGULAR[last]])
        known = [whole for end in self._endings(last) if self._has(whole := " ".join([*before, end]))]
        recipe = self._recipes.get(plain)
        # "glasses" are no glass, where the catalogue has both.
        same = [whole for whole in known if recipe is None or self._recipes.get(whole, recipe) == recipe]
        if same:
            return same[0]
        return phrase if plain in self._nouns else " ".join([*before, singular_of(last)])

    def _has(self, noun: str) -> bool:
        return noun.replace("-", " ") in self._nouns

    def _endings(self, word: str) -> tuple[str, ...]:
        if not word.endswith("s"):
            return ()
        # In this order "knifes", "tomatos", "cherrys" and "boxs" come out right as well as the proper plurals.
        return (singular_of(word), word[:-1], word[:-2], word[:-3] + "y", word[:-3] + "f", word[:-3] + "fe", word)

    def words(self) -> Iterator[str]:
        """Every single word of every known noun."""
        for noun in self._nouns:
            yield from noun.split(" ")

    def built(self) -> Iterator[str]:
        """The nouns of one word that the catalogue shows."""
        return (noun for noun in self._recipes if " " not in noun)

    def match(self, noun: str) -> Match | None:
        """The recipe that shows a noun, by name, same meaning, then likeness; compounds lose words from the left."""
        if noun not in self._matches:
            if len(self._matches) >= _REMEMBERED:
                self._matches.clear()
            self._matches[noun] = self._matched(noun)
        return self._matches[noun]

    def _matched(self, noun: str) -> Match | None:
        words = noun.replace("-", " ").split(" ")
        for start in range(len(words)):
            part = " ".join(words[start:])
            dropped = " ".join(words[:start])
            recipe = self._known(part)
            if recipe is not None:
                return Match(recipe, noun, part if dropped else None, dropped)
            near = self._near(part)
            if near is not None:
                return Match(near, noun, near.name.replace("_", " "), dropped)
        # The last word says what a compound is; only where nobody knows that one, its first words must do.
        unknown_last = len(words) > 1 and not self.is_noun(words[-1])
        return self._matched_before(words[:-1], noun) if unknown_last else None

    def _matched_before(self, words: list[str], noun: str) -> Match | None:
        found = self.match(" ".join(words))
        return Match(found.recipe, noun, found.recipe.name.replace("_", " "), "") if found else None

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
