"""The .blend in memory: empty it, open and save it. Main thread, background processes only for reset and open."""

import errno
from pathlib import Path
from typing import Any

import bpy

from ..models.errors import StageFailed

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

    Raises ``OSError`` when the disk is full or read-only, ``StageFailed`` for anything else.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    images: Any = bpy.data.images
    if any(image.source == "FILE" and not image.packed_file for image in images):
        bpy.ops.file.pack_all()
    try:
        bpy.ops.wm.save_as_mainfile(filepath=str(path), copy=True, compress=False, relative_remap=False)
    except RuntimeError as error:
        raise _save_error(path, str(error)) from error
    if not path.is_file():
        raise StageFailed("Blender did not write the scene file.", "blend_not_written")


def _save_error(path: Path, text: str) -> Exception:
    """What Blender says in words, as the error number that it was."""
    lower = text.lower()
    for number, words in (
        (errno.ENOSPC, ("no space", "disk full", "not enough space")),
        (errno.EROFS, ("read-only", "read only")),
        (errno.EACCES, ("permission", "not writable", "cannot open file")),
        (errno.EDQUOT, ("quota",)),
    ):
        if any(word in lower for word in words):
            return OSError(number, "The scene file could not be written", path.name)
    return StageFailed("Blender could not write the scene file.", "blend_not_written")
