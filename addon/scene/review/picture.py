"""How bright the finished picture is, and how well each thing stands out in it. Main thread (Blender decodes it)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from numpy.typing import NDArray

from ...models.errors import StageFailed
from .facts import Exposure
from .sight import Seen, Sight

__all__ = ["measure_picture"]

Pixels = NDArray[np.float32]
_BRIGHTNESS = np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)
"""Share of red, green and blue in what an eye sees (ITU-R BT.709)."""
_BURNT = 0.985
_STEP = 2
"""Pixels of the pass from an outline to either side of it: anti-aliasing lies between."""
_DIFFERENT = 7.0
"""Difference in CIELAB (1976) that is seen at once between two areas that touch."""


def measure_picture(picture: Path, sight: Sight) -> Exposure:
    """Measure a PNG. ``StageFailed`` when it does not decode."""
    pixels = _pixels(picture)
    bright = pixels[::2, ::2] @ _BRIGHTNESS
    low, median, high = (float(value) for value in np.percentile(bright, (5, 50, 95)))
    red, green, blue = (pixels[:, :, channel] > _BURNT for channel in range(3))
    burnt = float(np.mean(red & green & blue))
    small = _shrunk(pixels, sight.index.shape)
    things = small[sight.index > 0] @ _BRIGHTNESS
    ends = np.percentile(things, (5, 95)) if len(things) else (low, high)
    lab = _lab(small)
    outlined, lightness = _outlines(lab, sight)
    free = lab[sight.index == 0]
    around = float(np.median(free[:, 0])) if len(free) else 50.0
    return Exposure(low, median, high, burnt, float(ends[0]), float(ends[1]), outlined, lightness, around)


def _pixels(picture: Path) -> Pixels:
    """Red, green and blue as shown, 0..1; rows from the lower edge."""
    try:
        image: Any = bpy.data.images.load(str(picture), check_existing=False)
    except RuntimeError as error:
        raise StageFailed("The picture could not be opened.", "picture_unreadable") from error
    try:
        width, height = image.size
        if width * height == 0:
            raise StageFailed("The picture could not be decoded.", "picture_unreadable")
        values = np.empty(width * height * image.channels, dtype=np.float32)
        image.pixels.foreach_get(values)
        shown: Pixels = values.reshape(height, width, image.channels)
        return shown[:, :, :3]
    finally:
        bpy.data.images.remove(image)


def _shrunk(pixels: Pixels, shape: tuple[int, ...]) -> Pixels:
    """The picture at the size of the index pass: means of its pixels, or the nearest where it is smaller."""
    for axis in (0, 1):
        length, wanted = pixels.shape[axis], shape[axis]
        starts = (np.arange(wanted) * length) // wanted
        if length >= wanted:
            sums = np.add.reduceat(pixels, starts, axis=axis)
            counts = np.diff(np.append(starts, length)).astype(np.float32)
            pixels = sums / counts.reshape((-1, 1, 1) if axis == 0 else (1, -1, 1))
        else:
            pixels = np.take(pixels, starts, axis=axis)
    return pixels


def _lab(pixels: Pixels) -> Pixels:
    """CIELAB (1976, D65) of sRGB values."""
    linear = np.where(pixels <= 0.04045, pixels / 12.92, ((pixels + 0.055) / 1.055) ** 2.4)
    matrix = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]], dtype=np.float32)
    white = np.array([0.9505, 1.0, 1.089], dtype=np.float32)
    xyz = linear.astype(np.float32) @ matrix.T / white
    curve = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    x, y, z = curve[:, :, 0], curve[:, :, 1], curve[:, :, 2]
    lab = np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=2)
    return np.asarray(lab, dtype=np.float32)


def _outlines(lab: Pixels, sight: Sight) -> tuple[dict[tuple[str, int], float], dict[tuple[str, int], float]]:
    """How much of each thing's outline is seen, and how light each thing is."""
    index, count = sight.index, len(sight.seen)
    length, seen = np.zeros(count + 1), np.zeros(count + 1)
    for axis in (0, 1):
        one, other = _beside(index, axis)
        first, second = _beside(lab, axis)
        edge = one != other
        differs = np.sqrt(((first - second) ** 2).sum(axis=2))[edge] > _DIFFERENT
        for side in (one[edge], other[edge]):
            length += np.bincount(side, minlength=count + 1)
            seen += np.bincount(side, weights=differs, minlength=count + 1)
    inside = np.bincount(index.reshape(-1), minlength=count + 1)
    light = np.bincount(index.reshape(-1), weights=lab[:, :, 0].reshape(-1), minlength=count + 1)
    outlined, lightness = {}, {}
    for number, thing in enumerate(sight.seen, start=1):
        # Without an outline in the picture there is nothing to tell it from.
        outlined[_key(thing)] = float(seen[number] / length[number]) if length[number] else 1.0
        lightness[_key(thing)] = float(light[number] / max(1, inside[number]))
    return outlined, lightness


def _beside(values: NDArray[Any], axis: int) -> Sequence[NDArray[Any]]:
    """Values and those ``_STEP`` further along an axis."""
    length = values.shape[axis]
    return np.take(values, range(length - _STEP), axis=axis), np.take(values, range(_STEP, length), axis=axis)


def _key(thing: Seen) -> tuple[str, int]:
    return thing.plan_id, thing.instance
