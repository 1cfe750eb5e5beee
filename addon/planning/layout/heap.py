"""What fills a bowl or a basket: heaped, so that it looks over the rim and can be counted. Pure; any thread."""

from collections.abc import Sequence
from dataclasses import replace
from math import cos, pi, radians, sin

from .facts import Plane
from .geometry import Body, turned_extent

__all__ = ["heaped"]

_MOUTH = 0.84
"""The width of an opening as a share of what it is the opening of, where only its bottom is known."""
_NEAR_RIM = 0.75
_GOOD, _SMALLEST = 0.75, 0.4
_SINK, _SINK_UNDER_OTHERS = 0.55, 0.8
"""How much of the lowest things' height is below the rim."""
_UPRIGHT, _SPRAY = 1.6, 1.7
"""What is this much higher than wide stands on its end, like flowers, which are wider above the rim than at it."""
_NESTED, _ROUND = 0.74, 1.4
"""Round things lie in the gaps of those below them."""


def heaped(carrier: Body, plane: Plane, load: Sequence[Body]) -> list[Body]:
    """``load`` in layers about the middle of the opening of ``carrier``, made smaller where it must be."""
    inside = plane.at[2] * carrier.scale
    rim = carrier.size[2] if plane.rim is None else plane.rim * carrier.scale
    mouth = min(plane.size) * carrier.scale
    if inside < _NEAR_RIM * rim:
        mouth = max(mouth, _MOUTH * min(carrier.size[:2]))
    across = max(max(turned_extent(body.size, body.yaw)) for body in load)
    upright = all(body.size[2] > _UPRIGHT * max(body.size[:2]) for body in load)
    if upright:
        mouth *= _SPRAY
    layers = [len(load)] if upright else _layers(len(load), across, mouth)
    factor = max(_SMALLEST, min(1.0, *(mouth / _width(count, across) for count in layers)))
    tall = max(body.size[2] for body in load) * factor
    x, y = _middle(carrier, plane)
    height = carrier.z + _lowest(inside, rim, tall, 1 if upright else len(load), len(layers))
    left, placed = list(load), []
    for number, count in enumerate(layers):
        for spot in range(count):
            body = left.pop(0)
            turn = 2 * pi * (spot + 0.5 * (number % 2)) / count - pi / 2
            radius = _radius(count, across) * factor
            size = (body.size[0] * factor, body.size[1] * factor, body.size[2] * factor)
            placed.append(
                replace(
                    body, x=x + radius * cos(turn), y=y + radius * sin(turn), z=height, size=size,
                    scale=body.scale * factor, supported_by=carrier.id,
                )
            )  # fmt: skip
        height += tall * (_NESTED if _is_round(load) else 1.0)
    return placed


def _lowest(inside: float, rim: float, tall: float, count: int, layers: int) -> float:
    """How high the lowest layer lies: on the bottom if it looks over the rim from there, else on the wall's slope."""
    if count == 1 and inside + tall > rim * 0.95:
        return inside
    return max(inside, rim - (_SINK if layers == 1 else _SINK_UNDER_OTHERS) * tall)


def _middle(carrier: Body, plane: Plane) -> tuple[float, float]:
    c, s = cos(radians(carrier.yaw)), sin(radians(carrier.yaw))
    x, y = plane.at[0] * carrier.scale, plane.at[1] * carrier.scale
    return carrier.x + c * x - s * y, carrier.y + s * x + c * y


def _radius(count: int, across: float) -> float:
    """Of the ring in which ``count`` things touch each other."""
    return 0.0 if count == 1 else across / 2 / sin(pi / count)


def _width(count: int, across: float) -> float:
    return 2 * _radius(count, across) + across


def _layers(count: int, across: float, mouth: float) -> list[int]:
    """How many lie in each layer, the lowest first: as few layers as keep things big."""
    best, widest = [count], 0.0
    for lowest in range(min(count, 6), min(count, 3) - 1, -1):
        layers: list[int] = []
        left = count
        while left > 0:
            layers.append(min(left, max(1, lowest - len(layers))))
            left -= layers[-1]
        fit = mouth / _width(lowest, across) / (1 + 0.12 * (len(layers) - 1))
        if fit >= _GOOD:
            return layers
        if fit > widest:
            best, widest = layers, fit
    return best


def _is_round(load: Sequence[Body]) -> bool:
    return all(max(body.size) < _ROUND * min(body.size) for body in load)
