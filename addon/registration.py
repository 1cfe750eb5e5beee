"""What Blender gets when the add-on is enabled, in order, and gives back in reverse. Main thread.

Nothing here or below loads what takes long: pydantic, aiohttp and the scene's modules load when they are first used.
"""

import contextlib
from typing import Any

import bpy

from . import cli_command, session_service
from .dependencies import find_problems
from .operators.generate import SCENEKEEPER_OT_generate
from .operators.sessions import SCENEKEEPER_OT_cancel, SCENEKEEPER_OT_retry
from .panels.generate import SCENEKEEPER_PT_generate
from .panels.sessions import SCENEKEEPER_PT_sessions
from .preferences import ScenekeeperPreferences, begin_when_idle, stop_beginning
from .properties import ScenekeeperDraft

__all__ = ["register", "unregister"]

_CLASSES: tuple[type, ...] = (
    ScenekeeperPreferences,
    ScenekeeperDraft,
    SCENEKEEPER_OT_generate,
    SCENEKEEPER_OT_cancel,
    SCENEKEEPER_OT_retry,
    SCENEKEEPER_PT_generate,
    SCENEKEEPER_PT_sessions,
)

_registered = contextlib.ExitStack()


def register() -> None:
    """Register everything; when a step fails, what was registered before it is given back and the error raised."""
    with contextlib.ExitStack() as undo:
        for cls in _CLASSES:
            bpy.utils.register_class(cls)
            undo.callback(bpy.utils.unregister_class, cls)
        window_manager: Any = bpy.types.WindowManager
        window_manager.scenekeeper = bpy.props.PointerProperty(type=ScenekeeperDraft)  # type: ignore[func-returns-value]
        undo.callback(_remove_draft)
        undo.callback(bpy.utils.unregister_cli_command, cli_command.register())
        for problem in find_problems():
            print(f"Scenekeeper: {problem}")  # noqa: T201 - Blender's console is where add-ons say such things
        undo.callback(session_service.stop)
        if not bpy.app.background:
            begin_when_idle()
            undo.callback(stop_beginning)
        _registered.push(undo.pop_all())


def unregister() -> None:
    """Give everything back. When this returns no thread, timer or process of ours runs."""
    _registered.close()


def _remove_draft() -> None:
    window_manager: Any = bpy.types.WindowManager
    del window_manager.scenekeeper
