"""What the artist types into the panel. Main thread.

Kept here and not in Blender's data: it is not saved with the artist's file, not undone, and survives New and Open.
"""

from dataclasses import dataclass
from typing import Any

import bpy

__all__ = ["PRESETS", "ScenekeeperDraft", "draft_of", "suggest_preset"]

PRESETS = (
    ("draft", "Draft", "A first look, within seconds"),
    ("standard", "Standard", "A clean picture"),
    ("final", "Final", "Full HD and more samples; takes its time"),
)
"""The presets of a request, for an enum property. Not taken from the models, which take long to load."""

_PROMPT_MAX = 10_000
_SEED_MAX = 2**31 - 1


@dataclass
class _Values:
    prompt: str = ""
    preset: int | None = None
    suggested_preset: int = 1
    seed: int = 0


_values = _Values()


def _index(preset: str) -> int:
    return [identifier for identifier, *_ in PRESETS].index(preset)


def suggest_preset(preset: str) -> None:
    """What the panel shows until the artist chooses another; from the preferences."""
    _values.suggested_preset = _index(preset)


def _get_preset(_: Any) -> int:
    return _values.suggested_preset if _values.preset is None else _values.preset


def _set(name: str) -> Any:
    return lambda _, value: setattr(_values, name, value)


def _get(name: str) -> Any:
    return lambda _: getattr(_values, name)


class ScenekeeperDraft(bpy.types.PropertyGroup):
    """The request that Generate sends."""

    prompt: bpy.props.StringProperty(  # type: ignore[valid-type]
        name="Prompt",
        description="What the scene shall show, in English",
        maxlen=_PROMPT_MAX,
        get=_get("prompt"),
        set=_set("prompt"),
    )
    preset: bpy.props.EnumProperty(  # type: ignore[valid-type]
        name="Preset",
        description="How much time the picture may take",
        items=PRESETS,
        get=_get_preset,
        set=_set("preset"),
    )
    seed: bpy.props.IntProperty(  # type: ignore[valid-type]
        name="Seed",
        description="Chooses variants; the same prompt and seed make the same scene",
        min=0,
        max=_SEED_MAX,
        get=_get("seed"),
        set=_set("seed"),
    )


def draft_of(context: bpy.types.Context) -> Any:
    """The ``ScenekeeperDraft``."""
    return context.window_manager.scenekeeper  # type: ignore[union-attr]
