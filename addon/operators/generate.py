"""The Generate button. Main thread."""

import bpy

from ..dependencies import find_problems
from ..properties import draft_of
from ..window.orders import Generate
from .ordering import OrderOperator, has_worker

__all__ = ["SCENEKEEPER_OT_generate"]


class SCENEKEEPER_OT_generate(OrderOperator, bpy.types.Operator):  # noqa: N801 - Blender's way to name it
    """Make a scene from the prompt, in a Blender in the background"""

    bl_idname = "scenekeeper.generate"
    bl_label = "Generate"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Whether there is a prompt and somebody to work on it."""
        if find_problems():
            cls.poll_message_set("A package is missing or of the wrong version; see the panel")
            return False
        if not draft_of(context).prompt.strip():
            cls.poll_message_set("Type what the scene shall show first")
            return False
        return has_worker(cls)

    def order(self, context: bpy.types.Context) -> Generate:
        """What the panel says."""
        draft = draft_of(context)
        return Generate(draft.prompt, draft.preset, draft.seed)
