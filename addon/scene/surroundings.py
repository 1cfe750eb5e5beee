"""Materials of the ground, backdrop and walls. Main thread."""

from typing import Any

import bpy

from ..models.plan import EnvironmentKind, ScenePlan, Scenery
from .atmosphere import Atmosphere
from .backdrop import paper, paper_color
from .colour import RGBA, linear, luminance, scaled
from .graph import Graph
from .ground import COLLECTION, FLOOR, PART
from .haze import add_haze
from .materials import Wish, finish_for, material_for
from .weather import is_wet, wetted
from .window import SUN_PATCH, sun_patch

__all__ = ["brighten", "hazy", "paint_ground", "scenery_of"]


_COLORED = {"ShaderNodeBsdfPrincipled": ("Base Color", "Emission Color"), "ShaderNodeEmission": ("Color",)}


_PARTS = {"sea": ("sea", None), "foam": ("matte", "#f2f5f4"), "pavement": ("concrete", "#a9a59d"),
          "marking": ("matte", "#e9e6da"), "tuft": ("blade", None)}  # fmt: skip
"""Material and colour of what lies beyond the ground."""
_PALER, _COLORFUL, _GREY_SHARE = "Paler light", 0.08, 0.75
"""A node; from how far apart the linear channels of a ground are it dyes things; how much of that is taken away."""
_AS_GROUND = {"wood": "planks", "water": "sea"}
"""Materials that look otherwise where they reach from here to the horizon."""


def _word(material: str) -> str:
    found = finish_for(material)
    return found[0] if found is not None else material


def hazy(plan: ScenePlan, air: Atmosphere) -> bool:
    """Whether things themselves are seen through haze: under water and in fog, not under a clear sky."""
    return plan.environment.kind is EnvironmentKind.UNDERWATER or plan.environment.mood == "foggy"


def scenery_of(plan: ScenePlan) -> Scenery | None:
    """What stands before the sky: nothing where there is no horizon, and nothing before a colour that was asked for."""
    place = plan.environment
    if place.kind is not EnvironmentKind.OUTDOOR or place.background is not None:
        return None
    # Fog hides what is far away.
    return Scenery.NOTHING if place.mood == "foggy" and place.scenery is not Scenery.FOREST else place.scenery


def brighten(factor: float) -> None:
    """Make ground, backdrop and walls brighter by ``factor`` (below 1: darker), whatever their textures are."""
    collection = bpy.data.collections.get(COLLECTION)
    things: Any = collection.objects if collection is not None else ()
    materials = {slot for thing in things for slot in thing.data.materials}
    for material in materials:
        tree: Any = material.node_tree
        for node in list(tree.nodes):
            for name in _COLORED.get(node.bl_idname, ()):
                _multiply(tree, node.inputs[name], factor)


def _multiply(tree: Any, put: Any, factor: float) -> None:
    put.default_value = scaled(tuple(put.default_value), factor)
    if not put.is_linked:
        return
    node = _mixed_in(tree, put, (factor, factor, factor, 1.0))
    node.blend_type = "MULTIPLY"
    node.inputs[0].default_value = 1.0


def _mixed_in(tree: Any, put: Any, color: RGBA) -> Any:
    """A node before the socket ``put`` that mixes ``color`` into what it had."""
    node = tree.nodes.new("ShaderNodeMix")
    node.data_type = "RGBA"
    node.inputs[6].default_value, node.inputs[7].default_value = tuple(put.default_value), color
    if put.is_linked:
        tree.links.new(put.links[0].from_socket, node.inputs[6])
    tree.links.new(node.outputs[2], put)
    return node


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
        if thing[PART] == "picture":
            continue
        made = _material(thing, plan, material, air)
        _neutral_light(made)
        if is_wet(plan):
            wetted(made, thing[PART], _word(material or air.ground), max(0.1, 0.004 * float(thing.dimensions.x)))
        thing.data.materials.clear()
        thing.data.materials.append(made)
    return warnings


def _neutral_light(material: Any) -> None:
    """What the ground throws on things is paler than the ground: a green field must not dye a yellow bus."""
    tree = material.node_tree
    if _PALER in tree.nodes:
        return
    for shader in [node for node in tree.nodes if node.bl_idname == "ShaderNodeBsdfPrincipled"]:
        put = shader.inputs["Base Color"]
        color = tuple(put.default_value)
        if max(color[:3]) - min(color[:3]) < _COLORFUL:
            continue
        light = luminance(color)
        mix = _mixed_in(tree, put, (light, light, light, 1.0))
        rays, share = tree.nodes.new("ShaderNodeLightPath"), tree.nodes.new("ShaderNodeMath")
        mix.name, share.operation = _PALER, "MULTIPLY"
        share.inputs[1].default_value = _GREY_SHARE
        tree.links.new(rays.outputs["Is Diffuse Ray"], share.inputs[0])
        tree.links.new(share.outputs[0], mix.inputs[0])


def _material(thing: Any, plan: ScenePlan, material: str | None, air: Atmosphere) -> Any:
    part = thing[PART]
    color = plan.ground.color
    far = plan.environment.kind in (EnvironmentKind.OUTDOOR, EnvironmentKind.UNDERWATER)
    # The floor's features are those of the world, not of the thing that stands on it, but on a table-top scene
    # they must not be larger than what is shown.
    size = max(0.3, min(8.0, float(thing.dimensions.x) * (0.02 if far else 0.4)))
    hazy = far or air.haze > 0
    if part == "wall":
        return _wall(_wall_color(plan), thing, air)
    if part == "pane":
        return _pane(air)
    if part == "trim":
        return material_for(Wish("paint", "#f3f0ea"))
    if part in _PARTS:
        known, own = _PARTS[part]
        asked = {"tuft": color, "sea": plan.ground.water_color}.get(part)
        return material_for(Wish(known, asked or own, size_m=size, hazy=True))
    if part == "paper" or (part == "backdrop" and material is None):
        asked = color or air.ground_color
        return paper(linear(asked) if asked else paper_color(), float(thing[FLOOR]))
    material = _AS_GROUND.get(_word(material or air.ground), material)
    return material_for(Wish(material or air.ground, color or air.ground_color, size_m=size, hazy=hazy))


def _wall_color(plan: ScenePlan) -> RGBA:
    asked = plan.environment.background
    return linear(asked) if asked else paper_color(0.045)


def _wall(color: RGBA, thing: Any, air: Atmosphere) -> Any:
    """Painted plaster, with the sun on it where it falls."""
    lit = SUN_PATCH in thing and air.sunny
    name = "Sunny wall" if lit else "Wall"
    known = bpy.data.materials.get(name)
    if known is not None:
        return known
    material: Any = bpy.data.materials.new(name)
    graph = Graph.of(material)
    principled = graph.add("BsdfPrincipled", {"Base Color": color, "Roughness": 0.9})
    if lit:
        at = graph.add("TexCoord").outputs["Object"]
        sun = graph.mix(1.0, color, linear(air.key_color, surface=False), blend="MULTIPLY")
        graph.connect(sun, principled.inputs["Emission Color"])
        shine = graph.math("MULTIPLY", sun_patch(graph, at, tuple(thing[SUN_PATCH])), 0.42)
        graph.connect(shine, principled.inputs["Emission Strength"])
    shader = add_haze(graph, principled.outputs[0]) if air.haze > 0 else principled.outputs[0]
    graph.arrange(graph.add("OutputMaterial", {"Surface": shader}))
    material.diffuse_color = color
    return material


def _pane(air: Atmosphere) -> Any:
    """What is outside, bright and out of focus."""
    material: Any = bpy.data.materials.new("Window view")
    graph = Graph.of(material)
    height = graph.add("SeparateXYZ", {0: graph.add("TexCoord").outputs["Generated"]}).outputs[2]
    low, high = (
        linear(tone, surface=False) for tone in (("#cfe3f3", "#a9cdf0") if air.sunny else ("#2b3f70", "#101a38"))
    )
    view = graph.mix(height, low, high)
    shine = graph.add("Emission", {"Color": view, "Strength": 1.0}).outputs[0]
    graph.arrange(graph.add("OutputMaterial", {"Surface": shine}))
    material.diffuse_color = low
    return material
