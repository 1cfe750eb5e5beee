"""Finds a Blender to run the worker in: the program that is named, one on PATH, or the bpy module.

Blocking; any thread. Nothing here imports bpy: the module is looked for, not loaded.
"""

import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from addon.models import errors
from addon.models.errors import ScenekeeperError

__all__ = ["CODE_ROOT", "MINIMUM", "BlenderFound", "Kind", "NoBlender", "find_blender", "program_version"]

MINIMUM = (4, 2)
CODE_ROOT = Path(errors.__file__).resolve().parents[2]
"""The folder that holds ``addon``: the checkout, or where it is installed."""

_MODULE = "bpy"
_VERSION_TIMEOUT_S = 60.0
_ADVICE = (
    "Install Blender 4.2 or later and name it in BLENDER or put it on PATH, "
    "or install the bpy module (make serve does it where Python 3.11 runs)."
)


class NoBlender(ScenekeeperError):
    """There is no Blender that could be run; the message says what to do."""

    code = "no_blender"


class Kind(StrEnum):
    """A program of its own, or the module in this Python."""

    PROGRAM = "program"
    MODULE = "module"


@dataclass(frozen=True)
class BlenderFound:
    """A Blender that can be started. ``program`` is None for the module."""

    kind: Kind
    version: str
    program: Path | None = None

    def command(self, *, online: bool) -> list[str]:
        """The worker's command line; everything else reaches it through the environment.

        ``online``: it may reach other machines, which a new profile's preferences do not let it.
        """
        if self.program is None:
            # -P: a folder called addon where the bridge happens to be started must not be taken for ours.
            return [sys.executable, "-P", "-u", "-m", "addon", "serve"]
        access = "--online-mode" if online else "--offline-mode"
        return [str(self.program), "-b", "-Y", access, "-c", "scenekeeper", "serve"]

    def environment(self, profile: Path) -> dict[str, str]:
        """Variables that this kind needs. ``profile``: the private Blender profile that holds the extension."""
        if self.program is not None:
            return {"BLENDER_USER_RESOURCES": str(profile)}
        inherited = os.environ.get("PYTHONPATH")
        return {"PYTHONPATH": str(CODE_ROOT) + (os.pathsep + inherited if inherited else "")}


def program_version(program: Path) -> tuple[int, ...]:
    """The version that ``program --version`` prints. Raises ``NoBlender`` when it is no Blender or does not answer."""
    try:
        answer = subprocess.run(
            [program, "--version"],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_VERSION_TIMEOUT_S,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except OSError as error:
        raise NoBlender(f"{program} cannot be run: {error.strerror}. {_ADVICE}") from error
    except subprocess.TimeoutExpired as error:
        raise NoBlender(f"{program} --version did not answer. {_ADVICE}") from error
    found = re.search(r"^Blender (\d+)\.(\d+)(?:\.(\d+))?", answer.stdout, re.MULTILINE)
    if found is None:
        raise NoBlender(f"{program} is not a Blender: --version does not say so. {_ADVICE}")
    return tuple(int(part) for part in found.groups() if part is not None)


def _program(path: Path) -> BlenderFound:
    version = program_version(path)
    text = ".".join(map(str, version))
    if version[:2] < MINIMUM:
        raise NoBlender(f"{path} is Blender {text}, which is too old. {_ADVICE}")
    return BlenderFound(Kind.PROGRAM, text, path)


def _module() -> BlenderFound | None:
    if importlib.util.find_spec(_MODULE) is None:
        return None
    try:
        return BlenderFound(Kind.MODULE, importlib.metadata.version(_MODULE))
    except importlib.metadata.PackageNotFoundError:
        return None  # stubs only


def find_blender(setting: str) -> BlenderFound:
    """The Blender that ``setting`` (the variable BLENDER) asks for, or the best there is. Raises ``NoBlender``."""
    if setting == _MODULE:
        found = _module()
        if found is None:
            raise NoBlender(f"BLENDER asks for the bpy module, which is not installed. {_ADVICE}")
        return found
    if setting:
        named = shutil.which(Path(setting).expanduser())
        if named is None:
            raise NoBlender(f"BLENDER names {setting}, which is not a program here. {_ADVICE}")
        # Not resolved: what a link is called can matter to what it leads to (snap).
        return _program(Path(named).absolute())
    return _any()


def _any() -> BlenderFound:
    on_path = shutil.which("blender")
    refusal: NoBlender | None = None
    if on_path is not None:
        try:
            return _program(Path(on_path))
        except NoBlender as error:
            refusal = error
    found = _module()
    if found is not None:
        return found
    raise refusal or NoBlender(f"There is no Blender here. {_ADVICE}")
