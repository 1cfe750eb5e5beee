"""The buttons of one session. Main thread."""

import bpy

from ..window.orders import Cancel, Retry
from .ordering import OrderOperator, has_worker

__all__ = ["SCENEKEEPER_OT_cancel", "SCENEKEEPER_OT_retry"]


class _SessionOperator(OrderOperator):
    @classmethod
    def poll(cls, _: bpy.types.Context) -> bool:
        return has_worker(cls)


class SCENEKEEPER_OT_cancel(_SessionOperator, bpy.types.Operator):  # noqa: N801 - Blender's way to name it
    """End this session; what it has made so far stays in its folder"""

    bl_idname = "scenekeeper.cancel"
    bl_label = "Cancel Session"

    session_id: bpy.props.StringProperty(options={"HIDDEN", "SKIP_SAVE"})  # type: ignore[valid-type]

    def order(self, _: bpy.types.Context) -> Cancel:
        """This session."""
        return Cancel(self.session_id)


class SCENEKEEPER_OT_retry(_SessionOperator, bpy.types.Operator):  # noqa: N801 - Blender's way to name it
    """Make a new session with the same prompt, seed and options"""

    bl_idname = "scenekeeper.retry"
    bl_label = "Try Again"

    session_id: bpy.props.StringProperty(options={"HIDDEN", "SKIP_SAVE"})  # type: ignore[valid-type]

    def order(self, _: bpy.types.Context) -> Retry:
        """This session."""
        return Retry(self.session_id)
