"""From what is known to one word: ok, degraded or down. Pure."""

from typing import Literal

from ..models.api import BlenderHealth, BlenderState

__all__ = ["LOW_DISK_BYTES", "overall"]

LOW_DISK_BYTES = 200 * 1024 * 1024
"""Below this a session may not find room for its files."""

_DEGRADED = {BlenderState.STARTING, BlenderState.HUNG, BlenderState.RESTARTING}
_DOWN = {BlenderState.GIVEN_UP, BlenderState.ABSENT}


def overall(
    blender: BlenderHealth, *, index_readable: bool, free_bytes: int | None
) -> Literal["ok", "degraded", "down"]:
    """``down``: no session will be worked on; ``degraded``: not now, or not for long."""
    if blender.state in _DOWN:
        return "down"
    short = free_bytes is not None and free_bytes < LOW_DISK_BYTES
    return "degraded" if blender.state in _DEGRADED or short or not index_readable else "ok"
