"""Procedural textures. Each takes the position in features (1 = one feature) and gives a colour around the mean.

The mean over a surface stays the colour that was asked for: dark and light parts balance. Main thread.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..colour import RGBA, scaled
from ..graph import Graph
from .finish import Finish

__all__ = ["TEXTURES", "Texture"]


@dataclass(frozen=True)
class Texture:
    """Sockets of what varies over the surface; ``None`` where it does not. ``height`` is 0..1."""

    color: Any = None
    roughness: Any = None
    height: Any = None


def _tinted(graph: Graph, factor: Any, color: RGBA, contrast: float) -> Any:
    """Between a darker and a lighter tone of ``color``; noise around 0.5 gives ``color`` itself."""
    return graph.mix(factor, scaled(color, 1 - contrast), scaled(color, 1 + contrast * 0.8))


def _stretched(graph: Graph, at: Any, x: float, y: float, z: float) -> Any:
    return graph.vector("MULTIPLY", at, (x, y, z))


def _wood(graph: Graph, at: Any, finish: Finish, color: RGBA) -> Texture:
    """Annual rings about a heart beside the part, so that boards show long lines and arches, with fine fibres."""
    sway = graph.add("TexNoise", {"Vector": _stretched(graph, at, 0.4, 0.4, 0.05), "Scale": 1.0, "Detail": 2.0}).outputs
    flat = graph.vector("ADD", _stretched(graph, at, 1.0, 1.0, 0.0), (2.3, 1.4, 0.0))
    moved = graph.vector("ADD", flat, graph.vector("MULTIPLY", sway[1], (2.4, 2.4, 0.0)))
    away = graph.add("VectorMath", {0: moved}, operation="LENGTH").outputs["Value"]
    year = graph.math("FRACT", graph.math("MULTIPLY", away, 2.6))
    # Pale in spring, slowly darker, and within a hair's breadth pale again.
    ring = graph.math("MINIMUM", graph.remap(year, 0.0, 0.82, 1.0, 0.0), graph.remap(year, 0.82, 1.0, 1.0, 0.0))
    ring = graph.math("MAXIMUM", ring, graph.remap(year, 0.82, 1.0, 0.0, 1.0))
    fibre = graph.noise(_stretched(graph, at, 12.0, 12.0, 0.4), 1.0, 2.0)
    lines = graph.remap(fibre, 0.3, 0.7, 0.0, 1.0)
    mixed = graph.math("ADD", graph.math("MULTIPLY", ring, 0.5), graph.math("MULTIPLY", lines, 0.3))
    tone = graph.math("ADD", mixed, graph.math("MULTIPLY", sway[0], 0.2))
    rough = graph.remap(fibre, 0.3, 0.7, finish.roughness - 0.08, finish.roughness + 0.1)
    return Texture(_tinted(graph, tone, color, finish.contrast), rough, lines)


def _planks(graph: Graph, at: Any, finish: Finish, color: RGBA) -> Texture:
    """Floor boards along x, each of its own tone, with dark joints."""
    sizes = {"Scale": 1.0, "Mortar Size": 0.008, "Brick Width": 8.0, "Row Height": 1.0}
    tones = {"Color1": (0, 0, 0, 1), "Color2": (1, 1, 1, 1), "Mortar": (0.5, 0.5, 0.5, 1)}
    boards = graph.add("TexBrick", {"Vector": at, **tones, **sizes}, offset=0.37, offset_frequency=2)
    tone = graph.add("SeparateColor", {0: boards.outputs[0]}).outputs[0]
    # Every board is cut from another place of the tree.
    shift = graph.add("CombineXYZ", {0: graph.math("MULTIPLY", tone, 37.0), 1: 0.0, 2: tone}).outputs[0]
    lengthwise = _stretched(graph, graph.vector("ADD", at, shift), 0.35, 5.0, 5.0)
    grain = graph.remap(graph.noise(lengthwise, 1.0, 2.0, 0.6), 0.3, 0.7, 0.0, 1.0)
    mixed = graph.math("ADD", graph.math("MULTIPLY", tone, 0.55), graph.math("MULTIPLY", grain, 0.45))
    wooden = _tinted(graph, mixed, color, finish.contrast)
    shown = graph.mix(boards.outputs[1], wooden, scaled(color, 0.3))
    return Texture(shown, None, graph.math("SUBTRACT", graph.math("MULTIPLY", grain, 0.2), boards.outputs[1]))


def _brushed(graph: Graph, at: Any, finish: Finish, color: RGBA) -> Texture:
    lines = graph.noise(_stretched(graph, at, 8.0, 8.0, 0.15), 1.0, 1.0)
    rough = graph.remap(lines, 0.3, 0.7, finish.roughness * 0.75, finish.roughness * 1.25)
    return Texture(_tinted(graph, lines, color, finish.contrast), rough)


def _polished(graph: Graph, at: Any, finish: Finish, color: RGBA) -> Texture:
    """Smooth, but for where hands have touched it."""
    touched = graph.noise(at, 1.0, 2.0)
    return Texture(None, graph.remap(touched, 0.4, 0.7, finish.roughness * 0.8, finish.roughness * 1.5))


def _mottled(graph: Graph, at: Any, finish: Finish, color: RGBA) -> Texture:
    spots = graph.remap(graph.noise(at, 1.0, 5.0), 0.3, 0.7, 0.0, 1.0)
    rough = graph.remap(spots, 0.0, 1.0, finish.roughness * 1.1, finish.roughness * 0.9)
    return Texture(_tinted(graph, spots, color, finish.contrast), rough, spots)


def _stone(graph: Graph, at: Any, finish: Finish, color: RGBA) -> Texture:
    broad = graph.noise(at, 0.6, 6.0, 0.4)
    fine = graph.noise(at, 6.0, 4.0)
    mixed = graph.math("ADD", graph.math("MULTIPLY", broad, 0.6), graph.math("MULTIPLY", fine, 0.4))
    factor = graph.remap(mixed, 0.35, 0.65, 0.0, 1.0)
    return Texture(_tinted(graph, factor, color, finish.contrast), None, factor)


def _speckled(graph: Graph, at: Any, finish: Finish, color: RGBA) -> Texture:
    cells = graph.add("TexVoronoi", {"Vector": at, "Scale": 1.0}, feature="F1").outputs["Color"]
    grain = graph.add("SeparateColor", {0: cells}).outputs[0]
    return Texture(_tinted(graph, grain, color, finish.contrast), None, grain)


def _pebbled(graph: Graph, at: Any, finish: Finish, color: RGBA) -> Texture:
    cells = graph.add("TexVoronoi", {"Vector": at, "Scale": 1.0}, feature="DISTANCE_TO_EDGE").outputs[0]
    grain = graph.remap(cells, 0.0, 0.18, 0.0, 1.0)
    wear = graph.noise(at, 0.15, 4.0)
    return Texture(_tinted(graph, wear, color, finish.contrast), None, grain)


def _weave(graph: Graph, at: Any, finish: Finish, color: RGBA) -> Texture:
    """Threads over and under; the sum of three directions reads as cloth from every side."""
    waves = [
        graph.add("TexWave", {"Vector": at, "Scale": 0.32, "Distortion": 0.4}, bands_direction=axis).outputs[1]
        for axis in ("X", "Y", "Z")
    ]
    threads = graph.math("MULTIPLY", graph.math("ADD", graph.math("ADD", waves[0], waves[1]), waves[2]), 1 / 3)
    worn = graph.noise(at, 0.06, 4.0)
    factor = graph.math("ADD", graph.math("MULTIPLY", threads, 0.6), graph.math("MULTIPLY", worn, 0.4))
    return Texture(_tinted(graph, factor, color, finish.contrast), None, threads)


def _fuzz(graph: Graph, at: Any, finish: Finish, color: RGBA) -> Texture:
    clumps = graph.noise(at, 0.7, 2.0, 1.2)
    fibres = graph.noise(at, 5.0, 4.0, 0.6)
    mixed = graph.math("ADD", graph.math("MULTIPLY", clumps, 0.5), graph.math("MULTIPLY", fibres, 0.5))
    factor = graph.remap(mixed, 0.35, 0.65, 0.0, 1.0)
    return Texture(_tinted(graph, factor, color, finish.contrast), None, factor)


def _strands(graph: Graph, at: Any, finish: Finish, color: RGBA) -> Texture:
    lines = graph.noise(_stretched(graph, at, 5.0, 5.0, 0.4), 1.0, 3.0)
    factor = graph.remap(lines, 0.3, 0.7, 0.0, 1.0)
    return Texture(_tinted(graph, factor, color, finish.contrast), None, factor)


def _bark(graph: Graph, at: Any, finish: Finish, color: RGBA) -> Texture:
    cracks = graph.noise(_stretched(graph, at, 2.2, 2.2, 0.45), 1.0, 5.0, 0.8)
    factor = graph.remap(cracks, 0.35, 0.62, 0.0, 1.0)
    return Texture(_tinted(graph, factor, color, finish.contrast), None, factor)


def _marble(graph: Graph, at: Any, finish: Finish, color: RGBA) -> Texture:
    flow = graph.noise(at, 1.1, 6.0, 1.4)
    ridge = graph.math("ABSOLUTE", graph.math("SUBTRACT", flow, 0.5))
    vein = graph.remap(ridge, 0.0, 0.07, 1.0, 0.0)
    faint = graph.math("MULTIPLY", vein, graph.remap(graph.noise(at, 0.8, 2.0), 0.4, 0.65, 0.1, 1.0))
    return Texture(graph.mix(faint, color, scaled(color, 1 - finish.contrast)))


def _brick(graph: Graph, at: Any, finish: Finish, color: RGBA) -> Texture:
    # The brick texture lies in x and y; walls stand, so the height goes into its y.
    parts = graph.add("SeparateXYZ", {0: at})
    along = graph.math("ADD", parts.outputs[0], parts.outputs[1])
    flat = graph.add("CombineXYZ", {0: along, 1: parts.outputs[2]}).outputs[0]
    mortar = (0.55, 0.52, 0.48, 1.0)
    tones = {"Color1": scaled(color, 1 + finish.contrast), "Color2": scaled(color, 1 - finish.contrast)}
    sizes = {"Scale": 1.0, "Mortar Size": 0.02, "Brick Width": 1.0, "Row Height": 0.33}
    node = graph.add("TexBrick", {"Vector": flat, "Mortar": mortar, **tones, **sizes})
    grit = graph.noise(at, 9.0, 3.0)
    height = graph.math("SUBTRACT", graph.math("MULTIPLY", grit, 0.3), node.outputs[1])
    return Texture(node.outputs[0], None, height)


def _tiles(graph: Graph, at: Any, finish: Finish, color: RGBA) -> Texture:
    grout = scaled(color, 0.55)
    tones = {"Color1": color, "Color2": scaled(color, 1 - finish.contrast)}
    sizes = {"Scale": 1.0, "Mortar Size": 0.012, "Brick Width": 1.0, "Row Height": 1.0}
    node = graph.add("TexBrick", {"Vector": at, "Mortar": grout, **tones, **sizes}, offset=0.0)
    return Texture(node.outputs[0], None, graph.math("SUBTRACT", 1.0, node.outputs[1]))


def _corrugated(graph: Graph, at: Any, finish: Finish, color: RGBA) -> Texture:
    ribs = graph.add("TexWave", {"Vector": at, "Scale": 0.32}, bands_direction="X").outputs[1]
    stain = graph.noise(at, 0.12, 4.0)
    return Texture(_tinted(graph, stain, color, finish.contrast), None, ribs)


def _ripples(graph: Graph, at: Any, finish: Finish, color: RGBA) -> Texture:
    return Texture(None, None, graph.noise(at, 1.0, 2.0, 0.8))


def _lawn(graph: Graph, at: Any, finish: Finish, color: RGBA) -> Texture:
    """Blades up close, patches far off; greener and yellower spots."""
    blades = graph.noise(at, 2.4, 4.0, 0.5)
    patches = graph.noise(at, 0.02, 3.0)
    mixed = graph.math("ADD", graph.math("MULTIPLY", blades, 0.6), graph.math("MULTIPLY", patches, 0.4))
    factor = graph.remap(mixed, 0.36, 0.64, 0.0, 1.0)
    dry = (min(1.0, color[0] * 1.7), min(1.0, color[1] * 1.15), color[2], 1.0)
    base = _tinted(graph, factor, color, finish.contrast)
    return Texture(graph.mix(graph.remap(patches, 0.4, 0.7, 0.0, 0.5), base, dry), None, blades)


def _dunes(graph: Graph, at: Any, finish: Finish, color: RGBA) -> Texture:
    waves = {"Scale": 0.3, "Distortion": 3.5, "Detail": 2.0, "Detail Scale": 0.6}
    ripple = graph.add("TexWave", {"Vector": at, **waves}, bands_direction="Y").outputs[1]
    grain = graph.noise(at, 60.0, 2.0)
    height = graph.math("ADD", graph.math("MULTIPLY", ripple, 0.8), graph.math("MULTIPLY", grain, 0.2))
    factor = graph.math("ADD", graph.math("MULTIPLY", ripple, 0.5), graph.math("MULTIPLY", grain, 0.5))
    return Texture(_tinted(graph, factor, color, finish.contrast), None, height)


TEXTURES: dict[str, Callable[[Graph, Any, Finish, RGBA], Texture]] = {
    "bark": _bark,
    "brick": _brick,
    "brushed": _brushed,
    "corrugated": _corrugated,
    "dunes": _dunes,
    "fuzz": _fuzz,
    "lawn": _lawn,
    "marble": _marble,
    "mottled": _mottled,
    "pebbled": _pebbled,
    "planks": _planks,
    "polished": _polished,
    "ripples": _ripples,
    "speckled": _speckled,
    "stone": _stone,
    "strands": _strands,
    "tiles": _tiles,
    "weave": _weave,
    "wood": _wood,
}
"""By the names that ``Finish.texture`` uses; ``plain`` has none."""
