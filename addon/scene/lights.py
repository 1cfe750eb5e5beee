"""The key light, as seen from the camera, and the lights a plan adds; the soft ones are in the sky. Main thread."""

import math
from typing import Any

import bpy
from mathutils import Vector

from ..models.layout import Layout
from ..models.plan import EnvironmentKind, Light, ScenePlan
from .atmosphere import Atmosphere
from .colour import linear
from .extent import Extent, azimuth_of
from .graph import Graph
from .lamps import build_lamps, is_dusky
from .softboxes import towards

__all__ = ["build_lights"]

COLLECTION = "Lights"


def build_lights(scene: Any, plan: ScenePlan, layout: Layout, extent: Extent, air: Atmosphere) -> None:
    """Replace the collection of lights by the atmosphere's and the plan's."""
    rig = _Rig(_empty_collection(scene), extent, azimuth_of(layout.camera))
    sunny = plan.environment.kind in (EnvironmentKind.OUTDOOR, EnvironmentKind.UNDERWATER, EnvironmentKind.SPACE)
    if sunny:
        rig.sun("Sun", air.key, air.key_color, air.key_side, air.key_height, 0.6 + 3.0 * air.key_softness)
    else:
        rig.area("Key", air.key, air.key_color, air.key_side, air.key_height, 1.9 * air.key_softness)
    if air.caustics:
        rig.caustics("Caustics", air.key_color)
    for number, light in enumerate(plan.lights):
        rig.asked(number, light)
    if is_dusky(plan):
        build_lamps(rig.collection, extent.radius)


def _empty_collection(scene: Any) -> Any:
    collection = bpy.data.collections.get(COLLECTION)
    if collection is None:
        collection = bpy.data.collections.new(COLLECTION)
        scene.collection.children.link(collection)
    lights: Any = [thing.data for thing in collection.objects]
    for light in lights:
        bpy.data.lights.remove(light)
    return collection


class _Rig:
    """Makes lights around one scene. Sides are degrees from the camera's direction, positive to the right."""

    def __init__(self, collection: Any, extent: Extent, azimuth: float) -> None:
        self.collection = collection
        self.centre = Vector(extent.centre)
        self.radius = extent.radius
        self.azimuth = azimuth

    def direction(self, side: float, height: float) -> Vector:
        """From the scene towards a light."""
        return towards(side, height, self.azimuth)

    def put(self, name: str, kind: Any, color: str, towards: Vector, distance: float) -> Any:
        """A light of ``kind`` that looks at the scene's centre; its data is returned."""
        light: Any = bpy.data.lights.new(name, kind)
        light.color = linear(color, surface=False)[:3]
        thing = bpy.data.objects.new(name, light)
        thing.location = self.centre + towards * distance
        thing.rotation_euler = towards.to_track_quat("Z", "Y").to_euler()
        self.collection.objects.link(thing)
        return light

    def sun(self, name: str, irradiance: float, color: str, side: float, height: float, angle: float) -> None:
        """Parallel light; ``angle`` is the disc's size in degrees."""
        light = self.put(name, "SUN", color, self.direction(side, height), 6 * self.radius)
        light.energy = irradiance
        light.angle = math.radians(angle)

    def area(self, name: str, irradiance: float, color: str, side: float, height: float, size: float) -> None:
        """A soft box ``size`` scene radii wide, whose power gives ``irradiance`` at the centre."""
        distance = 4.0 * self.radius
        light = self.put(name, "AREA", color, self.direction(side, height), distance)
        light.shape = "SQUARE"
        light.size = size * self.radius
        # A small light of power P sends P / (pi d^2) straight ahead; a large one a little less.
        light.energy = irradiance * math.pi * (distance**2 + (light.size / 2) ** 2)

    def caustics(self, name: str, color: str) -> None:
        """Moving-water light: a sun from above through a net of bright lines."""
        light = self.put(name, "SPOT", color, Vector((0.05, -0.05, 1.0)).normalized(), 9 * self.radius)
        light.energy = 4 * math.pi**2 * (9 * self.radius) ** 2 * 0.38
        light.spot_size, light.spot_blend, light.shadow_soft_size = math.radians(90), 0.6, 0.05 * self.radius
        graph = Graph.of(light)
        at = graph.add("TexCoord").outputs["Normal"]
        warped = graph.add("TexNoise", {"Vector": at, "Scale": 14.0, "Detail": 1.0}).outputs[1]
        moved = graph.vector("ADD", at, graph.vector("MULTIPLY", warped, (0.07, 0.07, 0.07)))
        cells = graph.add("TexVoronoi", {"Vector": moved, "Scale": 26.0}, feature="SMOOTH_F1").outputs["Distance"]
        lines = graph.math("POWER", graph.remap(cells, 0.1, 0.75, 0.0, 1.0), 3.0)
        glow = graph.add("Emission", {"Color": (1, 1, 1, 1), "Strength": graph.math("MULTIPLY", lines, 4.0)}).outputs[0]
        graph.arrange(graph.add("OutputLight", {"Surface": glow}))

    def asked(self, number: int, light: Light) -> None:
        """A light that the plan names, each from another side."""
        side = (-60.0, 60.0, 20.0, -20.0, 110.0, -110.0)[number % 6]
        name, strength = f"{light.kind.capitalize()} {number + 1}", 1.1 * light.strength
        if light.kind == "sun":
            self.sun(name, strength, light.color, side, 45.0, 1.5)
        elif light.kind == "area":
            self.area(name, strength, light.color, side, 40.0, 1.4)
        else:
            distance = 2.6 * self.radius
            data = self.put(name, light.kind.upper(), light.color, self.direction(side, 45.0), distance)
            data.energy = strength * 4 * math.pi**2 * distance**2
            data.shadow_soft_size = 0.15 * self.radius
            if light.kind == "spot":
                data.spot_size, data.spot_blend = math.radians(40), 0.35
