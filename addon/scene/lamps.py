"""What shines in a scene lights it: lamps, candles and fires at night, and windows of houses. Main thread."""

import math
from typing import Any

import bpy
from mathutils import Vector

from ..models.plan import EnvironmentKind, ScenePlan, TimeOfDay
from .materials import finish_of
from .paint import placed_roots

__all__ = ["build_lamps", "is_dusky"]

_MOST = 6
"""Every further light would add noise."""
_REACH = 14.0
"""At this many times its own size a lamp is as bright as the usual light."""


def is_dusky(plan: ScenePlan) -> bool:
    """Whether lamps are lit and show."""
    place = plan.environment
    dim = place.time is TimeOfDay.NIGHT or place.mood in ("dark", "neon")
    return dim or (place.kind is EnvironmentKind.INDOOR and place.mood == "warm")


def build_lamps(collection: Any, radius_m: float) -> None:
    """A point light in each glowing part, the largest first; ``radius_m`` is the scene's, beyond which none reaches."""
    parts = [part for root in placed_roots() for part in root.children_recursive if part.type == "MESH"]
    glowing = [part for part in parts if (found := finish_of(part.active_material)) is not None and found.emission > 2]
    glowing.sort(key=lambda part: (-_size(part), part.name))
    for part in glowing[:_MOST]:
        light: Any = bpy.data.lights.new(f"{part.parent.name} light", "POINT")
        thing = bpy.data.objects.new(light.name, light)
        thing.location = part.matrix_world @ (sum((Vector(corner) for corner in part.bound_box), Vector()) / 8)
        size = _size(part)
        reach = max(0.4 * radius_m, min(_REACH * size, 1.2 * radius_m))
        light.color = tuple(part.active_material.diffuse_color)[:3]
        light.energy = 2.6 * math.pi**2 * reach**2
        light.shadow_soft_size = size / 2
        # The light is inside the bulb, which would keep it there.
        part.visible_shadow = False
        collection.objects.link(thing)


def _size(part: Any) -> float:
    sides = sorted(part.matrix_world.to_scale()[axis] * part.dimensions[axis] for axis in range(3))
    return math.sqrt(max(1e-9, sides[1] * sides[2]))
