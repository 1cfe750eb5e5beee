"""Soft lights painted into the world: they light, and polished things mirror them, but the camera sees none.

In the world they cost one light instead of one each, and their reflections lie right from every place. Main thread.
"""

import math
from dataclasses import dataclass
from typing import Any

from mathutils import Vector

from .colour import linear
from .graph import Graph
from .groups import shared_group

__all__ = ["Softbox", "add_softboxes", "towards"]


@dataclass(frozen=True)
class Softbox:
    """A rectangle of light far away: where it is and how large, in degrees as the camera sees it (``side`` 0 is
    behind the camera, positive to the right), and the irradiance that it gives a surface facing it."""

    side: float
    height: float
    width: float
    tall: float
    irradiance: float
    color: str = "#ffffff"

    @property
    def radiance(self) -> float:
        """What a mirror shows of it; the edges are soft, so that only three quarters of the rectangle count."""
        wide, high = (2 * math.sin(math.radians(angle) / 2) for angle in (self.width, self.tall))
        return self.irradiance / (0.75 * wide * high)


def towards(side: float, height: float, azimuth: float = 0.0) -> Vector:
    """From the scene to a light; degrees, and the camera's ``azimuth`` in radians."""
    turn, rise = azimuth + math.radians(side), math.radians(height)
    return Vector((math.sin(turn) * math.cos(rise), -math.cos(turn) * math.cos(rise), math.sin(rise)))


def add_softboxes(graph: Graph, direction: Any, color: Any, boxes: tuple[Softbox, ...], azimuth: float) -> Any:
    """The world's colour with the boxes added to it."""
    for box in boxes:
        axis = towards(box.side, box.height, azimuth)
        turn = azimuth + math.radians(box.side)
        across = Vector((math.cos(turn), math.sin(turn), 0.0))
        up = Vector((-math.sin(turn) * axis.z, math.cos(turn) * axis.z, math.cos(math.radians(box.height))))
        values = {
            "Direction": direction,
            "Axis": axis,
            "Across": across / math.tan(math.radians(box.width) / 2),
            "Up": up / math.tan(math.radians(box.tall) / 2),
        }
        mask = graph.add("Group", node_tree=_group(), label=f"Softbox {box.side:.0f}°")
        for name, value in values.items():
            graph.connect(value, mask.inputs[name])
        light = tuple(channel * box.radiance for channel in linear(box.color, surface=False)[:3])
        shine = graph.mix(mask.outputs[0], (0.0, 0.0, 0.0, 1.0), (*light, 1.0))
        color = graph.mix(1.0, color, shine, blend="ADD")
    return color


def _group() -> Any:
    """1 inside a rectangle around an axis, fading at its edges, 0 elsewhere."""
    return shared_group("Softbox", dict.fromkeys(("Direction", "Axis", "Across", "Up"), "Vector"), _make)


def _make(graph: Graph, entry: Any) -> dict[str, tuple[str, Any]]:
    def along(name: str) -> Any:
        node = graph.add("VectorMath", {0: entry["Direction"], 1: entry[name]}, operation="DOT_PRODUCT")
        return node.outputs["Value"]

    ahead = along("Axis")
    x, y = (graph.math("ABSOLUTE", graph.math("DIVIDE", along(name), ahead)) for name in ("Across", "Up"))
    inside = graph.math("MULTIPLY", graph.remap(x, 0.7, 1.0, 1.0, 0.0), graph.remap(y, 0.7, 1.0, 1.0, 0.0))
    facing = graph.math("GREATER_THAN", ahead, 0.0)
    return {"Inside": ("Float", graph.math("MULTIPLY", inside, facing))}
