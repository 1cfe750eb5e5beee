"""Procedural textures. Each takes the position in features (1 = one feature) and gives a colour around the mean.

The mean over a surface stays the colour that was asked for: dark and light parts balance. Main thread.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ..graph import Graph

__all__ = ["TEXTURES", "Paint", "Texture"]


@dataclass(frozen=True)
class Texture:
    """Sockets of what varies over the surface; ``None`` where it does not. ``height`` is 0..1."""

    color: Any = None
    roughness: Any = None
    height: Any = None


@dataclass(frozen=True)
class Paint:
    """Sockets of the mean colour, of how far tones stray from it (0..1), and of the mean roughness."""

    color: Any
    contrast: Any
    roughness: Any


def _scaled(graph: Graph, color: Any, factor: Any) -> Any:
    """A colour made darker or lighter, each channel at most 1; ``factor`` for all channels or for each."""
    if isinstance(factor, Sequence):
        more = graph.vector("MULTIPLY", color, factor)
    else:
        more = graph.add("VectorMath", {0: color, "Scale": factor}, operation="SCALE").outputs[0]
    return graph.vector("MINIMUM", more, (1.0, 1.0, 1.0))


def _tone(graph: Graph, paint: Paint, share: float) -> Any:
    """The mean colour with ``share`` of the contrast added (negative: darker)."""
    return _scaled(
        graph,
        paint.color,
        graph.add("Math", {0: paint.contrast, 1: share, 2: 1.0}, operation="MULTIPLY_ADD").outputs[0],
    )


def _tinted(graph: Graph, factor: Any, paint: Paint) -> Any:
    """Between a darker and a lighter tone; noise around 0.5 gives the mean colour itself."""
    return graph.mix(factor, _tone(graph, paint, -1.0), _tone(graph, paint, 0.8))


def _times(graph: Graph, paint: Paint, low: float, high: float) -> tuple[Any, Any]:
    """The roughness times either number."""
    return graph.math("MULTIPLY", paint.roughness, low), graph.math("MULTIPLY", paint.roughness, high)


def _around(graph: Graph, paint: Paint, low: float, high: float) -> tuple[Any, Any]:
    """The roughness with either number added."""
    return graph.math("ADD", paint.roughness, low), graph.math("ADD", paint.roughness, high)


def _stretched(graph: Graph, at: Any, x: float, y: float, z: float) -> Any:
    return graph.vector("MULTIPLY", at, (x, y, z))


def _wood(graph: Graph, at: Any, paint: Paint) -> Texture:
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
    rough = graph.remap(fibre, 0.3, 0.7, *_around(graph, paint, -0.08, 0.1))
    return Texture(_tinted(graph, tone, paint), rough, lines)


def _planks(graph: Graph, at: Any, paint: Paint) -> Texture:
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
    wooden = _tinted(graph, mixed, paint)
    shown = graph.mix(boards.outputs[1], wooden, _scaled(graph, paint.color, 0.3))
    return Texture(shown, None, graph.math("SUBTRACT", graph.math("MULTIPLY", grain, 0.2), boards.outputs[1]))


def _brushed(graph: Graph, at: Any, paint: Paint) -> Texture:
    lines = graph.noise(_stretched(graph, at, 8.0, 8.0, 0.15), 1.0, 1.0)
    rough = graph.remap(lines, 0.3, 0.7, *_times(graph, paint, 0.75, 1.25))
    return Texture(_tinted(graph, lines, paint), rough)


def _polished(graph: Graph, at: Any, paint: Paint) -> Texture:
    """Smooth, but for where hands have touched it."""
    touched = graph.noise(at, 1.0, 2.0)
    return Texture(None, graph.remap(touched, 0.4, 0.7, *_times(graph, paint, 0.8, 1.5)))


def _mottled(graph: Graph, at: Any, paint: Paint) -> Texture:
    spots = graph.remap(graph.noise(at, 1.0, 5.0), 0.3, 0.7, 0.0, 1.0)
    rough = graph.remap(spots, 0.0, 1.0, *_times(graph, paint, 1.1, 0.9))
    return Texture(_tinted(graph, spots, paint), rough, spots)


def _stone(graph: Graph, at: Any, paint: Paint) -> Texture:
    broad = graph.noise(at, 0.6, 6.0, 0.4)
    fine = graph.noise(at, 6.0, 4.0)
    mixed = graph.math("ADD", graph.math("MULTIPLY", broad, 0.6), graph.math("MULTIPLY", fine, 0.4))
    factor = graph.remap(mixed, 0.35, 0.65, 0.0, 1.0)
    return Texture(_tinted(graph, factor, paint), None, factor)


def _speckled(graph: Graph, at: Any, paint: Paint) -> Texture:
    cells = graph.add("TexVoronoi", {"Vector": at, "Scale": 1.0}, feature="F1").outputs["Color"]
    grain = graph.add("SeparateColor", {0: cells}).outputs[0]
    return Texture(_tinted(graph, grain, paint), None, grain)


def _pebbled(graph: Graph, at: Any, paint: Paint) -> Texture:
    cells = graph.add("TexVoronoi", {"Vector": at, "Scale": 1.0}, feature="DISTANCE_TO_EDGE").outputs[0]
    grain = graph.remap(cells, 0.0, 0.18, 0.0, 1.0)
    wear = graph.noise(at, 0.15, 4.0)
    return Texture(_tinted(graph, wear, paint), None, grain)


def _weave(graph: Graph, at: Any, paint: Paint) -> Texture:
    """Threads over and under; the sum of three directions reads as cloth from every side."""
    waves = [
        graph.add("TexWave", {"Vector": at, "Scale": 0.32, "Distortion": 0.4}, bands_direction=axis).outputs[1]
        for axis in ("X", "Y", "Z")
    ]
    threads = graph.math("MULTIPLY", graph.math("ADD", graph.math("ADD", waves[0], waves[1]), waves[2]), 1 / 3)
    worn = graph.noise(at, 0.06, 4.0)
    factor = graph.math("ADD", graph.math("MULTIPLY", threads, 0.6), graph.math("MULTIPLY", worn, 0.4))
    return Texture(_tinted(graph, factor, paint), None, threads)


def _fuzz(graph: Graph, at: Any, paint: Paint) -> Texture:
    clumps = graph.noise(at, 0.7, 2.0, 1.2)
    fibres = graph.noise(at, 5.0, 4.0, 0.6)
    mixed = graph.math("ADD", graph.math("MULTIPLY", clumps, 0.5), graph.math("MULTIPLY", fibres, 0.5))
    factor = graph.remap(mixed, 0.35, 0.65, 0.0, 1.0)
    return Texture(_tinted(graph, factor, paint), None, factor)


def _strands(graph: Graph, at: Any, paint: Paint) -> Texture:
    lines = graph.noise(_stretched(graph, at, 5.0, 5.0, 0.4), 1.0, 3.0)
    factor = graph.remap(lines, 0.3, 0.7, 0.0, 1.0)
    return Texture(_tinted(graph, factor, paint), None, factor)


def _bark(graph: Graph, at: Any, paint: Paint) -> Texture:
    cracks = graph.noise(_stretched(graph, at, 2.2, 2.2, 0.45), 1.0, 5.0, 0.8)
    factor = graph.remap(cracks, 0.35, 0.62, 0.0, 1.0)
    return Texture(_tinted(graph, factor, paint), None, factor)


def _marble(graph: Graph, at: Any, paint: Paint) -> Texture:
    flow = graph.noise(at, 1.1, 6.0, 1.4)
    ridge = graph.math("ABSOLUTE", graph.math("SUBTRACT", flow, 0.5))
    vein = graph.remap(ridge, 0.0, 0.07, 1.0, 0.0)
    faint = graph.math("MULTIPLY", vein, graph.remap(graph.noise(at, 0.8, 2.0), 0.4, 0.65, 0.1, 1.0))
    return Texture(graph.mix(faint, paint.color, _tone(graph, paint, -1.0)))


def _brick(graph: Graph, at: Any, paint: Paint) -> Texture:
    # The brick texture lies in x and y; walls stand, so the height goes into its y.
    parts = graph.add("SeparateXYZ", {0: at})
    along = graph.math("ADD", parts.outputs[0], parts.outputs[1])
    flat = graph.add("CombineXYZ", {0: along, 1: parts.outputs[2]}).outputs[0]
    mortar = (0.55, 0.52, 0.48, 1.0)
    tones = {"Color1": _tone(graph, paint, 1.0), "Color2": _tone(graph, paint, -1.0)}
    sizes = {"Scale": 1.0, "Mortar Size": 0.02, "Brick Width": 1.0, "Row Height": 0.33}
    node = graph.add("TexBrick", {"Vector": flat, "Mortar": mortar, **tones, **sizes})
    grit = graph.noise(at, 9.0, 3.0)
    height = graph.math("SUBTRACT", graph.math("MULTIPLY", grit, 0.3), node.outputs[1])
    return Texture(node.outputs[0], None, height)


def _tiles(graph: Graph, at: Any, paint: Paint) -> Texture:
    grout = _scaled(graph, paint.color, 0.55)
    tones = {"Color1": paint.color, "Color2": _tone(graph, paint, -1.0)}
    sizes = {"Scale": 1.0, "Mortar Size": 0.012, "Brick Width": 1.0, "Row Height": 1.0}
    node = graph.add("TexBrick", {"Vector": at, "Mortar": grout, **tones, **sizes}, offset=0.0)
    return Texture(node.outputs[0], None, graph.math("SUBTRACT", 1.0, node.outputs[1]))


def _corrugated(graph: Graph, at: Any, paint: Paint) -> Texture:
    ribs = graph.add("TexWave", {"Vector": at, "Scale": 0.32}, bands_direction="X").outputs[1]
    stain = graph.noise(at, 0.12, 4.0)
    return Texture(_tinted(graph, stain, paint), None, ribs)


def _ripples(graph: Graph, at: Any, paint: Paint) -> Texture:
    return Texture(None, None, graph.noise(at, 1.0, 2.0, 0.8))


def _lawn(graph: Graph, at: Any, paint: Paint) -> Texture:
    """Blades up close, patches far off; greener and yellower spots."""
    blades = graph.noise(at, 2.4, 4.0, 0.5)
    patches = graph.noise(at, 0.02, 3.0)
    mixed = graph.math("ADD", graph.math("MULTIPLY", blades, 0.6), graph.math("MULTIPLY", patches, 0.4))
    factor = graph.remap(mixed, 0.36, 0.64, 0.0, 1.0)
    dry = _scaled(graph, paint.color, (1.7, 1.15, 1.0))
    base = _tinted(graph, factor, paint)
    return Texture(graph.mix(graph.remap(patches, 0.4, 0.7, 0.0, 0.5), base, dry), None, blades)


def _dunes(graph: Graph, at: Any, paint: Paint) -> Texture:
    waves = {"Scale": 0.3, "Distortion": 3.5, "Detail": 2.0, "Detail Scale": 0.6}
    ripple = graph.add("TexWave", {"Vector": at, **waves}, bands_direction="Y").outputs[1]
    grain = graph.noise(at, 60.0, 2.0)
    height = graph.math("ADD", graph.math("MULTIPLY", ripple, 0.8), graph.math("MULTIPLY", grain, 0.2))
    factor = graph.math("ADD", graph.math("MULTIPLY", ripple, 0.5), graph.math("MULTIPLY", grain, 0.5))
    return Texture(_tinted(graph, factor, paint), None, height)


TEXTURES: dict[str, Callable[[Graph, Any, Paint], Texture]] = {
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
