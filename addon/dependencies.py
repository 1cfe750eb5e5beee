"""Whether the packages are there that the extension bundles. Standard library only, so that asking is cheap.

Blender installs only the highest version of each wheel over all extensions, and an add-on of the old kind may bring
a lower one: what is imported need not be what was bundled.
"""

import functools
import importlib.machinery
import importlib.metadata
import importlib.util
import re
import sys
from pathlib import Path

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


_REQUIREMENT = re.compile(r"(?P<name>[A-Za-z0-9._-]+)")
_RESTART = "Restart Blender once; if this stays, update or disable the add-on that brings it."

_SHARED = ("typing_extensions", "aiohttp", "pydantic", "pydantic_core", "lark")
"""Modules that Blender or another add-on may have loaded before this extension's wheels were there."""


@functools.cache
def find_problems() -> tuple[str, ...]:
    """A sentence for each package that is missing or of another version than this add-on was made for."""
    problems = [problem for name in NEEDED if (problem := _problem(name))]
    if not problems:
        problems = list(_unmet(list(NEEDED)).values())
    if importlib.util.find_spec("numpy") is None:
        problems.append("This Blender comes without numpy. Install your system's numpy package for its Python.")
    stale = [name for name in _SHARED if _loaded_from_elsewhere(name)]
    if stale:
        problems.append(
            f"Restart Blender once: it had loaded another {stale[0]} before this extension brought its own."
        )
    return tuple(problems)


def _problem(name: str) -> str | None:
    low, high = NEEDED[name]
    try:
        text = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return f"{name} is missing. Install Scenekeeper as an extension: it brings what it needs."
    found = _numbers(text)
    if found < low:
        return f"Another add-on brings {name} {text}; {_text(low)} or later is needed. Update or disable that add-on."
    if high is not None and found >= high:
        return f"Another add-on brings {name} {text}, which is too new: a version before {_text(high)} is needed."
    return None


def _unmet(names: list[str]) -> dict[str, str]:
    """What the packages want of those beneath them and do not have, as their own metadata says."""
    seen, unmet = set(names), {}
    for name in names:  # grows
        for line in importlib.metadata.requires(name) or ():
            wanted = _REQUIREMENT.match(line)
            if wanted is None or ";" in line:  # for another system or Python, or an extra
                continue
            beneath = re.sub(r"[-_.]+", "-", wanted["name"]).lower()
            try:
                found = importlib.metadata.version(beneath)
            except importlib.metadata.PackageNotFoundError:
                unmet[beneath] = f"{name} needs {beneath}, which is missing. {_RESTART}"
                continue
            if any(_numbers(found) < _numbers(low) for low in re.findall(r"(?:>=|==)\s*([\d.]+)", line)):
                unmet[beneath] = f"{name} needs a later {beneath} than {found}, which Blender finds first. {_RESTART}"
            if beneath not in seen:
                seen.add(beneath)
                names.append(beneath)
    return unmet


def _loaded_from_elsewhere(module: str) -> bool:
    """Whether a module that is loaded already is not the one that an import would find now."""
    loaded = getattr(sys.modules.get(module), "__file__", None)
    if loaded is None:
        return False
    found = importlib.machinery.PathFinder.find_spec(module)
    return found is not None and found.origin is not None and Path(found.origin).resolve() != Path(loaded).resolve()


def _numbers(text: str) -> Version:
    return tuple(int(number) for number in re.findall(r"\d+", text)[:3])


def _text(version: Version) -> str:
    return ".".join(map(str, version))
