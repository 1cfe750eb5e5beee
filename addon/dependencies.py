"""Whether the packages are there that the extension bundles. Standard library only, so that asking is cheap.

Blender installs only the highest version of each wheel over all extensions, and an add-on of the old kind may bring
a lower one: what is imported need not be what was bundled.
"""

import functools
import importlib.metadata
import importlib.util
import re
import sys

__all__ = ["NEEDED", "find_problems"]

Version = tuple[int, ...]

NEEDED: dict[str, tuple[Version, Version | None]] = {
    "aiohttp": ((3, 12), (4,)),
    "pydantic": ((2, 11), (3,)),
    "pydantic-settings": ((2, 9), (3,)),
    "filelock": ((3, 18), None),
    "lark": ((1, 2), (2,)),
    "webcolors": ((24, 11), None),
    **({"backports.zstd": ((1, 0), None)} if sys.version_info < (3, 14) else {}),
}
"""Lowest version that does, and the first that does not; as in ``pyproject.toml``."""


@functools.cache
def find_problems() -> tuple[str, ...]:
    """A sentence for each package that is missing or of another version than this add-on was made for."""
    problems = [problem for name in NEEDED if (problem := _problem(name))]
    if importlib.util.find_spec("numpy") is None:
        problems.append("This Blender comes without numpy. Install your system's numpy package for its Python.")
    return tuple(problems)


def _problem(name: str) -> str | None:
    low, high = NEEDED[name]
    try:
        text = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return f"{name} is missing. Install Scenekeeper as an extension: it brings what it needs."
    found = tuple(int(number) for number in re.findall(r"\d+", text)[:3])
    if found < low:
        return f"Another add-on brings {name} {text}; {_text(low)} or later is needed. Update or disable that add-on."
    if high is not None and found >= high:
        return f"Another add-on brings {name} {text}, which is too new: a version before {_text(high)} is needed."
    return None


def _text(version: Version) -> str:
    return ".".join(map(str, version))
