"""One Blender material from what is asked for. Equal wishes share one material. Main thread.

Every input of the Principled node keeps the mean colour as its own value also where a texture is linked, so
that the viewport and exporters, which read only that, show the right colour.
"""

import math
from dataclasses import dataclass, replace
from typing import Any

import bpy

from ..colour import RGBA, contrasting, linear, oklab
from ..graph import Graph
from ..haze import add_haze
from .finish import Finish, finish_for
from .patterns import patterned
from .textured import textured
from .textures import Texture

__all__ = ["Wish", "finish_of", "material_for"]

STAMP = "scenekeeper_wish"
_LAID = frozenset({"brick", "corrugated", "dunes", "lawn", "planks", "ripples", "tiles", "weave"})
"""Textures that lie in the world or along edges; all others are cut anew for each part."""
_ENDLESS = frozenset({"dunes", "lawn", "ripples"})
"""Textures of ground that reaches to the horizon."""
_STAINED = 0.55
"""Wood under a colour of its own shows this much of its contrast."""


@dataclass(frozen=True)
class Wish:
    """What a surface shall be. ``size_m`` is the thing's largest side, ``axis`` the one that wood grain follows."""

    material: str
    color: str | None = None
    pattern: str | None = None
    pattern_color: str | None = None
    size_m: float = 1.0
    axis: int = 2
    hazy: bool = False

    @property
    def stamp(self) -> str:
        """The same for equal materials; sizes within a factor of two count as equal."""
        step = round(math.log2(max(self.size_m, 1e-4)))
        words = (self.material, self.color, self.pattern, self.pattern_color, step, self.axis, self.hazy)
        return "|".join(map(str, words))


def material_for(wish: Wish) -> bpy.types.Material:
    """The material of this file for ``wish``; an unknown material word looks like plastic."""
    name, finish = finish_for(wish.material) or ("plastic", _plastic())
    hex_color = wish.color or finish.color
    stamp = wish.stamp
    for known in bpy.data.materials:
        if known.get(STAMP) == stamp:
            return known
    label = " ".join(filter(None, (name.replace("_", " ").capitalize(), wish.pattern, hex_color)))
    material = bpy.data.materials.new(label)
    material[STAMP] = stamp
    _build(material, finish, wish, hex_color)
    return material


def finish_of(material: bpy.types.Material | None) -> Finish | None:
    """The finish that a material was made with; ``None`` for those of others."""
    word = str(material.get(STAMP, "")).partition("|")[0] if material is not None else ""
    found = finish_for(word) if word else None
    return found[1] if found is not None else None


def _plastic() -> Finish:
    found = finish_for("plastic")
    assert found is not None
    return found[1]


def _build(material: Any, finish: Finish, wish: Wish, hex_color: str) -> None:
    color = linear(hex_color)
    graph = Graph.of(material)
    at = graph.add("TexCoord").outputs["Object"]
    if finish.texture == "wood" and hex_color != finish.color and _is_paint(color):
        finish = replace(finish, contrast=finish.contrast * _STAINED)
    feature = min(finish.feature_m, wish.size_m * 0.35)
    texture = Texture()
    if finish.texture != "plain":
        along = graph.vector("MULTIPLY", _turned(graph, at, wish.axis), (1 / feature,) * 3)
        if finish.texture not in _LAID:
            along = graph.vector("ADD", along, _piece(graph))
        texture = textured(graph, finish.texture, along, color, finish.contrast, finish.roughness)
    shown = texture.color
    if wish.pattern:
        other = linear(wish.pattern_color or contrasting(hex_color))
        shown = patterned(graph, wish.pattern, at, wish.size_m, shown or color, other)
    shader = _principled(graph, finish, color, texture, shown, feature)
    if finish.transmission > 0.5:
        shader = _clear_shadow(graph, shader, color)
    if wish.hazy:
        shader = add_haze(graph, shader)
    graph.arrange(graph.add("OutputMaterial", {"Surface": shader}))
    material.diffuse_color = color
    material.metallic, material.roughness = finish.metallic, finish.roughness


def _is_paint(color: RGBA) -> bool:
    """Whether no tree grows in this colour."""
    light, a, b = oklab(color)
    hue = math.degrees(math.atan2(b, a))
    return math.hypot(a, b) > 0.13 or not 30 < hue < 100 or not 0.2 < light < 0.9


def _piece(graph: Graph) -> Any:
    """Another place in the texture for each part, so that no two legs are cut from the same wood."""
    number = graph.math("MULTIPLY", graph.add("ObjectInfo").outputs["Random"], 61.0)
    return graph.add("CombineXYZ", {0: number, 1: number, 2: number}).outputs[0]


def _turned(graph: Graph, at: Any, axis: int) -> Any:
    """The position with ``axis`` as its z, which is where grain runs."""
    if axis == 2:
        return at
    parts = graph.add("SeparateXYZ", {0: at}).outputs
    order = (2, 1, 0) if axis == 0 else (0, 2, 1)
    return graph.add("CombineXYZ", {index: parts[source] for index, source in enumerate(order)}).outputs[0]


def _principled(graph: Graph, finish: Finish, color: RGBA, texture: Texture, shown: Any, feature: float) -> Any:
    node = graph.add(
        "BsdfPrincipled",
        {
            "Base Color": color,
            "Roughness": finish.roughness,
            "Metallic": finish.metallic,
            "IOR": finish.ior,
            "Transmission Weight": finish.transmission,
            "Coat Weight": finish.coat,
            "Coat Roughness": 0.08,
            "Sheen Weight": finish.sheen,
            "Subsurface Weight": finish.subsurface,
            "Subsurface Scale": feature,
            "Emission Color": color,
            "Emission Strength": finish.emission,
        },
    )
    if shown is not None:
        graph.connect(shown, node.inputs["Base Color"])
    if texture.roughness is not None:
        graph.connect(texture.roughness, node.inputs["Roughness"])
    if texture.height is not None and finish.bump > 0:
        strength = _faded(graph, finish.bump, feature) if finish.texture in _ENDLESS else finish.bump
        relief = {"Height": texture.height, "Strength": strength, "Distance": feature * 0.15}
        graph.connect(graph.add("Bump", relief).outputs[0], node.inputs["Normal"])
    return node.outputs[0]


def _faded(graph: Graph, strength: float, feature: float) -> Any:
    """Relief that dies away where it is finer than the picture, and would only glitter."""
    distance = graph.add("CameraData").outputs["View Distance"]
    return graph.remap(distance, 20 * feature, 120 * feature, strength, 0.0)


def _clear_shadow(graph: Graph, shader: Any, color: RGBA) -> Any:
    """Light falls through glass: without caustics its shadow would be that of something solid."""
    tint = tuple(0.35 + 0.6 * channel for channel in color[:3])
    through = graph.add("BsdfTransparent", {0: (*tint, 1.0)}).outputs[0]
    shadow = graph.add("LightPath").outputs["Is Shadow Ray"]
    return graph.add("MixShader", {0: graph.math("MULTIPLY", shadow, 0.85), 1: shader, 2: through}).outputs[0]
