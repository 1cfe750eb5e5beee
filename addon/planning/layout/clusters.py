"""Clusters: a thing with all that stands on, in, under, above and around it, which moves as one. Pure; any thread."""

from dataclasses import dataclass, field, replace
from math import cos, hypot, radians, sin

from .facts import Facts, Plane
from .geometry import Body, Point, Rect, bounds
from .heap import heaped

__all__ = ["Cluster", "hover", "put_inside", "put_on", "put_under", "surround"]

_MANY = 8
_SMALLEST = 0.3
"""What does not fit is made smaller down to this factor; beyond, it hangs over."""
_OVERHANG = 1.3
_RIDER, _LEAST_RIDER = 1.3, 0.75


@dataclass(frozen=True)
class Cluster:
    """Bodies about the origin; ``id`` is the thing that carries the rest."""

    id: str
    bodies: tuple[Body, ...]
    airborne: bool = False
    names: frozenset[str] = field(default=frozenset())

    @property
    def rect(self) -> Rect:
        """The floor that it needs."""
        return bounds(self.bodies)

    @property
    def corners(self) -> tuple[Point, ...]:
        """What of it is looked at: its bodies' corners, or its rectangle's where these are many."""
        if len(self.bodies) > _MANY:
            return self.rect.corners()
        return tuple(corner for body in self.bodies for corner in body.corners())

    def moved(self, dx: float, dy: float, dz: float = 0.0) -> "Cluster":
        """The cluster elsewhere."""
        return replace(self, bodies=tuple(body.moved(dx, dy, dz) for body in self.bodies))

    def with_bodies(self, bodies: list[Body]) -> "Cluster":
        """The cluster with others added."""
        return replace(self, bodies=(*self.bodies, *bodies), names=self.names | {body.id for body in bodies})

    def own(self) -> list[Body]:
        """The instances of the carrying thing."""
        return [body for body in self.bodies if body.id == self.id]


def put_on(carrier: Body, facts: Facts, load: list[Body]) -> list[Body]:
    """``load`` (about its own origin) on a surface of ``carrier``, made smaller where needed.

    Without a named surface the top of its box is one, and a load may reach over its edge a little.
    """
    planes = facts.on or (Plane((0.0, 0.0, facts.size[2]), (facts.size[0], facts.size[1])),)
    plane = max(planes, key=lambda one: (one.size[0] * one.size[1] * (1.0 if one.clear is None else 0.4), one.at[2]))
    return _laid(carrier, plane, load, 1.0 if facts.on else _OVERHANG)


def put_inside(carrier: Body, facts: Facts, load: list[Body]) -> list[Body]:
    """``load`` in the opening of ``carrier``; on it where it has none, which the check with the camera then tells."""
    if not facts.inside:
        return put_on(carrier, facts, load)
    plane = max(facts.inside, key=lambda one: one.size[0] * one.size[1])
    if plane.clear is None and all(body.supported_by is None for body in load):
        return heaped(carrier, plane, load)
    return _laid(carrier, plane, load, 1.0)


def _laid(carrier: Body, plane: Plane, load: list[Body], allowed: float) -> list[Body]:
    scale = carrier.scale
    room = (plane.size[0] * scale * allowed, plane.size[1] * scale * allowed)
    box = bounds(load)
    c, s = abs(cos(radians(carrier.yaw))), abs(sin(radians(carrier.yaw)))
    # The load's rectangle must lie within the turned one of the surface.
    fit = min(room[0] / (box.width * c + box.depth * s), room[1] / (box.width * s + box.depth * c))
    if plane.clear is not None:
        fit = min(fit, plane.clear * scale * 0.95 / box.top)
    factor = min(1.0, max(fit, _SMALLEST))
    if plane.clear is None and len(load) == 1 and box.top <= _RIDER * max(carrier.size):
        # A rider reaches over the back of a horse on both sides, and does not become a child by that.
        factor = min(1.0, max(fit * 2, _LEAST_RIDER))
    c, s = cos(radians(carrier.yaw)), sin(radians(carrier.yaw))
    x, y = plane.at[0] * scale, plane.at[1] * scale
    dx, dy, dz = carrier.x + c * x - s * y, carrier.y + s * x + c * y, carrier.z + plane.at[2] * scale
    placed = [body.resized(factor).moved(dx, dy, dz) for body in load]
    return [_on(body, carrier.id) for body in placed]


def _on(body: Body, carrier: str) -> Body:
    return body if body.supported_by else replace(body, supported_by=carrier)


def put_under(carrier: Body, plane: Plane, load: list[Body]) -> list[Body]:
    """``load`` on the floor of the room below ``carrier``, near its front so that it is seen."""
    scale = carrier.scale
    box = bounds(load)
    factor = min(1.0, plane.size[0] * scale / box.width, plane.size[1] * scale * 1.15 / box.depth)
    if plane.clear is not None:
        factor = min(factor, plane.clear * scale * 0.97 / box.top)
    shrunk = [body.resized(factor) for body in load]
    room = max(0.0, plane.size[1] * scale - bounds(shrunk).depth) / 2
    c, s = cos(radians(carrier.yaw)), sin(radians(carrier.yaw))
    x, y = plane.at[0] * scale, plane.at[1] * scale
    dx, dy = carrier.x + c * x - s * y, carrier.y + s * x + c * y
    return [body.moved(dx, dy - room, carrier.z + plane.at[2] * scale) for body in shrunk]


def hover(cluster: Cluster, load: list[Body], gap: float) -> list[Body]:
    """``load`` in the air above everything of ``cluster``."""
    rect = bounds(cluster.own())
    top = cluster.rect.top
    return [body.moved((rect.x0 + rect.x1) / 2, (rect.y0 + rect.y1) / 2, top + gap) for body in load]


def surround(cluster: Cluster) -> float:
    """How far from its middle everything of the cluster reaches."""
    rect = cluster.rect
    return hypot(max(abs(rect.x0), abs(rect.x1)), max(abs(rect.y0), abs(rect.y1)))
