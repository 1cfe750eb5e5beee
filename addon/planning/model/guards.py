"""What may not be in any answer, whatever field it is in: endless texts, addresses, paths, numbers out of reach.

Pure; any thread.
"""

import re
from collections.abc import Iterator
from typing import Any

__all__ = ["find_dangers"]

_MAX_TEXT = 300
_MAX_OUTLINE = 4000
_MAX_NUMBER = 10_000.0
_MAX_VALUES = 40_000
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://|\bwww\.|\b(?:data:\w+/|javascript:|file:|mailto:)", re.IGNORECASE)
_PATH = re.compile(r"(?:^|\s)/[\w.-]+/|[a-z]:\\|\\\\|\.\.[/\\]|(?:^|\s)~/", re.IGNORECASE)
_OUTLINE = re.compile(r"[MmLlHhVvCcSsQqTtZz0-9eE+\-.,\s]*")

_REPLACED = frozenset({("prompt",), ("seed",), ("planner",)})
"""What is in these fields is never used."""

Step = str | int


def find_dangers(data: dict[str, Any], prompt: str) -> list[str]:
    """Sentences about everything in ``data`` that is not allowed anywhere. Letters that the prompt has are."""
    found: list[str] = []
    for number, (where, value) in enumerate(_values(data)):
        if number >= _MAX_VALUES:
            return [*found, f"the answer has more than {_MAX_VALUES} values"]
        problem = _problem(where, value, prompt)
        if problem:
            found.append(f"{_name(where)}: {problem}")
    return found


def _values(data: Any) -> Iterator[tuple[tuple[Step, ...], Any]]:
    """Every key, text and number, in order; without recursion, since the depth is the answer's choice."""
    waiting: list[tuple[tuple[Step, ...], Any]] = [((), data)]
    while waiting:
        where, value = waiting.pop()
        if isinstance(value, dict):
            for key, inner in reversed(value.items()):
                waiting.append(((*where, key), inner))
            yield from ((where, key) for key in value)
        elif isinstance(value, list):
            waiting.extend(((*where, number), inner) for number, inner in reversed(list(enumerate(value))))
        else:
            yield where, value


def _problem(where: tuple[Step, ...], value: Any, prompt: str) -> str | None:
    if where in _REPLACED:
        return None
    if isinstance(value, int | float):
        # Not-a-number lies between nothing.
        return None if abs(value) <= _MAX_NUMBER else f"numbers must lie between ±{_MAX_NUMBER:g}"
    if not isinstance(value, str):
        return None
    if len(where) == 5 and where[0] == "recipes" and where[-1] == "path":
        is_outline = len(value) <= _MAX_OUTLINE and _OUTLINE.fullmatch(value)
        return None if is_outline else "an SVG path of M L H V C S Q T Z and numbers is expected"
    return _text_problem(value, prompt if len(where) == 3 and where[0] == "texts" and where[-1] == "text" else None)


def _text_problem(text: str, prompt: str | None) -> str | None:
    """``prompt``: where the text is solid letters, which may be whatever the prompt says, on several lines."""
    is_lettering = prompt is not None
    if len(text) > _MAX_TEXT:
        return f"at most {_MAX_TEXT} characters are allowed"
    if not all(letter.isprintable() or (letter == "\n" and is_lettering) for letter in text):
        return "control characters are not allowed"
    is_quoted = prompt is not None and text.lower() in prompt.lower()
    if not is_quoted and (_ADDRESS.search(text) or _PATH.search(text)):
        return "addresses and file paths are not allowed"
    return None


def _name(where: tuple[Step, ...]) -> str:
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step[:60]}" for step in where)
    return text.lstrip(".") or "answer"
