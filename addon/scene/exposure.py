"""How bright and how contrasty the finished picture is. Main thread (Blender decodes the PNG)."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpy
import numpy as np

from ..models.errors import StageFailed

__all__ = ["Exposure", "measure_picture"]


@dataclass(frozen=True)
class Exposure:
    """Brightness as shown, 0..1: dark and bright ends (5 % and 95 %), the median, and the share burnt out."""

    low: float
    median: float
    high: float
    burnt: float


def measure_picture(picture: Path) -> Exposure:
    """Measure a PNG. ``StageFailed`` when it does not decode."""
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
        shown = values.reshape(-1, image.channels)[:: max(1, width * height // 60000), :3]
    finally:
        bpy.data.images.remove(image)
    bright = shown @ np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)
    low, median, high = (float(value) for value in np.percentile(bright, (5, 50, 95)))
    return Exposure(low, median, high, float(np.mean(np.all(shown > 0.985, axis=1))))
