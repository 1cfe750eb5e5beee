"""Text over several lines, which Blender's layouts do not have. Main thread."""

from typing import Any

import blf
import bpy

__all__ = ["draw_wrapped"]

_FONT = 0
_POINTS = 11
_MARGIN_PX = 66
_ICON_PX = 20


def draw_wrapped(
    layout: bpy.types.UILayout, context: bpy.types.Context, text: str, *, icon: Any = "NONE", lines: int = 6
) -> None:
    """Labels that break at words to fit the region; what is beyond ``lines`` ends in an ellipsis."""
    preferences: Any = context.preferences
    region: Any = context.region
    scale = preferences.system.ui_scale
    blf.size(_FONT, _POINTS * scale)
    width = region.width - (_MARGIN_PX + (_ICON_PX if icon != "NONE" else 0)) * scale
    column = layout.column(align=True)
    column.scale_y = 0.8
    for number, line in enumerate(_wrap(text, width, lines)):
        column.label(text=line, icon=icon if number == 0 else ("NONE" if icon == "NONE" else "BLANK1"))


def _wrap(text: str, width: float, lines: int) -> list[str]:
    wrapped: list[str] = []
    for word in text.split():
        longer = f"{wrapped[-1]} {word}" if wrapped else word
        if wrapped and blf.dimensions(_FONT, longer)[0] <= width:
            wrapped[-1] = longer
        elif len(wrapped) == lines:
            wrapped[-1] += " …"
            break
        else:
            wrapped.append(word)
    return wrapped
