"""Hands an order to the desk and reports what became of it, without making the window wait. Main thread."""

from concurrent.futures import Future
from typing import Any

import bpy

from ..preferences import config
from ..session_service import open_desk
from ..window.orders import Order, Refused

__all__ = ["OrderOperator", "has_worker"]

_POLL_S = 0.05
_WAIT_S = 30.0


def has_worker(cls: Any) -> bool:
    """For ``poll``: whether this Blender can start another one. Says why not."""
    if not bpy.app.binary_path:
        cls.poll_message_set("Needs the Blender program; the bpy module works through: python -m addon")
        return False
    return True


class OrderOperator:
    """Mixed into operators, which say what they want in ``order``."""

    _future: "Future[str]"
    _timer: Any = None

    def order(self, context: bpy.types.Context) -> Order:
        """What the desk shall do."""
        raise NotImplementedError

    def invoke(self, context: bpy.types.Context, _: bpy.types.Event) -> set[Any]:
        """From a button: come back when it is done."""
        self._future = open_desk(config()).submit(self.order(context))
        manager: Any = context.window_manager
        self._timer = manager.event_timer_add(_POLL_S, window=context.window)
        manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context: bpy.types.Context, _: bpy.types.Event) -> set[Any]:
        """All events go on to where they would have gone."""
        if not self._future.done():
            return {"PASS_THROUGH"}
        self.cancel(context)
        # FINISHED here would swallow the event that woke us, which can be the artist's.
        return {*self._tell(), "PASS_THROUGH"}

    def cancel(self, context: bpy.types.Context) -> None:
        """Blender ends it, or we do."""
        manager: Any = context.window_manager
        manager.event_timer_remove(self._timer)

    def execute(self, context: bpy.types.Context) -> set[Any]:
        """From a script: wait."""
        self._future = open_desk(config()).submit(self.order(context))
        return self._tell()

    def _tell(self) -> set[Any]:
        try:
            self.report({"INFO"}, self._future.result(_WAIT_S))  # type: ignore[attr-defined]
        except (Refused, TimeoutError) as error:
            self.report({"ERROR"}, str(error) or "The output folder does not answer.")  # type: ignore[attr-defined]
            return {"CANCELLED"}
        return {"FINISHED"}
