"""Prompt, preset, seed and Generate. Main thread; draws only."""

from typing import Any

import bpy

from ..dependencies import find_problems
from ..operators.generate import SCENEKEEPER_OT_generate
from ..properties import draft_of
from ..session_service import snapshot
from .text import draw_wrapped

__all__ = ["SCENEKEEPER_PT_generate"]


class SCENEKEEPER_PT_generate(bpy.types.Panel):  # noqa: N801 - Blender's way to name it
    """Where the artist says what to make."""

    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = "Scenekeeper"
    bl_label = "Scenekeeper"

    def draw(self, context: bpy.types.Context) -> None:
        """Draw only."""
        layout: Any = self.layout
        draft = draft_of(context)
        for problem in (*find_problems(), *filter(None, [snapshot().problem])):
            draw_wrapped(layout.box(), context, problem, icon="ERROR")
        column = layout.column()
        column.prop(draft, "prompt", text="", placeholder="a red apple on a wooden table")
        column.row().prop(draft, "preset", expand=True)
        column.prop(draft, "seed")
        button = layout.row()
        button.scale_y = 1.5
        button.operator(SCENEKEEPER_OT_generate.bl_idname, icon="SHADERFX")
        if snapshot().address:
            layout.label(text=f"Serving {snapshot().address}", icon="URL")
