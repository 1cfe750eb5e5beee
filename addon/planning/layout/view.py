"""The camera: projection, and the place from which everything is inside the frame. Pure; any thread.

The frame is measured from its centre: x and y from -1 to 1 at its edges. The sensor's width lies along the longer
side of the picture, as in Blender with automatic sensor fit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import atan2, cos, degrees, radians, sin

from ...models.layout import CameraPlacement

__all__ = ["Seen", "View", "fit_view", "seen_box", "view_of"]

Point = tuple[float, float, float]
_SENSOR_MM = 36.0


@dataclass(frozen=True)
class View:
    """A camera that looks along +Y and down by ``pitch`` degrees. ``half`` is half the picture's width and height
    at distance 1, or of the whole picture in metres where it is orthographic."""

    position: Point
    pitch: float
    half: tuple[float, float]
    lens_mm: float
    orthographic: bool = False
    distance: float = 1.0

    def project(self, point: Point) -> tuple[float, float, float]:
        """Place in the frame and distance from the camera along its axis, in metres."""
        right, up, ahead = _turned(point, self.position, self.pitch)
        depth = max(ahead, 1e-6)
        by = 1.0 if self.orthographic else depth
        return (right / (self.half[0] * by), up / (self.half[1] * by), ahead)

    def placement(self, focus: float | None) -> CameraPlacement:
        """The camera as layouts hold it."""
        c, s = cos(radians(self.pitch)), sin(radians(self.pitch))
        x, y, z = self.position
        return CameraPlacement(
            position=self.position,
            target=(x, y + c * self.distance, z - s * self.distance),
            lens_mm=self.lens_mm,
            sensor_mm=_SENSOR_MM,
            orthographic=self.orthographic,
            ortho_scale=2 * max(self.half) if self.orthographic else None,
            focus_distance=focus,
        )


@dataclass(frozen=True)
class Seen:
    """A box as the frame shows it, with the distances of its nearest and farthest corner."""

    x0: float
    x1: float
    y0: float
    y1: float
    near: float
    far: float

    @property
    def center(self) -> tuple[float, float]:
        """The middle of it in the frame."""
        return ((self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2)

    @property
    def depth(self) -> float:
        """How far its middle is."""
        return (self.near + self.far) / 2

    def covered_by(self, other: "Seen") -> float:
        """The share of this box in the picture that lies within the other's."""
        width = min(self.x1, other.x1) - max(self.x0, other.x0)
        height = min(self.y1, other.y1) - max(self.y0, other.y0)
        area = (self.x1 - self.x0) * (self.y1 - self.y0)
        return max(0.0, width) * max(0.0, height) / area if area > 0 else 0.0


def seen_box(view: View, points: Iterable[Point]) -> Seen:
    """The box about points in the frame."""
    xs, ys, depths = zip(*(view.project(point) for point in points), strict=True)
    return Seen(min(xs), max(xs), min(ys), max(ys), min(depths), max(depths))


def view_of(camera: CameraPlacement, aspect: float) -> View:
    """The view of a placed camera; it must look along +Y and down, as layouts' cameras do."""
    dy, dz = camera.target[1] - camera.position[1], camera.target[2] - camera.position[2]
    distance = (dy * dy + dz * dz) ** 0.5 or 1.0
    half = _half(camera.lens_mm, aspect)
    if camera.orthographic:
        scale = (camera.ortho_scale or 1.0) / 2
        half = (scale, scale / aspect) if aspect >= 1 else (scale * aspect, scale)
    return View(camera.position, degrees(atan2(-dz, dy)), half, camera.lens_mm, camera.orthographic, distance)


def fit_view(
    points: Sequence[Point], pitch: float, lens_mm: float, aspect: float, margin: float, orthographic: bool = False
) -> View:
    """The nearest camera that sees all points with a free ``margin`` (share of half the frame) at every side.

    Exact: in the camera's axes each edge of the frame bounds where the camera may be by a straight line.
    """
    half = _half(lens_mm, aspect)
    turned = [_turned(point, (0.0, 0.0, 0.0), pitch) for point in points]
    if orthographic:
        return _fit_flat(turned, pitch, lens_mm, aspect, margin)
    tx, ty = half[0] * (1 - margin), half[1] * (1 - margin)
    right = max(x - tx * z for x, _, z in turned)
    left = min(x + tx * z for x, _, z in turned)
    top = max(y - ty * z for _, y, z in turned)
    bottom = min(y + ty * z for _, y, z in turned)
    back = min((left - right) / (2 * tx), (bottom - top) / (2 * ty), min(z for _, _, z in turned) - 0.02)
    # The axis that does not limit is centred on what it shows.
    cx = _middle([x for x, _, _ in turned], [z - back for _, _, z in turned], tx, right + tx * back, left - tx * back)
    cy = _middle([y for _, y, _ in turned], [z - back for _, _, z in turned], ty, top + ty * back, bottom - ty * back)
    distance = sum(z for _, _, z in turned) / len(turned) - back
    return View(_back((cx, cy, back), pitch), pitch, half, lens_mm, distance=distance)


def _middle(values: list[float], depths: list[float], t: float, low: float, high: float) -> float:
    """Where the camera stands on one axis, between its bounds, so that the outermost points are equally far in."""
    if high - low < 1e-9:
        return (low + high) / 2
    for _ in range(40):
        guess = (low + high) / 2
        ratios = [(value - guess) / depth for value, depth in zip(values, depths, strict=True)]
        if max(ratios) + min(ratios) > 0:
            low = guess
        else:
            high = guess
    return (low + high) / 2


def _fit_flat(turned: Sequence[Point], pitch: float, lens_mm: float, aspect: float, margin: float) -> View:
    xs, ys, zs = zip(*turned, strict=True)
    width, height = (max(xs) - min(xs)) / 2 / (1 - margin), (max(ys) - min(ys)) / 2 / (1 - margin)
    wide = max(width, height * aspect, 1e-3)
    back = min(zs) - wide * 2
    center = ((max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2, back)
    distance = sum(zs) / len(zs) - back
    return View(_back(center, pitch), pitch, (wide, wide / aspect), lens_mm, True, distance)


def _half(lens_mm: float, aspect: float) -> tuple[float, float]:
    longer = _SENSOR_MM / 2 / lens_mm
    return (longer, longer / aspect) if aspect >= 1 else (longer * aspect, longer)


def _turned(point: Point, origin: Point, pitch: float) -> Point:
    """A point in the camera's axes: right, up, ahead."""
    c, s = cos(radians(pitch)), sin(radians(pitch))
    dx, dy, dz = point[0] - origin[0], point[1] - origin[1], point[2] - origin[2]
    return (dx, dz * c + dy * s, dy * c - dz * s)


def _back(point: Point, pitch: float) -> Point:
    c, s = cos(radians(pitch)), sin(radians(pitch))
    x, up, ahead = point
    return (x, ahead * c + up * s, up * c - ahead * s)
