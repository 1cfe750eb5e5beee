"""Makes the zip: ``addon/``'s modules beside the manifest, with wheels. Blender's own tool builds and checks it."""

import importlib.util
import json
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

from .wheels import Target, fetch_wheels

__all__ = ["author_command", "build", "source_files", "validate"]

ROOT = Path(__file__).resolve().parent.parent.parent
_MANIFEST = "blender_manifest.toml"
_EPOCH = (2020, 1, 1, 0, 0, 0)
_LEFT_OUT = {"__pycache__", "__main__.py"}
"""``python -m addon`` is for the bpy module; inside Blender there is ``blender -c``."""


def author_command(blender: Path | None) -> list[str]:
    """What builds and validates extensions: that Blender, or without one the copy in the bpy module.

    Leaves with a sentence where there is neither.
    """
    if blender is not None:
        return [str(blender), "-b", "--factory-startup", "-c", "extension"]
    spec = importlib.util.find_spec("bpy")
    if spec is not None and spec.origin is not None:
        found = sorted(Path(spec.origin).parent.glob("*/scripts/addons_core/bl_pkg/cli/blender_ext.py"))
        if found:
            return [sys.executable, str(found[-1])]
    sys.exit("Building needs a Blender (--blender PROGRAM) or the bpy module (make test installs it).")


def source_files() -> list[tuple[str, Path]]:
    """What goes into the zip beside wheels: (name in it, file), in order."""
    addon = ROOT / "addon"
    files = [path for path in addon.rglob("*") if path.is_file() and not _LEFT_OUT & set(path.relative_to(addon).parts)]
    return sorted((path.relative_to(addon).as_posix(), path) for path in files)


def build(targets: Iterable[Target], out: Path, author: list[str]) -> Path:
    """Build one zip for targets of one platform, and validate it. The same sources give the same bytes.

    Returns its path in ``out``; leaves with the tool's own words where it refuses.
    """
    targets = list(targets)
    (platform,) = {target.platform for target in targets}
    wheels = {wheel.name: wheel for target in targets for wheel in fetch_wheels(ROOT, target)}
    out.mkdir(parents=True, exist_ok=True)
    # Beside the result: a Blender in a container sees the checkout, and perhaps nothing else.
    with tempfile.TemporaryDirectory(prefix=".build-", dir=out) as scratch:
        staged, built = Path(scratch) / "scenekeeper", Path(scratch) / "built.zip"
        _stage(staged, platform, [wheels[name] for name in sorted(wheels)])
        _run([*author, "build", "--source-dir", str(staged), "--output-filepath", str(built)])
        result = out / f"scenekeeper-{_version()}-{platform}.zip"
        packed = Path(scratch) / result.name
        _repack(built, packed)
        validate(packed, author)
        packed.replace(result)
    return result


def validate(archive: Path, author: list[str]) -> None:
    """Have Blender's own tool check a zip; leaves with its words where it finds something."""
    _run([*author, "validate", str(archive)])


def _version() -> str:
    found = re.search(r'^version = "([^"]+)"$', (ROOT / _MANIFEST).read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None
    return found[1]


def _stage(folder: Path, platform: str, wheels: list[Path]) -> None:
    for name, path in source_files():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    (folder / "wheels").mkdir()
    for wheel in wheels:
        shutil.copyfile(wheel, folder / "wheels" / wheel.name)
    manifest = (ROOT / _MANIFEST).read_text(encoding="utf-8")
    listed = json.dumps([f"./wheels/{wheel.name}" for wheel in wheels], indent=2)
    head, table, permissions = manifest.partition("[permissions]")
    added = f"platforms = {json.dumps([platform])}\n\nwheels = {listed}\n\n"
    (folder / _MANIFEST).write_text(head + added + table + permissions, encoding="utf-8")


def _repack(source: Path, target: Path) -> None:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in sorted(old.namelist()):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.external_attr = 0o644 << 16
            # Wheels are zips already.
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".whl") else zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name), compresslevel=9)


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        said = f"{done.stdout}\n{done.stderr}".strip()
        sys.exit(f"{said}\nBlender's extension tool refused: {(said.splitlines() or ['it said nothing'])[-1]}")
