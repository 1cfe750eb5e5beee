"""The catalogue: finds recipes by name or noun, validates each when it is first asked for. No bpy, any thread.

Loading reads names and synonyms only, so that hundreds of files cost little at start; a user's folders are read
after the built-in one and go before it.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from ..models.errors import ScenekeeperError
from ..models.recipe import Recipe
from .own import read_own
from .reading import RecipeInvalid, read_header, read_recipe

__all__ = ["BUILT_IN", "Catalogue", "RecipeInvalid", "UnknownRecipe", "load_catalogue"]

BUILT_IN = Path(__file__).parent / "recipes"


class UnknownRecipe(ScenekeeperError, KeyError):
    """The catalogue has no recipe of this name."""

    code = "unknown_recipe"

    def __str__(self) -> str:
        # KeyError would show the sentence in quotes.
        return str(self.args[0])


class Catalogue:
    """Recipes by name and noun. Safe to share: all it changes after loading is its cache of validated recipes."""

    def __init__(
        self,
        files: Mapping[str, Path],
        nouns: Mapping[str, str],
        built_in: Mapping[str, Path],
        problems: tuple[str, ...] = (),
    ) -> None:
        """``built_in``: the files that come with the add-on, which begin as one another and as nobody else's."""
        self._files = files
        self._nouns = nouns
        self._built_in = built_in
        self._recipes: dict[str, Recipe] = {}
        self.problems = problems
        """Sentences about files of one's own that were left out, and what to do about them."""

    @property
    def own(self) -> tuple[str, ...]:
        """The names of one's own recipes, sorted."""
        return tuple(sorted(name for name, path in self._files.items() if path != self._built_in.get(name)))

    def names(self) -> tuple[str, ...]:
        """All names, sorted."""
        return tuple(sorted(self._files))

    def nouns(self) -> dict[str, str]:
        """Every noun (name with spaces, or synonym; lower case, singular) and the recipe's name it leads to."""
        return dict(self._nouns)

    def get(self, name: str) -> Recipe:
        """The recipe called ``name``; raises ``UnknownRecipe`` or ``RecipeInvalid``."""
        if name not in self._recipes:
            if name not in self._files:
                near = get_close_matches(name, self._files, n=3)
                hint = f" Near: {', '.join(near)}." if near else ""
                raise UnknownRecipe(f"There is no recipe {name!r} among {len(self._files)}.{hint}")
            path = self._files[name]
            ours = path == self._built_in.get(name)
            self._recipes[name] = read_recipe(path, self._built_in if ours else self._files)
        return self._recipes[name]

    def find(self, noun: str) -> Recipe | None:
        """The recipe for a noun (name or synonym, singular, any case); None where there is none."""
        name = self._nouns.get(_key(noun))
        return None if name is None else self.get(name)


def load_catalogue(*own_folders: Path) -> Catalogue:
    """The built-in recipes and those of ``own_folders`` (searched recursively); later folders go before earlier.

    Of the built-in files only the headers are read. Those of one's own are read wholly: one that is not valid is left
    out, and told in ``problems``.
    """
    files: dict[str, Path] = {}
    synonyms: dict[str, list[str]] = {}
    for path in sorted(BUILT_IN.rglob("*.toml")):
        name, words = read_header(path)
        files[name], synonyms[name] = path, words
    built_in, problems = dict(files), list[str]()
    for folder in own_folders:
        found = read_own(folder, files)
        problems += found.problems
        for recipe, path in found.recipes:
            files[recipe.name], synonyms[recipe.name] = path, recipe.synonyms
    nouns: dict[str, str] = {}
    for name, words in synonyms.items():
        for word in words:
            nouns[_key(word)] = name
    # A thing's own name goes before another thing's synonym.
    nouns.update({_key(name): name for name in files})
    return Catalogue(files, nouns, built_in, tuple(problems))


def _key(noun: str) -> str:
    return " ".join(noun.lower().replace("_", " ").split())
