"""The .blend in memory: empty it, open and save it. Main thread, background processes only for reset and open."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import bpy

from ..models.errors import StageFailed
from .disk import writing_error

__all__ = ["open_file", "reset_file", "save_file"]


def reset_file() -> None:
    """An empty file with one empty scene; settings of the user's preferences stay."""
    if not bpy.app.background:
        raise StageFailed("The file in a Blender window is the artist's and is never emptied.", "not_background")
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)


def open_file(path: Path) -> None:
    """Open a .blend without its interface and without running any script in it."""
    if not bpy.app.background:
        raise StageFailed("A checkpoint is opened in a background Blender only.", "not_background")
    try:
        bpy.ops.wm.open_mainfile(filepath=str(path), load_ui=False, use_scripts=False)
    except RuntimeError as error:
        raise StageFailed("The scene file could not be opened.", "blend_unreadable") from error


def save_file(path: Path) -> None:
    """Write the file in memory to ``path``, self-contained. The file keeps its own name in memory.

    Raises ``OSError`` when the disk is full or refuses, ``StageFailed`` for anything else.
    """
    images: Any = bpy.data.images
    if any(image.source == "FILE" and not image.packed_file for image in images):
        bpy.ops.file.pack_all()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _no_backups():
            bpy.ops.wm.save_as_mainfile(filepath=str(path), copy=True, compress=False, relative_remap=False)
    except RuntimeError as error:
        raise writing_error(path) or StageFailed(
            "Blender could not write the scene file.", "blend_not_written"
        ) from error
    if not path.is_file():
        raise writing_error(path) or StageFailed("Blender did not write the scene file.", "blend_not_written")


@contextmanager
def _no_backups() -> Iterator[None]:
    """No ``.blend1`` beside a checkpoint that is written again; the user's preference is put back."""
    context: Any = bpy.context
    filepaths = context.preferences.filepaths
    before = filepaths.save_version
    filepaths.save_version = 0
    try:
        yield
    finally:
        filepaths.save_version = before
