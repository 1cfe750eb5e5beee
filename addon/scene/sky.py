"""The world: a sky whose colours are the atmosphere's, with clouds or stars, and its light. Main thread.

A gradient of our own rather than the Sky texture: that one changed its models and brightness between 4.2 and
5.0, and one plan should give one picture.
"""

from typing import Any

import bpy

from ..models.plan import Scenery
from .atmosphere import Atmosphere
from .colour import RGBA, linear
from .graph import Graph
from .skyline import add_skyline
from .softboxes import add_softboxes

__all__ = ["build_sky"]


def build_sky(scene: Any, air: Atmosphere, azimuth: float, scenery: Scenery | None) -> None:
    """Give ``scene`` a new world; the one it had is removed. ``azimuth``: whence the camera looks, in radians;
    ``scenery``: what stands before the sky, ``None`` where there is no horizon."""
    if scene.world is not None:
        bpy.data.worlds.remove(scene.world)
    world: Any = bpy.data.worlds.new("Sky")
    scene.world = world
    # The sky is smooth but for clouds: a small map guides light as well as the usual 2048, without its second.
    world.cycles.sampling_method = "MANUAL"
    world.cycles.sample_map_resolution = 128
    graph = Graph.of(world)
    direction = graph.add("TexCoord").outputs["Generated"]
    height = graph.add("SeparateXYZ", {0: direction}).outputs[2]
    plain = graph.ramp(graph.remap(height, -1.0, 1.0, 0.0, 1.0), _stops(air))
    if air.glow is not None:
        plain = _glow(graph, direction, plain, air.glow)
    color = plain
    if air.clouds > 0:
        color = _clouds(graph, direction, height, color, air)
    if air.overcast > 0:
        color = _ceiling(graph, direction, height, color, air.overcast)
    if air.lightning:
        color = _lightning(graph, direction, height, color, azimuth)
    if air.stars > 0:
        color = _stars(graph, direction, color, air)
    if scenery is not None:
        color = add_skyline(graph, direction, height, color, air, scenery)
    shown = graph.add("Background", {"Color": color}).outputs[0]
    rays = graph.add("LightPath").outputs
    # What is mirrored is nearer to the sky as it is seen than to its share of the light, or metals would be dull.
    mirrored = max(air.ambient, min(1.0, 2.0 * air.ambient))
    dim = graph.remap(rays["Is Glossy Ray"], 0.0, 1.0, air.ambient, mirrored)
    grey = (0.6, 0.6, 0.6, 1.0)
    shed = graph.mix(air.neutral_light, plain, grey) if air.neutral_light > 0 else plain
    dimmed = graph.vector("SCALE", shed)
    graph.connect(dim, dimmed.node.inputs["Scale"])
    light = graph.add("Background", {"Color": add_softboxes(graph, direction, dimmed, air.boxes, azimuth)}).outputs[0]
    # Cycles skips what is mixed in with nothing: light pays for no clouds, and the view for no soft boxes.
    both = graph.add("MixShader", {0: rays["Is Camera Ray"], 1: light, 2: shown}).outputs[0]
    graph.arrange(graph.add("OutputWorld", {"Surface": both}))


def _stops(air: Atmosphere) -> list[tuple[float, RGBA]]:
    """By (height + 1) / 2: the nadir, just below the horizon, the horizon, a quarter up, the zenith."""
    zenith, horizon = linear(air.zenith, surface=False), linear(air.horizon, surface=False)
    middle = tuple(0.45 * low + 0.55 * high for low, high in zip(horizon, zenith, strict=True))
    below = linear(air.below, surface=False)
    # Pictures show the lowest degrees of the sky: most of its change lies there.
    low = tuple(0.72 * low + 0.28 * high for low, high in zip(horizon, zenith, strict=True))
    return [
        (0.0, below),
        (0.485, horizon),
        (0.5, horizon),
        (0.535, (low[0], low[1], low[2], 1.0)),
        (0.57, (middle[0], middle[1], middle[2], 1.0)),
        (0.9, zenith),
    ]


def _glow(graph: Graph, direction: Any, color: Any, glow: str) -> Any:
    """A low sun behind the scene, a little to the left: its disc, and the light around it."""
    towards = (-0.16, 0.985, 0.055)
    near = graph.add("VectorMath", {0: direction, 1: towards}, operation="DOT_PRODUCT").outputs[1]
    disc = graph.remap(near, 0.9993, 0.9996, 0.0, 5.0)
    halo = graph.math("MULTIPLY", graph.math("POWER", graph.remap(near, 0.86, 1.0, 0.0, 1.0), 4.0), 0.85)
    light = linear(glow, surface=False)
    shine = graph.mix(graph.math("ADD", disc, halo), (0.0, 0.0, 0.0, 1.0), light)
    return graph.mix(1.0, color, shine, blend="ADD")


def _clouds(graph: Graph, direction: Any, height: Any, color: Any, air: Atmosphere) -> Any:
    """Clouds on a flat ceiling, so that they shrink towards the horizon, where they end in haze."""
    puffs = graph.noise(_overhead(graph, direction, height), 0.75, 7.0, 0.3)
    cover = graph.remap(puffs, 0.62 - 0.12 * air.clouds, 0.78 - 0.12 * air.clouds, 0.0, 0.85)
    faded = graph.math("MULTIPLY", cover, graph.remap(height, 0.02, 0.16, 0.0, 1.0))
    lit = tuple(0.35 * white + 0.65 * glow for white, glow in zip((1, 1, 1), linear(air.horizon)[:3], strict=True))
    return graph.mix(faded, color, (*lit, 1.0))


def _overhead(graph: Graph, direction: Any, height: Any) -> Any:
    """Where a direction meets a level ceiling."""
    inverse = graph.math("DIVIDE", 1.0, graph.math("ADD", graph.math("MAXIMUM", height, 0.0), 0.12))
    return graph.vector("MULTIPLY", direction, graph.add("CombineXYZ", {0: inverse, 1: inverse}).outputs[0])


def _ceiling(graph: Graph, direction: Any, height: Any, color: Any, heavy: float) -> Any:
    """Clouds without a gap: dark bellies with lighter seams, the more so the heavier they are."""
    bellies = graph.noise(_overhead(graph, direction, height), 0.55, 6.0, 0.5)
    light = graph.remap(bellies, 0.34, 0.66, 1.0 - 0.62 * heavy, 1.0 + 0.45 * heavy)
    shade = graph.add("CombineColor", {0: light, 1: light, 2: light}).outputs[0]
    near = graph.remap(height, 0.0, 0.1, 0.25, 1.0)
    return graph.mix(near, color, graph.mix(1.0, color, shade, blend="MULTIPLY"))


def _lightning(graph: Graph, direction: Any, height: Any, color: Any, azimuth: float) -> Any:
    """A bolt right of the middle of the picture, with the light around it."""
    parts = graph.add("SeparateXYZ", {0: direction}).outputs
    around = graph.math("ADD", graph.math("ARCTAN2", parts[0], parts[1]), azimuth)
    bends = (
        graph.math(
            "MULTIPLY",
            graph.math("SUBTRACT", graph.noise(graph.add("CombineXYZ", {2: height}).outputs[0], scale, 1.0), 0.5),
            reach,
        )
        for scale, reach in ((9.0, 0.16), (70.0, 0.02))
    )
    path = graph.math("ADD", graph.math("ADD", next(bends), next(bends)), 0.17)
    away = graph.math("ABSOLUTE", graph.math("SUBTRACT", around, path))
    core = graph.remap(away, 0.0012, 0.003, 4.0, 0.0)
    halo = graph.math("MULTIPLY", graph.math("POWER", graph.remap(away, 0.0, 0.16, 1.0, 0.0), 3.0), 0.5)
    shine = graph.mix(graph.math("ADD", core, halo), (0.0, 0.0, 0.0, 1.0), (0.78, 0.84, 1.0, 1.0))
    return graph.mix(1.0, color, shine, blend="ADD")


def _stars(graph: Graph, direction: Any, color: Any, air: Atmosphere) -> Any:
    cells = graph.add("TexVoronoi", {"Vector": direction, "Scale": 90.0}, feature="F1").outputs
    near = graph.remap(cells["Distance"], 0.03, 0.1, 1.0, 0.0)
    parts = graph.add("SeparateColor", {0: cells["Color"]}).outputs
    chosen = graph.math("GREATER_THAN", parts[0], 0.55)
    bright = graph.math("MULTIPLY", graph.math("POWER", parts[1], 3.0), 2.2 * air.stars)
    light = graph.math("MULTIPLY", graph.math("MULTIPLY", near, chosen), bright)
    tint = graph.mix(parts[2], (0.75, 0.85, 1.0, 1.0), (1.0, 0.9, 0.75, 1.0))
    return graph.mix(1.0, color, graph.mix(light, (0.0, 0.0, 0.0, 1.0), tint), blend="ADD")
