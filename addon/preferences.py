"""The add-on's preferences: where sessions are kept, and whether other programs may use them. Main thread."""

from pathlib import Path
from typing import Any

import bpy

from . import properties, session_service
from .window.desk import Config

__all__ = ["PACKAGE", "ScenekeeperPreferences", "begin_when_idle", "config", "output_folder", "stop_beginning"]

PACKAGE: str = __package__
"""The extension's own package name, which Blender's functions for extensions want."""

_BEGIN_AFTER_S = 1.0
_INDEX = ".index.sqlite3"


def _changed(preferences: "ScenekeeperPreferences", _: bpy.types.Context) -> None:
    properties.suggest_preset(preferences.preset)
    _begin()


class ScenekeeperPreferences(bpy.types.AddonPreferences):
    """Shown in Blender's preferences, below the add-on."""

    bl_idname = PACKAGE

    output: bpy.props.StringProperty(  # type: ignore[valid-type]
        name="Output Folder",
        description="Folder of all sessions; empty: a folder of this extension's own",
        subtype="DIR_PATH",
        update=_changed,
    )
    preset: bpy.props.EnumProperty(  # type: ignore[valid-type]
        name="Preset", description="What the panel starts with", items=properties.PRESETS, default=1, update=_changed
    )
    serve: bpy.props.BoolProperty(  # type: ignore[valid-type]
        name="Serve REST",
        description="Let programs on this computer send prompts and fetch scenes while Blender is open",
        update=_changed,
    )
    port: bpy.props.IntProperty(  # type: ignore[valid-type]
        name="Port", description="Where they find it, on 127.0.0.1", min=1, max=65535, default=5002, update=_changed
    )

    def draw(self, _: bpy.types.Context) -> None:
        """Draw only."""
        layout = self.layout
        layout.use_property_split = True
        layout.use_property_decorate = False
        layout.prop(self, "output", placeholder="This extension's own folder")
        if not self.output:
            hint = layout.column(align=True)
            hint.label(text="Uninstalling the extension removes its own folder.", icon="INFO")
            hint.label(text="Choose another to keep your scenes.", icon="BLANK1")
        layout.prop(self, "preset")
        layout.prop(self, "serve")
        row = layout.row()
        row.active = self.serve
        row.prop(self, "port")


def _preferences() -> Any | None:
    """None where the add-on runs without being enabled in the preferences, as it may in scripts."""
    entry = bpy.context.preferences.addons.get(PACKAGE)  # type: ignore[union-attr]
    return entry.preferences if entry is not None else None


def output_folder(*, create: bool) -> Path:
    """The folder that the artist chose, or the extension's own."""
    preferences = _preferences()
    if preferences is not None and preferences.output:
        return Path(bpy.path.abspath(preferences.output))
    try:
        return Path(bpy.utils.extension_path_user(PACKAGE, path="output", create=create))
    except ValueError:  # not installed as an extension
        return Path(bpy.utils.user_resource("DATAFILES", path="scenekeeper/output", create=create))


def config() -> Config:
    """What the window's desk has to know, as the preferences are now. Makes the extension's own folder."""
    preferences = _preferences()
    return Config(
        output=output_folder(create=True),
        command=(bpy.app.binary_path, "-b", "-Y", "--addons", PACKAGE, "-c", "scenekeeper", "serve"),
        serve_port=preferences.port if preferences is not None and preferences.serve else None,
    )


def begin_when_idle() -> None:
    """Begin when Blender's start is over."""
    bpy.app.timers.register(_begin, first_interval=_BEGIN_AFTER_S, persistent=True)


def stop_beginning() -> None:
    """Undo ``begin_when_idle`` where Blender ends before that."""
    if bpy.app.timers.is_registered(_begin):
        bpy.app.timers.unregister(_begin)


def _begin() -> None:
    """Open the desk where there is something to show or to do; else the first Generate does it."""
    preferences = _preferences()
    if preferences is None or bpy.app.background:
        return
    properties.suggest_preset(preferences.preset)
    wanted = preferences.serve or (output_folder(create=False) / _INDEX).is_file()
    if wanted or session_service.is_open():
        session_service.open_desk(config())
