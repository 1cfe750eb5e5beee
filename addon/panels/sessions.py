"""The newest sessions with state and progress. Main thread; draws only."""

from typing import Any, cast

import bpy

from ..operators.sessions import SCENEKEEPER_OT_cancel, SCENEKEEPER_OT_retry
from ..session_service import snapshot
from ..window.snapshot import DeskState, SessionLine, State
from .text import draw_wrapped

__all__ = ["SCENEKEEPER_PT_sessions"]

_ICONS: dict[State, Any] = {
    State.PENDING: "TIME",
    State.IN_PROGRESS: "RENDER_STILL",
    State.COMPLETED: "CHECKMARK",
    State.FAILED: "ERROR",
    State.CANCELLED: "CANCEL",
}


class SCENEKEEPER_PT_sessions(bpy.types.Panel):  # noqa: N801 - Blender's way to name it
    """What was made and what is being made."""

    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = "Scenekeeper"
    bl_label = "Sessions"

    def draw_header_preset(self, _: bpy.types.Context) -> None:
        """How many wait, at the right of the title."""
        waiting, layout = snapshot().waiting, cast(Any, self.layout)
        if waiting:
            layout.label(text=f"{waiting} waiting ")

    def draw(self, context: bpy.types.Context) -> None:
        """Draw only."""
        shown, layout = snapshot(), cast(Any, self.layout)
        if shown.state is DeskState.OPENING:
            layout.label(text="Reading your sessions", icon="SORTTIME")
        elif not shown.lines:
            text = (
                "No scenes yet. Type what you want to see and press Generate. "
                "A Blender in the background makes it; the file that you have open stays as it is."
            )
            draw_wrapped(layout, context, text)
        for line in shown.lines:
            _draw_line(layout.box(), context, line)
        hidden = shown.total - len(shown.lines)
        if hidden > 0:
            layout.label(text=f"and {hidden} older")


def _draw_line(box: bpy.types.UILayout, context: bpy.types.Context, line: SessionLine) -> None:
    column = box.column(align=True)
    head = column.row()
    head.label(text=line.prompt, icon=_ICONS[line.state])
    _draw_buttons(head.row(align=True), line)
    if line.state is State.IN_PROGRESS:
        text = f"{line.progress:.0%}  {line.detail}" if line.detail else f"{line.progress:.0%}"
        column.separator(factor=0.5)
        column.progress(factor=line.progress, type="BAR", text=text)
        return
    details = column.column(align=True)
    details.active = line.state is State.FAILED
    draw_wrapped(details, context, line.detail, icon="BLANK1")
    if line.notes:
        more = f" (and {len(line.notes) - 1} more in concept.md)" if len(line.notes) > 1 else ""
        draw_wrapped(details, context, line.notes[0] + more, icon="BLANK1", lines=3)


def _draw_buttons(row: bpy.types.UILayout, line: SessionLine) -> None:
    row.emboss = "NONE"
    if line.state in (State.COMPLETED, State.FAILED):
        row.operator("wm.path_open", text="", icon="FILE_FOLDER").filepath = str(line.folder)
    if line.state in (State.PENDING, State.IN_PROGRESS):
        button = row.row()
        button.enabled = not line.cancelling
        button.operator(SCENEKEEPER_OT_cancel.bl_idname, text="", icon="X").session_id = line.id
    else:
        row.operator(SCENEKEEPER_OT_retry.bl_idname, text="", icon="FILE_REFRESH").session_id = line.id
