"""How bright and how contrasty the finished picture is. Main thread (Blender decodes the PNG)."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from numpy.typing import NDArray

from ..models.errors import StageFailed

__all__ = ["Exposure", "measure_picture"]


@dataclass(frozen=True)
class Exposure:
    """Brightness as shown, 0..1: dark and bright ends (5 % and 95 %), the median, and the share burnt out.

    ``things_high`` is the bright end of what is seen of the things alone.
    """

    low: float
    median: float
    high: float
    burnt: float
    things_high: float


def measure_picture(picture: Path, spots: NDArray[np.float64]) -> Exposure:
    """Measure a PNG, and in it the places ``spots`` (0..1 from the lower left, (n, 2)).

    ``StageFailed`` when it does not decode.
    """
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
        pixels = values.reshape(height, width, image.channels)[:, :, :3]
    finally:
        bpy.data.images.remove(image)
    bright = pixels @ np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)
    low, median, high = (float(value) for value in np.percentile(bright[::2, ::2], (5, 50, 95)))
    places = (spots * (width, height)).astype(int)
    things = bright[places[:, 1], places[:, 0]]
    things_high = float(np.percentile(things, 95)) if len(things) else high
    return Exposure(low, median, high, float(np.mean(np.all(pixels > 0.985, axis=2))), things_high)
