"""One asset out of its library: appended, never linked, as it looks with its modifiers. Main thread.

Nothing of it can run: what is appended becomes plain meshes, and drivers are removed from all that comes with them.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import bpy

from ...models.sources import Source
from ..context import current_scene
from ..sources.imported import bounds_of, fitted_meshes, meshes_of, only_new
from ..things import Shaped

__all__ = ["AssetGone", "appended", "appended_asset", "shape_of", "stamp_of"]

_LOOKS = ("materials", "node_groups", "images", "textures", "worlds")


class AssetGone(Exception):
    """The library is not there, has changed, or cannot be read. The message is for people."""


def stamp_of(path: Path) -> str:
    """Another one when the file has changed."""
    status = path.stat()
    return f"{status.st_mtime_ns:x}-{status.st_size:x}"


def appended_asset(
    source: Source, folders: Sequence[Path], size: tuple[float, float, float], name: str
) -> list[Shaped]:
    """The asset's meshes with their materials, as a thing of ``size`` stands. Raises ``AssetGone``."""
    path = next((folder / source.file for folder in folders if (folder / source.file).is_file()), None)
    if path is None:
        raise AssetGone(f"the library {source.file} is not there any more")
    try:
        if stamp_of(path) != source.stamp:
            raise AssetGone(f"the library {source.file} has changed since it was read; start Blender again")
        with appended(path, source.name, is_collection=source.is_collection) as block:
            shaped = fitted_meshes(_objects(block), size, name)
            _pack_pictures()
    except (OSError, RuntimeError) as error:
        raise AssetGone(f"the library {source.file} cannot be read") from error
    if not shaped:
        raise AssetGone(f"{source.name} in {source.file} shows nothing")
    # What has materials keeps them: the artist chose this look.
    return [Shaped(one.name, one.mesh, one.origin, None if len(one.mesh.materials) else "body") for one in shaped]


@contextmanager
def appended(path: Path, name: str, *, is_collection: bool) -> Iterator[Any]:
    """The object or collection in the current scene, while the block runs. Raises ``OSError``, ``RuntimeError``."""
    data: Any = bpy.data
    looks = {kind: set(getattr(data, kind)) for kind in _LOOKS}
    with only_new():
        with data.libraries.load(str(path), link=False, assets_only=True) as (there, here):
            kind = "collections" if is_collection else "objects"
            if name not in getattr(there, kind):
                raise OSError(f"no {name}")
            setattr(here, kind, [name])
        (block,) = getattr(here, kind)
        content = current_scene().collection
        if is_collection:
            content.children.link(block)
        else:
            for thing in (block, *block.children_recursive):
                content.objects.link(thing)
        yield block
        for kind, known in looks.items():
            for one in getattr(data, kind):
                if one not in known:
                    _quieten(one)


def _quieten(block: Any) -> None:
    """No drivers or animation, and no mark that would make it an asset of this file."""
    for one in (block, getattr(block, "node_tree", None)):
        if one is not None and getattr(one, "animation_data", None) is not None:
            one.animation_data_clear()
    if block.asset_data is not None:
        block.asset_clear()


def _pack_pictures() -> None:
    images: Any = bpy.data.images
    for image in images:
        if image.source == "FILE" and image.packed_file is None:
            image.pack()
            image.filepath = f"//{Path(image.filepath).name}"


def _objects(block: Any) -> list[Any]:
    return list(block.all_objects) if isinstance(block, bpy.types.Collection) else [block, *block.children_recursive]


def shape_of(block: Any) -> tuple[float, float, float] | None:
    """Width, depth and height of what an asset shows; None where that is nothing."""
    meshes = meshes_of(_objects(block))
    if not meshes:
        return None
    low, high = bounds_of(meshes)
    bpy.data.batch_remove([mesh for _, mesh in meshes])
    x, y, z = (high - low).tolist()
    return x, y, z
