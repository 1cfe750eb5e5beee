"""People on seats, hats on heads, glasses before eyes: each is put where it was made to be. Pure; any thread."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import cos, radians, sin

from .facts import Facts, Plane
from .geometry import Body, Point

__all__ = ["all_sit", "put_on_body", "seated"]

_LEAST, _CLEAR = 0.7, 0.01
"""How much smaller sitters are made for a low seat or a full one; and how far their feet stay above its ground."""
_LENS, _BRIDGE = 0.06, 0.6
"""How far lenses reach forward, as a share of the glasses' length, and how high their middle is, of their height."""


def all_sit(load: Sequence[Body], facts: Mapping[str, Facts]) -> bool:
    """Whether a load is nothing but things in a pose that rests on a seat."""
    return all(body.supported_by is None and facts[body.id].rests is not None for body in load)


def seated(carrier: Body, plane: Plane, load: Sequence[Body], facts: Mapping[str, Facts]) -> list[Body]:
    """``load`` side by side on ``plane`` of ``carrier``, looking where it looks."""
    pitch = max(body.size[0] for body in load)
    room = plane.size[0] * carrier.scale / len(load)
    crowd = min(1.0, max(_LEAST, room / pitch)) if len(load) > 1 else 1.0
    step = max(room, pitch * crowd) if len(load) > 1 else 0.0
    found = []
    for number, body in enumerate(load):
        rests = facts[body.id].rests
        assert rests is not None
        along = (number - (len(load) - 1) / 2) * step
        found.append(_sitting(carrier, plane, body.resized(crowd), rests, along))
    return found


def _sitting(carrier: Body, plane: Plane, body: Body, rests: Point, along: float) -> Body:
    height = plane.at[2] * carrier.scale
    # Somebody whose legs are too long for a low seat is made smaller, rather than to sit in the air.
    shrunk = body.resized(min(1.0, max(_LEAST, (height - _CLEAR) / max(rests[2] * body.scale, 1e-6))))
    x = plane.at[0] * carrier.scale + along - rests[0] * shrunk.scale
    y = plane.at[1] * carrier.scale - rests[1] * shrunk.scale
    return _turned_with(carrier, shrunk, x, y, max(_CLEAR, height - rests[2] * shrunk.scale))


def put_on_body(carrier: Body, kind: str, plane: Plane, worn: Body) -> Body:
    """A hat over the head of ``carrier``, or glasses before its eyes, looking where it looks."""
    x, y, z = (value * carrier.scale for value in plane.at)
    if kind == "eyes":
        # The lenses are what is in front of the rest, and a little above the middle of it.
        y, z = y + worn.size[1] * (0.5 - _LENS), z - worn.size[2] * _BRIDGE
    return replace(_turned_with(carrier, worn, x, y, z), worn=True)


def _turned_with(carrier: Body, body: Body, x: float, y: float, z: float) -> Body:
    """``body`` at a point of ``carrier``'s own axes, in metres, turned as it is."""
    c, s = cos(radians(carrier.yaw)), sin(radians(carrier.yaw))
    return replace(
        body,
        x=carrier.x + c * x - s * y,
        y=carrier.y + s * x + c * y,
        z=carrier.z + z,
        yaw=carrier.yaw,
        supported_by=carrier.id,
    )
