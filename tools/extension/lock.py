"""Reads ``requirements/run.txt``: which pinned packages Blender needs, for which Python. Pure; any thread."""

import re
import tomllib
from dataclasses import dataclass

__all__ = ["Pin", "needed_in_blender", "requirements_text"]

_PIN = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;]+)(?: ; (?P<marker>[^\\\n]+?))?(?= \\\n)", re.MULTILINE
)
_HASH = re.compile(r"--hash=(sha256:[0-9a-f]{64})")
_VIA = re.compile(r"^    #(?: via)?\s+(\S+)(?: \(pyproject\.toml\))?$", re.MULTILINE)
_MARKER = re.compile(r"python_(?:full_)?version (<|>=) '(\d+)\.(\d+)'")


@dataclass(frozen=True)
class Pin:
    """One package of the lock file. ``needed_by`` are the packages that want it."""

    name: str
    version: str
    marker: str | None
    hashes: tuple[str, ...]
    needed_by: frozenset[str]

    def applies_to(self, python: tuple[int, int]) -> bool:
        """Whether that Python needs it. Raises ``ValueError`` for a marker that is about something else."""
        if self.marker is None:
            return True
        found = _MARKER.fullmatch(self.marker)
        if found is None:
            raise ValueError(f"{self.name}: the marker {self.marker!r} is not understood")
        operator, major, minor = found.groups()
        below = python < (int(major), int(minor))
        return below if operator == "<" else not below


def _pins(lock: str) -> dict[str, Pin]:
    starts = list(_PIN.finditer(lock))
    ends = [found.start() for found in starts[1:]] + [len(lock)]
    pins = {}
    for found, end in zip(starts, ends, strict=True):
        body = lock[found.end() : end]
        pins[found["name"]] = Pin(
            found["name"],
            found["version"],
            found["marker"],
            tuple(_HASH.findall(body)),
            frozenset(_VIA.findall(body)),
        )
    return pins


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def needed_in_blender(pyproject: str, lock: str) -> list[Pin]:
    """The pins of ``[project] dependencies`` and of all that these need; not those that only the bridge wants.

    Raises ``KeyError`` where the lock file lacks a dependency.
    """
    pins = _pins(lock)
    wanted = [_plain(re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0]) for line in _dependencies(pyproject)]
    reached = {name: pins[name] for name in wanted}
    while more := {name: pin for name, pin in pins.items() if name not in reached and pin.needed_by & reached.keys()}:
        reached |= more
    return [reached[name] for name in sorted(reached)]


def _dependencies(pyproject: str) -> list[str]:
    project: dict[str, list[str]] = tomllib.loads(pyproject)["project"]
    return project["dependencies"]


def requirements_text(pins: list[Pin], python: tuple[int, int]) -> str:
    """The lines for pip, with hashes and without markers, which pip would judge by its own Python."""
    lines = []
    for pin in pins:
        if pin.applies_to(python):
            lines.append(" \\\n    ".join([f"{pin.name}=={pin.version}", *(f"--hash={value}" for value in pin.hashes)]))
    return "\n".join(lines) + "\n"
