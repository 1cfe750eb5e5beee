"""Text over several lines, which Blender's layouts do not have. Main thread."""

import textwrap
from typing import Any

import bpy

__all__ = ["draw_wrapped"]

_CHARACTER_PX = 6.4
_MARGIN_PX = 58


def draw_wrapped(
    layout: bpy.types.UILayout, context: bpy.types.Context, text: str, *, icon: Any = "NONE", lines: int = 6
) -> None:
    """Labels that break at words to fit the region; what is beyond ``lines`` ends in an ellipsis."""
    scale = context.preferences.system.ui_scale  # type: ignore[union-attr]
    width = int((context.region.width / scale - _MARGIN_PX) / _CHARACTER_PX)  # type: ignore[union-attr]
    column = layout.column(align=True)
    column.scale_y = 0.8
    wrapped = textwrap.wrap(text, max(12, width), max_lines=lines, placeholder=" …")
    for number, line in enumerate(wrapped):
        column.label(text=line, icon=icon if number == 0 else ("NONE" if icon == "NONE" else "BLANK1"))
