"""How large the placed scene is: ground, lights and the camera's clipping are measured by it. Any thread."""

import math
from dataclasses import dataclass

from ..models.layout import CameraPlacement, Layout, Placement

__all__ = ["Extent", "azimuth_of", "extent_of", "footprint"]

Vector = tuple[float, float, float]


@dataclass(frozen=True)
class Extent:
    """The box around everything placed, and the camera's distance from its centre. Metres."""

    low: Vector
    high: Vector
    camera_distance: float

    @property
    def centre(self) -> Vector:
        """Middle of the box."""
        return (
            (self.low[0] + self.high[0]) / 2,
            (self.low[1] + self.high[1]) / 2,
            (self.low[2] + self.high[2]) / 2,
        )

    @property
    def radius(self) -> float:
        """Half of the box's diagonal."""
        return max(0.02, math.dist(self.low, self.high) / 2)


def footprint(placement: Placement) -> tuple[float, float]:
    """Half width and half depth of the turned box, along x and y."""
    turn = math.radians(placement.rotation_z)
    cosine, sine = abs(math.cos(turn)), abs(math.sin(turn))
    width, depth, _ = placement.size
    return (width * cosine + depth * sine) / 2, (width * sine + depth * cosine) / 2


def extent_of(layout: Layout) -> Extent:
    """The extent of a layout; a metre around the origin when nothing is placed."""
    low, high = [math.inf] * 3, [-math.inf] * 3
    for placement in layout.placements:
        half_x, half_y = footprint(placement)
        x, y, z = placement.position
        corners = ((x - half_x, x + half_x), (y - half_y, y + half_y), (z, z + placement.size[2]))
        for axis, (least, most) in enumerate(corners):
            low[axis], high[axis] = min(low[axis], least), max(high[axis], most)
    if not layout.placements:
        low, high = [-0.5, -0.5, 0.0], [0.5, 0.5, 1.0]
    box_low, box_high = (low[0], low[1], low[2]), (high[0], high[1], high[2])
    middle = [(least + most) / 2 for least, most in zip(low, high, strict=True)]
    return Extent(box_low, box_high, math.dist(layout.camera.position, middle))


def azimuth_of(camera: CameraPlacement) -> float:
    """From which side the camera looks, in radians: 0 from the front (-Y), counterclockwise seen from above."""
    away_x = camera.position[0] - camera.target[0]
    away_y = camera.position[1] - camera.target[1]
    if math.hypot(away_x, away_y) < 1e-6:
        return 0.0
    return math.atan2(away_x, -away_y)
