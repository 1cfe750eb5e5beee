"""Folders of one's own recipes: what is wrong in them costs that file, never the rest. No bpy, any thread."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..models.recipe import Recipe
from .reading import RecipeInvalid, label, read_header, read_recipe

__all__ = ["MAX_FILES", "Own", "read_own"]

MAX_FILES = 2000
_MAX_FOLDERS = 2000
_ADVICE = "It is left out until that is mended."


@dataclass(frozen=True)
class Own:
    """The valid recipes of a folder with their files, and a sentence about each file that is left out."""

    recipes: tuple[tuple[Recipe, Path], ...]
    problems: tuple[str, ...]


def read_own(folder: Path, known: Mapping[str, Path]) -> Own:
    """Read every recipe in a folder and below. ``known``: recipes that they may begin as, by name."""
    problems: list[str] = []
    if not folder.is_dir():
        return Own((), (f"The folder of recipes {folder.name!r} is not there, so none of its recipes is known.",))
    files: dict[str, Path] = {}
    for path in _files(folder, problems):
        try:
            name, _ = read_header(path)
        except RecipeInvalid as error:
            problems.append(f"Recipe {error}. {_ADVICE}")
            continue
        if name in files:
            problems.append(
                f"Recipe {label(path)}: the name {name!r} is taken by {label(files[name])}. Give it another one."
            )
            continue
        files[name] = path
    recipes = []
    for path in files.values():
        try:
            recipes.append((read_recipe(path, {**known, **files}), path))
        except RecipeInvalid as error:
            problems.append(f"Recipe {error}. {_ADVICE}")
    return Own(tuple(recipes), tuple(problems))


def _files(folder: Path, problems: list[str]) -> Iterator[Path]:
    """The .toml files, in order; links to folders are not followed, so there is always an end."""
    count = 0
    for visited, (place, below, names) in enumerate(os.walk(folder, onerror=lambda error: _unread(error, problems))):
        below.sort()
        for name in sorted(name for name in names if name.endswith(".toml")):
            count += 1
            if count <= MAX_FILES:
                yield Path(place, name)
        if count > MAX_FILES or visited >= _MAX_FOLDERS:
            problems.append(
                f"{folder.name!r} has more than {MAX_FILES} recipes or folders; those after them are left out."
            )
            return


def _unread(error: OSError, problems: list[str]) -> None:
    problems.append(
        f"The folder {Path(str(error.filename)).name!r} cannot be read ({error.strerror}), so its recipes are left out."
    )
