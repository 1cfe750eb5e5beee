"""The studio's paper: a colour that sets the things off, lit where they stand and a soft gradient farther out.

Main thread.
"""

import math
from typing import Any

import bpy

from .colour import RGBA, from_oklab, oklab
from .graph import Graph
from .materials import finish_of
from .paint import placed_roots

__all__ = ["paper", "paper_color"]

_LIGHT, _MIDDLE, _DARK = 0.89, 0.7, 0.4
"""OKLab lightness of paper behind dark and behind light things, and behind glass, whose edges shine before the dark."""
NAME = "Backdrop"
_COOL = math.radians(250)


def paper_color(chroma: float = 0.024) -> RGBA:
    """A muted colour opposite to what is placed in hue, and far from it in lightness; ``chroma`` as in OKLab."""
    whole, clear, sums = 1e-9, 0.0, [0.0, 0.0, 0.0]
    for part in [part for root in placed_roots() for part in root.children_recursive if part.type == "MESH"]:
        material, (_, width, length) = part.active_material, sorted(part.dimensions)
        weight = width * length * part.matrix_world.median_scale**2
        if material is None:
            continue
        whole += weight
        found = finish_of(material)
        clear += weight if found is not None and found.transmission > 0.5 else 0.0
        seen = oklab(tuple(material.diffuse_color))
        sums = [total + weight * value for total, value in zip(sums, seen, strict=True)]
    light, a, b = (total / whole for total in sums)
    hue = math.atan2(-b, -a) if math.hypot(a, b) > 0.03 else _COOL
    paper = _DARK if clear > 0.6 * whole else _MIDDLE if light > 0.74 else _LIGHT
    return from_oklab(paper, chroma * math.cos(hue), chroma * math.sin(hue))


def paper(color: RGBA, floor_m: float) -> Any:
    """Matte paper around the scene, whose level part reaches ``floor_m`` from its middle.

    Around the things it is a lit surface with their shadows. Farther out it glows by itself in a gradient, brightest
    behind the things: free of noise, and never the dull grey of a wall that no light reaches.
    """
    material: Any = bpy.data.materials.get(NAME)
    if material is not None:
        return material
    material = bpy.data.materials.new(NAME)
    graph = Graph.of(material)
    at = graph.add("TexCoord").outputs["Object"]
    away = graph.add("VectorMath", {0: at}, operation="LENGTH").outputs["Value"]
    far = graph.remap(away, floor_m * 0.45, floor_m * 1.05, 0.0, 1.0)
    behind = graph.add("VectorMath", {0: at, 1: (-0.15 * floor_m, 0.9 * floor_m, 0.1 * floor_m)}, operation="DISTANCE")
    glow = graph.remap(behind.outputs["Value"], 0.25 * floor_m, 1.9 * floor_m, 1.0, 0.4)
    surface = {"Base Color": color, "Roughness": 0.9, "Specular IOR Level": 0.15}
    lit = graph.add("BsdfPrincipled", surface).outputs[0]
    shine = graph.add("Emission", {"Color": color, "Strength": glow}).outputs[0]
    shown = graph.add("MixShader", {0: far, 1: lit, 2: shine}).outputs[0]
    graph.arrange(graph.add("OutputMaterial", {"Surface": shown}))
    material.diffuse_color = color
    return material
