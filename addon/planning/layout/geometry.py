"""Boxes that stand on a floor and turn about the vertical. Pure; any thread. Metres, degrees."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import cos, radians, sin

__all__ = ["Body", "Point", "Rect", "bounds", "overlap_depth", "turned_extent"]

Point = tuple[float, float, float]


@dataclass(frozen=True)
class Rect:
    """An axis-parallel rectangle on the floor, and how high what stands in it reaches."""

    x0: float
    x1: float
    y0: float
    y1: float
    top: float

    @property
    def width(self) -> float:
        """Along the picture."""
        return self.x1 - self.x0

    @property
    def depth(self) -> float:
        """Away from the viewer."""
        return self.y1 - self.y0

    def corners(self) -> tuple[Point, ...]:
        """The corners of the box on the floor."""
        return tuple((x, y, z) for x in (self.x0, self.x1) for y in (self.y0, self.y1) for z in (0.0, self.top))

    def moved(self, dx: float, dy: float) -> "Rect":
        """The rectangle elsewhere."""
        return Rect(self.x0 + dx, self.x1 + dx, self.y0 + dy, self.y1 + dy, self.top)

    def overlaps(self, other: "Rect", gap: float = 0.0) -> bool:
        """Whether less than ``gap`` is free between both."""
        return (
            self.x0 < other.x1 + gap
            and other.x0 < self.x1 + gap
            and self.y0 < other.y1 + gap
            and other.y0 < self.y1 + gap
        )


@dataclass(frozen=True)
class Body:
    """One instance of a thing: base centre, box before turning, turn, scale, and what carries it."""

    id: str
    instance: int
    x: float
    y: float
    z: float
    size: Point
    yaw: float
    scale: float
    supported_by: str | None = None
    worn: bool = False

    def moved(self, dx: float, dy: float, dz: float = 0.0) -> "Body":
        """The body elsewhere."""
        return replace(self, x=self.x + dx, y=self.y + dy, z=self.z + dz)

    def resized(self, factor: float) -> "Body":
        """The body and its place scaled about the origin."""
        size = (self.size[0] * factor, self.size[1] * factor, self.size[2] * factor)
        return replace(
            self, x=self.x * factor, y=self.y * factor, z=self.z * factor, size=size, scale=self.scale * factor
        )

    def corners(self) -> list[Point]:
        """The eight corners of the turned box."""
        c, s = cos(radians(self.yaw)), sin(radians(self.yaw))
        half = [(sx * self.size[0] / 2, sy * self.size[1] / 2) for sx in (-1, 1) for sy in (-1, 1)]
        flat = [(self.x + c * dx - s * dy, self.y + s * dx + c * dy) for dx, dy in half]
        return [(px, py, pz) for pz in (self.z, self.z + self.size[2]) for px, py in flat]


def turned_extent(size: Point, yaw: float) -> tuple[float, float]:
    """Width and depth of the axis-parallel rectangle about a turned box."""
    c, s = abs(cos(radians(yaw))), abs(sin(radians(yaw)))
    return (size[0] * c + size[1] * s, size[0] * s + size[1] * c)


def bounds(bodies: Iterable[Body]) -> Rect:
    """The rectangle about bodies; at least one is needed."""
    corners = [corner for body in bodies for corner in body.corners()]
    xs, ys, zs = zip(*corners, strict=True)
    return Rect(min(xs), max(xs), min(ys), max(ys), max(zs))


def overlap_depth(left: Body, right: Body) -> float:
    """How far two turned boxes reach into each other, in metres; 0 or less where they are apart.

    Separating axes: the vertical and both boxes' sides.
    """
    least = min(left.z + left.size[2], right.z + right.size[2]) - max(left.z, right.z)
    if least <= 0:
        return least
    for yaw in (left.yaw, right.yaw):
        for turn in (0.0, 90.0):
            axis = (cos(radians(yaw + turn)), sin(radians(yaw + turn)))
            a0, a1 = _shadow(left, axis)
            b0, b1 = _shadow(right, axis)
            least = min(least, min(a1, b1) - max(a0, b0))
            if least <= 0:
                return least
    return least


def _shadow(body: Body, axis: tuple[float, float]) -> tuple[float, float]:
    along = [px * axis[0] + py * axis[1] for px, py, _ in body.corners()[:4]]
    return min(along), max(along)
