"""Rain and snow that fall around the scene, and what rain does to the ground. Main thread.

Real geometry: it stays where it is when the artist turns the camera, and can be hidden as one collection.
"""

import math
import random
from typing import Any

import bpy

from ..models.layout import Layout
from ..models.plan import EnvironmentKind, ScenePlan, Weather
from .atmosphere import Atmosphere
from .extent import Extent
from .graph import Graph

__all__ = ["COLLECTION", "build_weather", "is_wet", "wetted"]

COLLECTION = "Weather"
_DROPS, _FLAKES = 2600, 2600
_CLEAR = 0.5
"""Nothing falls nearer to the camera than this share of its distance: close to the lens it would hide what is shown."""
_WET = frozenset({"floor", "pavement", "marking"})
"""Parts of the ground that rain makes shine."""
_SOAKING = frozenset({"grass", "sand", "snow", "water", "ice"})
"""Grounds that look wet otherwise, or not at all."""

Point = tuple[float, float, float]


def is_wet(plan: ScenePlan) -> bool:
    """Whether it rains on the scene."""
    place = plan.environment
    return place.kind is EnvironmentKind.OUTDOOR and place.weather in (Weather.RAIN, Weather.STORM)


def build_weather(scene: Any, plan: ScenePlan, layout: Layout, extent: Extent, air: Atmosphere) -> None:
    """The collection "Weather" with what falls; nothing where nothing does."""
    old = bpy.data.collections.get(COLLECTION)
    if old is not None:
        for thing in list(old.objects):
            bpy.data.objects.remove(thing)
        bpy.data.collections.remove(old)
    if is_wet(plan):
        name, mesh, solid = "Rain", _rain(layout.camera.position, extent, plan.seed), 0.4
    elif plan.environment.kind is EnvironmentKind.OUTDOOR and plan.environment.weather is Weather.SNOW:
        name, mesh, solid = "Snow", _snow(layout.camera.position, extent, plan.seed), 0.9
    else:
        return
    mesh.materials.append(_material(name, air, solid))
    thing = bpy.data.objects.new(name, mesh)
    # What falls is for the eye: its shadows and its light would only be noise.
    thing.visible_shadow = thing.visible_diffuse = thing.visible_transmission = thing.visible_glossy = False
    collection = bpy.data.collections.new(COLLECTION)
    scene.collection.children.link(collection)
    collection.objects.link(thing)


def _places(camera: Point, extent: Extent, count: int, seed: int) -> list[Point]:
    """Around the scene and above it, as far as the camera is away, but not right before the lens."""
    chance = random.Random(seed)
    reach = extent.camera_distance
    x, y, z = extent.centre
    low, high = max(0.0, z - 0.5 * reach), z + 0.75 * reach
    found = []
    for _ in range(count):
        away, turn = reach * math.sqrt(chance.random()), math.tau * chance.random()
        place = (x + away * math.cos(turn), y + away * math.sin(turn), chance.uniform(low, high))
        if math.dist(place, camera) > _CLEAR * reach:
            found.append(place)
    return found


def _rain(camera: Point, extent: Extent, seed: int) -> Any:
    """Thin streaks, each of two crossed strips, so that it is seen from every side."""
    chance, reach = random.Random(seed + 1), extent.camera_distance
    points: list[Point] = []
    for x, y, z in _places(camera, extent, _DROPS, seed):
        long, half = reach * chance.uniform(0.02, 0.05), reach * 0.0004
        lean = 0.12 * long
        for dx, dy in ((half, 0.0), (0.0, half)):
            points += [(x - dx, y - dy, z), (x + dx, y + dy, z), (x + dx + lean, y + dy, z + long),
                       (x - dx + lean, y - dy, z + long)]  # fmt: skip
    return _mesh("Rain", points, [[n, n + 1, n + 2, n + 3] for n in range(0, len(points), 4)])


def _snow(camera: Point, extent: Extent, seed: int) -> Any:
    """Flakes as small solids of eight faces."""
    chance, reach = random.Random(seed + 1), extent.camera_distance
    sides = ((0, 2, 4), (2, 1, 4), (1, 3, 4), (3, 0, 4), (2, 0, 5), (1, 2, 5), (3, 1, 5), (0, 3, 5))
    points: list[Point] = []
    faces: list[list[int]] = []
    for x, y, z in _places(camera, extent, _FLAKES, seed):
        size = reach * chance.uniform(0.0014, 0.0034)
        first = len(points)
        points += [(x + size, y, z), (x - size, y, z), (x, y + size, z), (x, y - size, z), (x, y, z + size),
                   (x, y, z - size)]  # fmt: skip
        faces += [[first + corner for corner in side] for side in sides]
    return _mesh("Snow", points, faces)


def _mesh(name: str, points: list[Point], faces: list[list[int]]) -> Any:
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(points, [], faces)
    return mesh


def _material(name: str, air: Atmosphere, solid: float) -> Any:
    """As bright as the sky that it falls from, and a little brighter, or nothing would be seen of it."""
    material: Any = bpy.data.materials.new(name)
    graph = Graph.of(material)
    red, green, blue = (0.62 * channel + 0.3 * (0.35 if air.night else 1.0) for channel in air.horizon_color[:3])
    shine = graph.add("Emission", {"Color": (red, green, blue, 1.0)}).outputs[0]
    clear = graph.add("BsdfTransparent").outputs[0]
    shader = graph.add("MixShader", {0: solid, 1: clear, 2: shine}).outputs[0]
    graph.arrange(graph.add("OutputMaterial", {"Surface": shader}))
    material.diffuse_color = (red, green, blue, 1.0)
    return material


def wetted(material: Any, part: str, usual: str, size_m: float) -> None:
    """Make a hard ground wet: darker, with puddles that mirror what stands there."""
    tree = material.node_tree
    if part not in _WET or usual in _SOAKING or "Puddles" in tree.nodes:
        return
    for shader in [node for node in tree.nodes if node.bl_idname == "ShaderNodeBsdfPrincipled"]:
        at = tree.nodes.new("ShaderNodeTexCoord")
        noise, rough = tree.nodes.new("ShaderNodeTexNoise"), tree.nodes.new("ShaderNodeMapRange")
        noise.name = "Puddles"
        noise.inputs["Scale"].default_value = 0.6 / size_m
        tree.links.new(at.outputs["Object"], noise.inputs["Vector"])
        for number, value in enumerate((0.46, 0.56, 0.3, 0.03), 1):
            rough.inputs[number].default_value = value
        tree.links.new(noise.outputs[0], rough.inputs[0])
        tree.links.new(rough.outputs[0], shader.inputs["Roughness"])
        for link in list(shader.inputs["Normal"].links):
            tree.links.remove(link)
