"""The catalogue: finds recipes by name or noun, validates each when it is first asked for. No bpy, any thread.

Loading reads names and synonyms only, so that hundreds of files cost little at start; a user's folders are read
after the built-in one and go before it.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ..models.errors import ScenekeeperError
from ..models.recipe import Recipe
from .inherit import inherited

__all__ = ["BUILT_IN", "Catalogue", "RecipeInvalid", "UnknownRecipe", "load_catalogue"]

BUILT_IN = Path(__file__).parent / "recipes"
_MAX_BYTES = 400_000
_MAX_BASES = 5
_HEADER = re.compile(r'^(name|synonyms)[ \t]*=[ \t]*("[^"\n]*"|\[[^\]]*\])', re.MULTILINE)


class RecipeInvalid(ScenekeeperError):
    """A recipe's file cannot be read, or says what the language does not allow. The message names file and field."""

    code = "recipe_invalid"


class UnknownRecipe(ScenekeeperError, KeyError):
    """The catalogue has no recipe of this name."""

    code = "unknown_recipe"

    def __str__(self) -> str:
        # KeyError would show the sentence in quotes.
        return str(self.args[0])


class Catalogue:
    """Recipes by name and noun. Safe to share: all it changes after loading is its cache of validated recipes."""

    def __init__(self, files: dict[str, Path], nouns: dict[str, str]) -> None:
        self._files = files
        self._nouns = nouns
        self._recipes: dict[str, Recipe] = {}

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
            self._recipes[name] = read_recipe(self._files[name], self._files)
        return self._recipes[name]

    def find(self, noun: str) -> Recipe | None:
        """The recipe for a noun (name or synonym, singular, any case); None where there is none."""
        name = self._nouns.get(_key(noun))
        return None if name is None else self.get(name)


def load_catalogue(*extra_folders: Path) -> Catalogue:
    """The built-in recipes and those of ``extra_folders`` (searched recursively); later folders go before earlier.

    Raises ``RecipeInvalid`` where a file has no readable name; everything else is checked by ``Catalogue.get``.
    """
    files: dict[str, Path] = {}
    synonyms: dict[str, list[str]] = {}
    for folder in (BUILT_IN, *extra_folders):
        for path in sorted(folder.rglob("*.toml")):
            name, words = _header(path)
            files[name] = path
            synonyms[name] = words
    nouns: dict[str, str] = {}
    for name, words in synonyms.items():
        for word in words:
            nouns[_key(word)] = name
    # A thing's own name goes before another thing's synonym.
    nouns.update({_key(name): name for name in files})
    return Catalogue(files, nouns)


def read_recipe(path: Path, files: Mapping[str, Path]) -> Recipe:
    """The validated recipe in a file; ``RecipeInvalid`` names the file, every wrong field and what is allowed.

    ``files`` has the recipes by name that it may name as its base.
    """
    data = _whole(path, files, _MAX_BASES)
    try:
        return Recipe.model_validate(data)
    except ValidationError as error:
        raise RecipeInvalid(f"{_label(path)}: {'; '.join(_sentences(error, data))}") from None


def _whole(path: Path, files: Mapping[str, Path], bases: int) -> dict[str, Any]:
    """What a file says, with what it takes from its base."""
    data = _parse(path, _text(path))
    if "base" not in data:
        return data
    base = files.get(str(data["base"]))
    if base is None or base == path or bases == 0:
        near = get_close_matches(str(data["base"]), files, n=3)
        hint = f" Near: {', '.join(near)}." if near else ""
        problem = "is based on itself, or on too many others" if base else f"there is no recipe of this name.{hint}"
        raise RecipeInvalid(f"{_label(path)}: base {data['base']!r}: {problem}")
    try:
        return inherited(_whole(base, files, bases - 1), data)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RecipeInvalid(f"{_label(path)}: {error}") from None


def _header(path: Path) -> tuple[str, list[str]]:
    text = _text(path)
    # Parsing every file whole would cost a tenth of a second at start; name and synonyms stand at the top.
    head = text.split("\n[", 1)[0]
    try:
        data = tomllib.loads("\n".join(match.group(0) for match in _HEADER.finditer(head)))
    except tomllib.TOMLDecodeError:
        data = _parse(path, text)
    name, synonyms = data.get("name"), data.get("synonyms", [])
    if not isinstance(name, str) or not isinstance(synonyms, list):
        raise RecipeInvalid(f"{_label(path)}: name: a text is required, before the first table")
    return name, [str(word) for word in synonyms]


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise RecipeInvalid(f"{_label(path)}: a recipe has at most {_MAX_BYTES} bytes")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RecipeInvalid(f"{_label(path)}: cannot be read ({type(error).__name__})") from None


def _parse(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RecipeInvalid(f"{_label(path)}: not valid TOML: {error}") from None


def _label(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _sentences(error: ValidationError, data: dict[str, Any]) -> Iterable[str]:
    for item in error.errors(include_url=False, include_context=False):
        yield f"{_field(item['loc'], data)}: {item['msg'].removeprefix('Value error, ')}"


def _field(location: tuple[int | str, ...], data: dict[str, Any]) -> str:
    """``parts[3] 'seat'.size[0]``: as a person finds it in the file."""
    text = ""
    for step in location:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    if len(location) > 1 and location[0] == "parts" and isinstance(location[1], int):
        part = data["parts"][location[1]]
        if isinstance(part, dict) and "name" in part:
            text = text.replace(f"[{location[1]}]", f"[{location[1]}] {part['name']!r}", 1)
    return text.lstrip(".") or "recipe"


def _key(noun: str) -> str:
    return " ".join(noun.lower().replace("_", " ").split())
