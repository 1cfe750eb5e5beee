"""Materials of the ground, backdrop and walls. Main thread."""

from typing import Any

import bpy

from ..models.plan import EnvironmentKind, ScenePlan
from .atmosphere import Atmosphere
from .colour import linear, scaled
from .graph import Graph
from .ground import COLLECTION, PART
from .haze import add_haze
from .materials import Wish, finish_for, material_for

__all__ = ["brighten", "hazy", "paint_ground"]


BACKLIGHT = 0.4


def hazy(plan: ScenePlan, air: Atmosphere) -> bool:
    """Whether things themselves are seen through haze: under water and in fog, not under a clear sky."""
    return plan.environment.kind is EnvironmentKind.UNDERWATER or plan.environment.mood == "foggy"


def brighten(factor: float) -> None:
    """Make ground, backdrop and walls brighter by ``factor`` (below 1: darker), whatever their textures are."""
    collection = bpy.data.collections.get(COLLECTION)
    things: Any = collection.objects if collection is not None else ()
    materials = {slot for thing in things for slot in thing.data.materials}
    for material in materials:
        tree: Any = material.node_tree
        for node in [node for node in tree.nodes if node.bl_idname == "ShaderNodeBsdfPrincipled"]:
            for name in ("Base Color", "Emission Color"):
                _multiply(tree, node.inputs[name], factor)


def _multiply(tree: Any, put: Any, factor: float) -> None:
    put.default_value = scaled(tuple(put.default_value), factor)
    if not put.is_linked:
        return
    source = put.links[0].from_socket
    node = tree.nodes.new("ShaderNodeMix")
    node.data_type, node.blend_type = "RGBA", "MULTIPLY"
    node.inputs[0].default_value = 1.0
    node.inputs[7].default_value = (factor, factor, factor, 1.0)
    tree.links.new(source, node.inputs[6])
    tree.links.new(node.outputs[2], put)


def paint_ground(plan: ScenePlan, air: Atmosphere) -> list[str]:
    """Give every ground object its material. Returns warnings about words that are no material."""
    collection = bpy.data.collections.get(COLLECTION)
    if collection is None:
        return []
    warnings = []
    material = plan.ground.material
    if material is not None and finish_for(material) is None:
        warnings.append(f"The ground's material {material!r} is not known; the usual one is used instead.")
        material = None
    for thing in collection.objects:
        made = _material(thing, plan, material, air)
        thing.data.materials.clear()
        thing.data.materials.append(made)
    return warnings


def _material(thing: Any, plan: ScenePlan, material: str | None, air: Atmosphere) -> Any:
    part = thing[PART]
    color = plan.ground.color
    far = plan.environment.kind in (EnvironmentKind.OUTDOOR, EnvironmentKind.UNDERWATER)
    # The floor's features are those of the world, not of the thing that stands on it, but on a table-top scene
    # they must not be larger than what is shown.
    size = max(0.3, min(8.0, float(thing.dimensions.x) * (0.02 if far else 0.4)))
    hazy = far or air.haze > 0
    if part == "wall":
        return _wall("#d9d0c2", air)
    if part == "trim":
        return material_for(Wish("paint", "#f3f0ea"))
    if part == "backdrop" and material is None:
        return _backdrop(color or air.ground_color or "#c9cbce", float(thing.dimensions.z))
    if material is not None and finish_for(material) == finish_for("wood"):
        material = "planks"
    return material_for(Wish(material or air.ground, color or air.ground_color, size_m=size, hazy=hazy))


def _backdrop(hex_color: str, height_m: float) -> Any:
    """Seamless paper: matte, without any feature that would give its distance away.

    Its upper part glows a little, as if a light stood behind the scene: the wall is far from the key light and
    would be a dull grey.
    """
    material: Any = bpy.data.materials.new(f"Backdrop {hex_color}")
    graph = Graph.of(material)
    color = linear(hex_color)
    height = graph.add("SeparateXYZ", {0: graph.add("TexCoord").outputs["Object"]}).outputs[2]
    glow = graph.remap(height, 0.0, height_m * 0.5, 0.0, BACKLIGHT)
    paper = {"Base Color": color, "Roughness": 0.85, "Specular IOR Level": 0.2, "Emission Color": color}
    principled = graph.add("BsdfPrincipled", {**paper, "Emission Strength": glow})
    graph.arrange(graph.add("OutputMaterial", {"Surface": principled.outputs[0]}))
    material.diffuse_color = color
    return material


def _wall(hex_color: str, air: Atmosphere) -> Any:
    """Painted plaster."""
    material: Any = bpy.data.materials.new(f"Wall {hex_color}")
    graph = Graph.of(material)
    at = graph.add("TexCoord").outputs["Object"]
    paint = {"Base Color": linear(hex_color), "Roughness": 0.9}
    principled = graph.add("BsdfPrincipled", paint)
    relief = {"Height": graph.noise(at, 40.0, 3.0), "Strength": 0.08, "Distance": 0.01}
    graph.connect(graph.add("Bump", relief).outputs[0], principled.inputs["Normal"])
    shader = add_haze(graph, principled.outputs[0]) if air.haze > 0 else principled.outputs[0]
    graph.arrange(graph.add("OutputMaterial", {"Surface": shader}))
    material.diffuse_color = linear(hex_color)
    return material
