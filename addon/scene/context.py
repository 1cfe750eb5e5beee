"""The scene that is worked on, typed loosely once for all. Main thread.

Blender's stubs declare almost everything in the context as possibly missing; in a file of ours it never is.
"""

from typing import Any

import bpy

__all__ = ["current_scene", "refresh"]


def current_scene() -> Any:
    """The scene of this file."""
    return bpy.context.scene


def refresh() -> None:
    """Bring world matrices and evaluated data up to date after changes."""
    layer: Any = bpy.context.view_layer
    layer.update()
