"""Pictures that hang: all on one wall behind everything, facing the viewer. Pure; any thread."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from .facts import Facts
from .geometry import Body, bounds

__all__ = ["hang"]

_GAP = 0.05
"""Between the wall's picture and what stands before it, in heights of the picture."""
_EYE_M = 1.0
"""How high the lower edge of a picture hangs over the floor where nothing stands below it."""


def hang(bodies: Sequence[Body], facts: Mapping[str, Facts]) -> list[Body]:
    """Move what hangs back to the wall, which is behind all that stands. ``scene.ground`` puts the wall there."""
    hung = [body for body in bodies if facts[body.id].hung]
    standing = [body for body in bodies if not facts[body.id].hung]
    if not hung:
        return list(bodies)
    deepest = max(body.size[1] for body in hung)
    wall = (bounds(standing).y1 if standing else 0.0) + _GAP * max(body.size[2] for body in hung) + deepest
    lift = 0.0 if standing else _EYE_M
    return [
        replace(body, y=wall - body.size[1] / 2, z=body.z + lift, yaw=0.0, supported_by=None) if body in hung else body
        for body in bodies
    ]
