"""One recipe's file: its header, and all of it, with errors that say what to mend and in which line. Any thread."""

import json
import re
import stat
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ..models.errors import ScenekeeperError
from ..models.recipe import Recipe
from .inherit import inherited

__all__ = ["MAX_BYTES", "RecipeInvalid", "label", "read_header", "read_recipe"]

MAX_BYTES = 400_000
_MAX_BASES = 5
_HEADER = re.compile(r'^(name|synonyms)[ \t]*=[ \t]*("[^"\n]*"|\[[^\]]*\])', re.MULTILINE)
_LAST_COMMA = re.compile(r",\s*\]$")


class RecipeInvalid(ScenekeeperError):
    """A recipe's file cannot be read, or says what the language does not allow. The message names file and field."""

    code = "recipe_invalid"


def read_recipe(path: Path, files: Mapping[str, Path]) -> Recipe:
    """The validated recipe in a file; ``RecipeInvalid`` names the file, every wrong field and what is allowed.

    ``files`` has the recipes by name that it may name as its base.
    """
    data = _whole(path, files, _MAX_BASES)
    try:
        return Recipe.model_validate(data)
    except ValidationError as error:
        raise RecipeInvalid(f"{label(path)}{_line(path, error, data)}: {'; '.join(_sentences(error, data))}") from None
    except RecursionError:
        raise RecipeInvalid(f"{label(path)}: its tables are nested too deeply") from None


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
        raise RecipeInvalid(f"{label(path)}: base {data['base']!r}: {problem}")
    try:
        return inherited(_whole(base, files, bases - 1), data)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RecipeInvalid(f"{label(path)}: {error}") from None


def read_header(path: Path) -> tuple[str, list[str]]:
    text = _text(path)
    # Parsing every file whole would cost half a second at start; name and synonyms stand at the top, and are mostly
    # written as JSON writes them too, which is read many times faster.
    head = _HEADER.findall(text.split("\n[", 1)[0])
    data: dict[str, Any] = {}
    try:
        data = {key: json.loads(_LAST_COMMA.sub("]", value)) for key, value in head}
    except json.JSONDecodeError:
        with suppress(tomllib.TOMLDecodeError):
            data = tomllib.loads("\n".join(f"{key} = {value}" for key, value in head))
    if "name" not in data:
        data = _parse(path, text)
    name, synonyms = data.get("name"), data.get("synonyms", [])
    if not isinstance(name, str) or not isinstance(synonyms, list):
        raise RecipeInvalid(f"{label(path)}: name: a text is required, before the first table")
    return name, [str(word) for word in synonyms]


def _text(path: Path) -> str:
    try:
        status = path.stat()
        # Reading a pipe would wait for ever.
        if not stat.S_ISREG(status.st_mode):
            raise RecipeInvalid(f"{label(path)}: is no file")
        if status.st_size > MAX_BYTES:
            raise RecipeInvalid(f"{label(path)}: a recipe has at most {MAX_BYTES} bytes")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RecipeInvalid(f"{label(path)}: cannot be read ({_why(error)})") from None


def _why(error: OSError | UnicodeDecodeError) -> str:
    return error.strerror or "no text" if isinstance(error, OSError) else "it is not UTF-8 text"


def _parse(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        end = f"at line {len(text.splitlines())}, where the file ends"
        told = str(error).replace("at end of document", end)
        raise RecipeInvalid(f"{label(path)}: not valid TOML: {told}") from None
    except RecursionError:
        raise RecipeInvalid(f"{label(path)}: not valid TOML: nested too deeply") from None


def label(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _line(path: Path, error: ValidationError, data: dict[str, Any]) -> str:
    """``, line 12`` where the first error is, as well as text tells; nothing where it does not."""
    where = error.errors(include_url=False, include_context=False)[0]["loc"]
    lines = _text(path).splitlines()
    start = 0
    if len(where) > 1 and where[0] == "parts" and isinstance(where[1], int):
        part = data["parts"][where[1]] if isinstance(data.get("parts"), list) else None
        name = re.escape(str(part.get("name"))) if isinstance(part, dict) else None
        found = _first(lines, rf"\bname[ \t]*=[ \t]*[\"']{name}[\"']", 0)
        if found is None:
            return ""
        start = found
    for step in reversed(where):
        if (
            isinstance(step, str)
            and (found := _first(lines, rf"(^|[^\w]){re.escape(step)}[\w.]*[ \t]*[=\]]", start)) is not None
        ):
            return f", line {found + 1}"
    return f", line {start + 1}" if start else ""


def _first(lines: list[str], pattern: str, start: int) -> int | None:
    return next((number for number in range(start, len(lines)) if re.search(pattern, lines[number])), None)


def _sentences(error: ValidationError, data: dict[str, Any]) -> Iterator[str]:
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
