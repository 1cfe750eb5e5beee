"""What is seen far away, painted into the sky: hills, woods, mountains or a city, in the colours of the hour.

In the sky it costs no geometry, brings no noise, and stays far away wherever the camera goes. Main thread.
"""

from typing import Any

from ..models.plan import Scenery
from .atmosphere import Atmosphere
from .colour import RGBA, blended, linear
from .graph import Graph, Value

__all__ = ["add_skyline", "far_color"]

_SHARP = 0.0015


def add_skyline(graph: Graph, direction: Any, height: Any, color: Any, air: Atmosphere, scenery: Scenery) -> Any:
    """The sky's colour with the far scenery before it; ``height`` is the sine of the height above the horizon."""
    parts = graph.add("SeparateXYZ", {0: direction}).outputs
    around = graph.math("ARCTAN2", parts[0], parts[1])
    paint = _Paint(graph, around, height, air, scenery)
    if scenery is Scenery.FOREST:
        for number, (tall, width) in enumerate(((0.125, 0.018), (0.11, 0.028), (0.085, 0.045))):
            color = paint.layer(color, paint.trees(tall, width, number), 0.6 + 0.16 * number, _woods(air, "#23402a"))
    elif scenery is Scenery.CITY:
        for number, (tall, width) in enumerate(((0.105, 0.05), (0.075, 0.09))):
            top, cell, share = paint.houses(tall, width, number)
            color = paint.layer(color, top, 0.5 + 0.25 * number, paint.windows(cell, share, width, number))
    elif scenery is Scenery.MOUNTAINS:
        color = paint.layer(color, paint.ridge(0.035, 0.1, 4.0, 1.0), 0.62, paint.rock(air.far if air.arid else None))
        color = paint.layer(color, paint.ridge(0.012, 0.05, 7.0, 5.0), 0.75, paint.land("#4b5a52"))
    elif scenery is Scenery.HILLS:
        color = paint.layer(color, paint.ridge(0.026, 0.062, 2.5, 1.0), 0.36, paint.land("#55707a"))
        color = paint.layer(color, paint.ridge(0.014, 0.044, 4.5, 5.0), 0.6, paint.land("#55704f"))
    return color


def far_color(air: Atmosphere, scenery: Scenery | None) -> RGBA:
    """What things fade to in the distance: the horizon, or the shade below its trees, or the land's own colour."""
    if scenery is Scenery.FOREST:
        tone, share = _woods(air, "#4d6b4a"), 0.6
    elif scenery in (Scenery.HILLS, Scenery.MOUNTAINS) and air.far is not None:
        tone, share = air.far, 0.5
    else:
        return air.horizon_color
    own, share = _lit(linear(tone), _light(air)), share * _clearness(air)
    red, green, blue = ((1 - share) * sky + share * near for sky, near in zip(air.horizon_color[:3], own, strict=False))
    return red, green, blue, 1.0


def _clearness(air: Atmosphere) -> float:
    """How much of what is far away is left by the air before it, 0 to 1."""
    return max(0.3, min(1.0, air.haze / 28)) if air.haze > 0 else 1.0


def _woods(air: Atmosphere, green: str) -> str:
    """Far trees take after the land: yellow in autumn, white in snow."""
    return blended(green, air.far, 0.75) if air.far is not None and air.seasonal else green


def _light(air: Atmosphere) -> list[float]:
    zenith = linear(air.zenith, surface=False)
    light = [0.25 * low + 0.75 * high for low, high in zip(air.horizon_color[:3], zenith[:3], strict=True)]
    if not (air.arid or air.seasonal):
        return light
    # A blue sky would turn what is red or yellow of far land to grey.
    even = sum(light) / 3
    return [0.25 * one + 0.75 * even for one in light]


def _lit(color: RGBA, light: list[float]) -> RGBA:
    red, green, blue = (min(1.0, 2.2 * own * (0.15 + sky)) for own, sky in zip(color[:3], light, strict=True))
    return red, green, blue, 1.0


class _Paint:
    """Silhouettes around the horizon. Angles in radians; ``solid`` says how little of the air lies before a layer."""

    def __init__(self, graph: Graph, around: Any, height: Any, air: Atmosphere, scenery: Scenery) -> None:
        self.graph, self.around, self.height, self.air = graph, around, height, air
        self.horizon = far_color(air, scenery)
        # How bright the hour is: far things are lit by the sky that they stand before.
        self.light = _light(air)
        self.night = air.night

    def layer(self, below: Any, top: Any, solid: float, ink: Value) -> Any:
        """One silhouette up to ``top`` before what is behind it, paler towards its foot."""
        graph = self.graph
        shade = ink if not isinstance(ink, str) else self.lit(linear(ink))
        foot = graph.math("DIVIDE", self.height, graph.math("MAXIMUM", top, 1e-4), clamp=True)
        solid *= _clearness(self.air)
        depth = graph.math("MULTIPLY", graph.math("ADD", graph.math("MULTIPLY", foot, 0.45), 0.55), solid)
        shown = graph.mix(depth, self.horizon, shade)
        inside = graph.remap(graph.math("SUBTRACT", top, self.height), 0.0, _SHARP, 0.0, 1.0)
        return graph.mix(inside, below, shown)

    def lit(self, color: RGBA) -> RGBA:
        """A colour in the light of the hour."""
        return _lit(color, self.light)

    def ridge(self, low: float, high: float, waves: float, seed: float) -> Any:
        """Heights of a rolling or, with more detail, rocky line."""
        at = self.graph.add("CombineXYZ", {0: self.graph.math("MULTIPLY", self.around, waves), 1: seed}).outputs[0]
        return self.graph.remap(self.graph.noise(at, 1.0, 5.0), 0.3, 0.7, low, high)

    def land(self, usual: str) -> str:
        """The colour of far hills: the usual one, or nearer to that of a ground that has another."""
        air = self.air
        return blended(usual, air.far, 0.55) if air.far is not None and (air.arid or air.seasonal) else usual

    def rock(self, bare: str | None) -> Any:
        """Stone with snow above, and slopes that look towards the light; ``bare``: the colour of rock without snow."""
        graph = self.graph
        at = graph.add("CombineXYZ", {0: self.around, 1: self.height}).outputs[0]
        folds = graph.noise(graph.vector("MULTIPLY", at, (26.0, 40.0, 0.0)), 1.0, 4.0, 0.8)
        dark, light = ("#5d6470", "#8a8f96") if bare is None else (blended(bare, "#4a3226", 0.55), bare)
        stone = graph.mix(graph.remap(folds, 0.4, 0.6, 0.0, 1.0), self.lit(linear(dark)), self.lit(linear(light)))
        if bare is not None:
            return stone
        snow = graph.remap(graph.math("ADD", self.height, graph.math("MULTIPLY", folds, 0.06)), 0.075, 0.085, 0.0, 1.0)
        return graph.mix(snow, stone, self.lit(linear("#eef2f8")))

    def _cells(self, width: float, number: int) -> tuple[Any, Any, Any]:
        """Which cell around the horizon, the place in it from -1 to 1, and a random number of its own."""
        graph = self.graph
        along = graph.math("ADD", graph.math("DIVIDE", self.around, width), 17.3 * (number + 1))
        cell = graph.math("FLOOR", along)
        inside = graph.math("MULTIPLY", graph.math("SUBTRACT", graph.math("FRACT", along), 0.5), 2.0)
        chance = graph.add("TexWhiteNoise", {"W": cell}, noise_dimensions="1D").outputs["Value"]
        return cell, inside, chance

    def trees(self, tall: float, width: float, number: int) -> Any:
        """Tops of firs of different heights."""
        graph = self.graph
        _, inside, chance = self._cells(width, number)
        ragged = graph.noise(graph.add("CombineXYZ", {0: self.around, 1: self.height}).outputs[0], 3.0 / width, 2.0)
        slope = graph.math("SUBTRACT", 1.0, graph.math("MULTIPLY", graph.math("ABSOLUTE", inside), 0.62))
        top = graph.math("MULTIPLY", graph.remap(chance, 0.0, 1.0, 0.55 * tall, tall), slope)
        return graph.math("ADD", top, graph.remap(ragged, 0.3, 0.7, -0.06 * tall, 0.04 * tall))

    def houses(self, tall: float, width: float, number: int) -> tuple[Any, Any, Any]:
        """Flat roofs; also the cell of each house and the place in it."""
        cell, inside, chance = self._cells(width, number)
        return self.graph.remap(chance, 0.0, 1.0, 0.3 * tall, tall), cell, inside

    def windows(self, cell: Any, inside: Any, width: float, number: int) -> Any:
        """The walls' colour with rows of windows, some of them lit at night."""
        graph = self.graph
        column = graph.math("MULTIPLY", inside, 3.5)
        storey = graph.math("DIVIDE", self.height, width / 5.0)
        rooms = [
            graph.math("ABSOLUTE", graph.math("SUBTRACT", graph.math("FRACT", axis), 0.5)) for axis in (column, storey)
        ]
        glass = graph.math("MULTIPLY", *(graph.math("LESS_THAN", room, 0.26) for room in rooms))
        where = {0: graph.math("FLOOR", column), 1: graph.math("FLOOR", storey), 2: cell}
        chance = graph.add("TexWhiteNoise", {0: graph.add("CombineXYZ", where).outputs[0]}, noise_dimensions="3D")
        wall = self.lit(linear("#8b8076" if number else "#7d8590"))
        pane = self.lit(linear("#3c4650"))
        if not self.night:
            return graph.mix(glass, wall, pane)
        lit = graph.math("GREATER_THAN", chance.outputs["Value"], 0.62)
        return graph.mix(glass, wall, graph.mix(lit, pane, (1.0, 0.62, 0.22, 1.0)))
