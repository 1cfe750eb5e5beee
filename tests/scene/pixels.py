"""Reading finished pictures with a decoder that is not Blender's."""

import colorsys
from pathlib import Path
from statistics import median

from PIL import Image

__all__ = ["color_name", "patch", "pixels"]


def pixels(path: Path) -> bytes:
    """All pixels as RGB bytes."""
    with Image.open(path) as image:
        return image.convert("RGB").tobytes()


def patch(path: Path, centre: tuple[float, float], radius: float) -> tuple[float, float, float]:
    """The median colour, 0..1, of a disc. Centre from the lower left corner and radius as shares of the width."""
    with Image.open(path) as image:
        shown = image.convert("RGB")
        width, height = shown.size
        middle_x, middle_y, reach = centre[0] * width, (1 - centre[1]) * height, radius * width
        inside = [
            shown.getpixel((x, y))
            for x in range(max(0, int(middle_x - reach)), min(width, int(middle_x + reach) + 1))
            for y in range(max(0, int(middle_y - reach)), min(height, int(middle_y + reach) + 1))
            if (x + 0.5 - middle_x) ** 2 + (y + 0.5 - middle_y) ** 2 <= reach**2
        ]
    red, green, blue = (median(color[index] for color in inside) / 255 for index in range(3))
    return red, green, blue


HUES = ((15, "red"), (45, "orange"), (70, "yellow"), (170, "green"), (260, "blue"), (335, "purple"), (361, "red"))


def color_name(color: tuple[float, float, float]) -> str:
    """What a person would call it."""
    hue, saturation, value = colorsys.rgb_to_hsv(*color)
    if value < 0.17 or (saturation < 0.2 and value <= 0.25):
        return "black"
    if saturation < 0.2:
        return "white" if value > 0.55 else "grey"
    name = next(name for limit, name in HUES if hue * 360 < limit)
    return "brown" if name == "orange" and value < 0.72 else name
