"""Holds this Blender's one desk, and a timer that asks it whether the panel is out of date. Main thread.

The timer is there only while the desk is open and there is a window to redraw.
"""

from dataclasses import dataclass, field

import bpy

from .window.desk import Config, Desk
from .window.snapshot import Snapshot

__all__ = ["is_open", "open_desk", "snapshot", "stop"]

_TICK_S = 0.25


@dataclass
class _Held:
    desk: Desk | None = None
    drawn: Snapshot = field(default_factory=Snapshot)


_held = _Held()


def open_desk(config: Config) -> Desk:
    """The desk for ``config``; one that was open for another is closed."""
    if _held.desk is not None and _held.desk.config != config:
        stop()
    if _held.desk is None:
        _held.desk = Desk(config)
        _held.desk.open()
        if not bpy.app.background:
            bpy.app.timers.register(_tick, first_interval=_TICK_S, persistent=True)
    return _held.desk


def is_open() -> bool:
    """Whether there is a desk."""
    return _held.desk is not None


def snapshot() -> Snapshot:
    """What the panel draws."""
    return _held.drawn


def stop() -> None:
    """Close the desk: its worker has ended and its threads are joined when this returns."""
    if bpy.app.timers.is_registered(_tick):
        bpy.app.timers.unregister(_tick)
    if _held.desk is not None:
        _held.desk.close()
    _held.desk, _held.drawn = None, Snapshot()


def _tick() -> float | None:
    if _held.desk is None:
        return None
    newest = _held.desk.snapshot
    if newest is not _held.drawn:
        _held.drawn = newest
        _redraw()
    return _TICK_S


def _redraw() -> None:
    for window in bpy.context.window_manager.windows:  # type: ignore[union-attr]
        for area in window.screen.areas:
            if area.type == "VIEW_3D":
                for region in area.regions:
                    if region.type == "UI":
                        region.tag_redraw()
