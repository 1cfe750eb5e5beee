"""The add-on's preferences: where sessions are kept, and whether other programs may use them. Main thread."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import bpy

from . import properties, session_service
from .window.desk import Config

__all__ = ["PACKAGE", "ScenekeeperPreferences", "begin_when_idle", "config", "output_folder", "stop_beginning"]

PACKAGE: str = __package__
"""The extension's own package name, which Blender's functions for extensions want."""

_BEGIN_AFTER_S = 1.0
_INDEX = ".index.sqlite3"
_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")


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

    model_url: bpy.props.StringProperty(  # type: ignore[valid-type]
        name="Language Model",
        description=(
            "Address of an OpenAI-compatible endpoint that plans scenes, such as http://127.0.0.1:11434/v1. "
            "Empty: as the environment says, else scenes are planned offline"
        ),
        update=_changed,
    )
    model_name: bpy.props.StringProperty(  # type: ignore[valid-type]
        name="Model", description="The model's name there", update=_changed
    )
    model_key: bpy.props.StringProperty(  # type: ignore[valid-type]
        name="Key",
        description="The endpoint's key, where it wants one. Blender keeps it in its preferences file, not encrypted",
        subtype="PASSWORD",
        update=_changed,
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
        layout.separator()
        layout.prop(self, "model_url", placeholder="None: scenes are planned offline")
        details = layout.column()
        details.active = bool(self.model_url)
        details.prop(self, "model_name")
        details.prop(self, "model_key")
        obstacle = _model_obstacle(self)
        if obstacle:
            layout.label(text=obstacle, icon="INFO")


def _preferences() -> Any | None:
    """None where the add-on runs without being enabled in the preferences, as it may in scripts."""
    entry = bpy.context.preferences.addons.get(PACKAGE)  # type: ignore[union-attr]
    return entry.preferences if entry is not None else None


def _model_obstacle(preferences: Any) -> str:
    """What keeps the model from being asked; empty: nothing that is known here."""
    if not preferences.model_url:
        return ""
    if not preferences.model_name:
        return "Name the model; until then scenes are planned offline."
    try:
        host = urlsplit(preferences.model_url).hostname
    except ValueError:
        host = None
    if host is None:
        return "The address must look like http://127.0.0.1:11434/v1."
    if not bpy.app.online_access and host not in _THIS_MACHINE:
        return "Models on other machines need Allow Online Access, in the system preferences."
    return ""


def _model_environment(preferences: Any | None) -> dict[str, str]:
    """The model that the preferences name. All together, so that one endpoint's key never goes to another."""
    if preferences is None or not preferences.model_url or not preferences.model_name:
        return {}
    return {
        "SCENEKEEPER_MODEL_URL": preferences.model_url,
        "SCENEKEEPER_MODEL_NAME": preferences.model_name,
        "SCENEKEEPER_MODEL_KEY": preferences.model_key,
    }


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
    # What this window was started with, or its preference as it is now.
    access = "--online-mode" if bpy.app.online_access else "--offline-mode"
    return Config(
        output=output_folder(create=True),
        command=(bpy.app.binary_path, "-b", "-Y", access, "--addons", PACKAGE, "-c", "scenekeeper", "serve"),
        serve_port=preferences.port if preferences is not None and preferences.serve else None,
        environment=_model_environment(preferences),
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
