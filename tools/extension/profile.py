"""Puts the extension into a private profile of one Blender, and proves that it runs there. Blocking."""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from .packing import ROOT, author_command, build, source_files
from .wheels import Target

__all__ = ["install_into_profile"]

_STAMP = "scenekeeper-extension.json"
_INSTALLED = Path("extensions", "user_default", "scenekeeper", "blender_manifest.toml")
_INPUTS = ("blender_manifest.toml", "pyproject.toml", "requirements/run.txt", "requirements/numpy.txt")
_MARK = "SCENEKEEPER-TARGET "
_QUESTION = f"""
import importlib.util, json, platform, sys
numpy = importlib.util.find_spec("numpy") is not None
print({_MARK!r} + json.dumps([*sys.version_info[:2], sys.platform, platform.machine().lower(), numpy]))
"""
_SYSTEMS = {"linux": "linux", "win32": "windows", "darwin": "macos"}
_MACHINES = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}


def install_into_profile(blender: Path, profile: Path) -> bool:
    """Build for that Blender, install into ``profile`` (its BLENDER_USER_RESOURCES), enable, and try it.

    Returns False where the same build for the same program was there already. Leaves with a sentence where
    something cannot be done.
    """
    profile = profile.absolute()
    stamp, content = profile / _STAMP, _fingerprint(blender)
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == content and (profile / _INSTALLED).is_file():
        return False
    profile.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix=".install-", dir=profile) as scratch:
        # In an empty profile: what an earlier build brought here does not count as Blender's own.
        target = _ask_target(blender, Path(scratch))
        archive = build([target], Path(scratch), author_command(blender))
        install = ["-c", "extension", "install-file", "--repo", "user_default", "--enable", str(archive)]
        _run(blender, profile, install, "install the extension")
    _run(blender, profile, ["-Y", "-c", "scenekeeper", "--help"], "run the extension")
    stamp.write_text(content, encoding="utf-8")
    return True


def _fingerprint(blender: Path) -> str:
    """Changes with the program and with everything that goes into the zip."""
    digest = hashlib.sha256()
    inputs = [(name, ROOT / name) for name in _INPUTS]
    for name, path in [*inputs, *source_files()]:
        digest.update(f"{name}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    about = blender.stat()
    program = [str(blender), about.st_size, about.st_mtime_ns]
    return json.dumps({"program": program, "content": digest.hexdigest()})


def _ask_target(blender: Path, profile: Path) -> Target:
    said = _run(blender, profile, ["--factory-startup", "--python-expr", _QUESTION], "say which Python it has")
    for line in said.splitlines():
        if line.startswith(_MARK):
            major, minor, system, machine, numpy = json.loads(line.removeprefix(_MARK))
            name = f"{_SYSTEMS.get(system, system)}-{_MACHINES.get(machine, machine)}"
            return Target((major, minor), name, lacks_numpy=not numpy)
    sys.exit(f"{blender} does not say which Python it has.")


def _run(blender: Path, profile: Path, arguments: list[str], purpose: str) -> str:
    done = subprocess.run(
        [str(blender), "-b", *arguments],
        env=os.environ | {"BLENDER_USER_RESOURCES": str(profile)},
        capture_output=True,
        text=True,
        errors="replace",
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode != 0:
        said = f"{done.stdout}\n{done.stderr}".strip()
        # The last line is what the bridge shows.
        sys.exit(f"{said}\n{blender} could not {purpose}: {(said.splitlines() or ['it said nothing'])[-1]}")
    return done.stdout
