"""Which assets there are: every .blend of the asset folders is read once, and again when it has changed.

Main thread of a background Blender: what is measured is appended to the file in memory and removed again.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import bpy
from pydantic import ValidationError

from ...models.assets import Asset, AssetShelf
from .take import appended, shape_of, stamp_of

__all__ = ["asset_folders", "find_assets"]

log = logging.getLogger("scenekeeper.assets")

_LIBRARIES_MAX, _ASSETS_MAX = 500, 5_000
_PATIENCE_S = 20.0
"""How long a start may take for reading; what is left over is read at the next one."""


def asset_folders(told: Sequence[Path]) -> tuple[Path, ...]:
    """The folders that the settings name, then those of this Blender's preferences. The module has no user's own."""
    for folder in told:
        if not folder.expanduser().is_dir():
            log.warning("asset libraries: there is no folder %s", folder)
    folders = list(told)
    # Only a program has one; bpy.app.module is not there before 5.0.
    if bpy.app.binary_path:
        preferences: Any = bpy.context.preferences
        folders += [Path(library.path) for library in preferences.filepaths.asset_libraries if library.path]
    found = (folder.expanduser().absolute() for folder in folders)
    return tuple(dict.fromkeys(folder for folder in found if folder.is_dir()))


def find_assets(folders: Sequence[Path], shelf: Path) -> list[Asset]:
    """Every asset in the folders. ``shelf`` is a file that keeps what was read; it may be deleted at any time."""
    known = _read(shelf)
    found: dict[str, list[Asset]] = {}
    until = time.monotonic() + _PATIENCE_S
    total = 0
    for path, name in _libraries(folders):
        key = f"{name} {stamp_of(path)}"
        assets = known.libraries.get(key)
        if assets is None:
            if time.monotonic() > until:
                log.warning("asset libraries: %s and what follows is read at the next start", name)
                break
            assets = _assets_in(path, name)
        found[key] = assets
        total += len(assets)
        if total > _ASSETS_MAX:
            log.warning("asset libraries: only the first %d assets are used", _ASSETS_MAX)
            break
    if found != known.libraries:
        _write(shelf, AssetShelf(libraries=found))
    return [asset for assets in found.values() for asset in assets]


def _libraries(folders: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    seen: set[str] = set()
    for folder in folders:
        for path in sorted(folder.rglob("*.blend"))[:_LIBRARIES_MAX]:
            name = path.relative_to(folder).as_posix()
            # A library of the same name in an earlier folder goes before this one.
            if name not in seen and not path.is_symlink() and path.is_file():
                seen.add(name)
                yield path, name


def _assets_in(path: Path, name: str) -> list[Asset]:
    """What a library has; nothing where Blender cannot read it."""
    assets = []
    try:
        libraries: Any = bpy.data.libraries
        with libraries.load(str(path), link=False, assets_only=True) as (there, _):
            wanted = [(one, True) for one in there.collections] + [(one, False) for one in there.objects]
        for one, is_collection in sorted(wanted):
            with appended(path, one, is_collection=is_collection) as block:
                tags = [tag.name for tag in block.asset_data.tags] if block.asset_data else []
                size = shape_of(block)
            if size is not None:
                assets.append(
                    Asset(
                        name=one, library=name, stamp=stamp_of(path), is_collection=is_collection, tags=tags, size=size
                    )
                )
    except (OSError, RuntimeError) as error:
        log.warning("asset libraries: %s cannot be read (%s)", name, type(error).__name__)
    return assets


def _read(shelf: Path) -> AssetShelf:
    try:
        return AssetShelf.model_validate_json(shelf.read_bytes())
    except (OSError, ValidationError):
        return AssetShelf()


def _write(shelf: Path, content: AssetShelf) -> None:
    beside = shelf.with_name(f"{shelf.name}.part")
    try:
        beside.write_text(content.model_dump_json(), encoding="utf-8")
        beside.replace(shelf)
    except OSError as error:
        log.warning("asset libraries: what was found could not be kept (%s)", error.strerror)
