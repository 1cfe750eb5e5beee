"""Whether pixels of the picture have the colour that a word names, in OKLab. Pure numbers; any thread.

A colour is a region of lightness, hue and saturation (chroma by lightness, which shade leaves as it is), wide enough
for light and shade on one thing and apart from what people call otherwise.
"""

from dataclasses import dataclass

import numpy as np
import webcolors
from numpy.typing import NDArray

__all__ = ["color_shares", "shown_color", "wears"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class _Region:
    """Bounds: OKLab lightness, saturation (chroma / lightness), hue in degrees (may run over 360)."""

    light: tuple[float, float]
    saturation: tuple[float, float]
    hue: tuple[float, float] = (0.0, 360.0)


_REGIONS = {
    "red": (_Region((0.14, 0.74), (0.2, 1.0), (2, 42)),),
    "orange": (_Region((0.45, 0.95), (0.15, 1.0), (38, 78)),),
    "brown": (_Region((0.1, 0.64), (0.07, 0.34), (22, 98)),),
    "yellow": (_Region((0.5, 1.0), (0.1, 1.0), (78, 122)),),
    "green": (_Region((0.12, 0.97), (0.07, 1.0), (112, 182)),),
    "blue": (_Region((0.12, 0.97), (0.06, 1.0), (208, 292)),),
    "purple": (_Region((0.12, 0.85), (0.07, 1.0), (282, 345)),),
    "pink": (_Region((0.55, 1.0), (0.035, 0.38), (325, 390)),),
    "white": (_Region((0.7, 1.0), (0.0, 0.05)),),
    "black": (_Region((0.0, 0.38), (0.0, 0.17)),),
    "gray": (_Region((0.28, 0.86), (0.0, 0.06)),),
    "silver": (_Region((0.36, 1.0), (0.0, 0.06)),),
    "gold": (_Region((0.3, 1.0), (0.1, 1.0), (58, 108)),),
    "beige": (_Region((0.58, 0.98), (0.015, 0.12), (40, 112)),),
    "turquoise": (_Region((0.3, 0.97), (0.06, 1.0), (165, 222)),),
}
_SAME = {"grey": "gray", "golden": "gold", "violet": "purple", "cyan": "turquoise", "teal": "turquoise", "tan": "beige"}
_DISTINCT = ("red", "orange", "brown", "yellow", "green", "blue", "purple", "pink", "white", "black", "gray")
"""What else the same pixels may look like."""
LEAST = 0.4
"""Of the pixels that show a thing."""


def wears(pixels: NDArray[np.uint8], word: str) -> tuple[bool, float]:
    """Whether ``word`` is the colour of most of these display values (n, 3), and the share that has it."""
    color = _SAME.get(word, word)
    lightness, saturation, hue = _polar(pixels)
    own = _within(lightness, saturation, hue, color)
    share = float(own.mean()) if len(own) else 0.0
    rest = [float((_within(lightness, saturation, hue, other) & ~own).mean()) for other in _DISTINCT if other != color]
    return share >= LEAST and share >= max(rest, default=0.0), share


def color_shares(pixels: NDArray[np.uint8]) -> dict[str, float]:
    """The share of pixels in each colour's region, most first; regions overlap where words do."""
    polar = _polar(pixels)
    shares = {name: float(_within(*polar, name).mean()) for name in _DISTINCT}
    return dict(sorted(shares.items(), key=lambda item: -item[1]))


def shown_color(pixels: NDArray[np.uint8]) -> str:
    """The commonest colours, for messages."""
    best = [f"{share:.0%} {name}" for name, share in color_shares(pixels).items() if share >= 0.1]
    return ", ".join(best[:3]) or "no colour with a name"


def _within(lightness: Array, saturation: Array, hue: Array, color: str) -> NDArray[np.bool_]:
    found = np.zeros(lightness.shape, dtype=bool)
    for region in _REGIONS.get(color) or (_around(color),):
        low, high = region.hue
        turned = (hue - low) % 360 <= high - low
        ok = (lightness >= region.light[0]) & (lightness <= region.light[1])
        found |= ok & (saturation >= region.saturation[0]) & (saturation <= region.saturation[1]) & turned
    return found


def _around(word: str) -> _Region:
    """A region about a colour of the CSS list. Raises ``ValueError`` for a word that is none."""
    rgb = webcolors.name_to_rgb(word.replace(" ", ""))
    lightness, saturation, hue = (float(part[0]) for part in _polar(np.array([rgb], dtype=np.uint8)))
    light = (max(0.0, lightness - 0.28), min(1.0, lightness + 0.22))
    if saturation < 0.05:
        return _Region(light, (0.0, 0.07))
    return _Region(light, (saturation * 0.4, 1.0), (hue - 24, hue + 24))


def _polar(pixels: NDArray[np.uint8]) -> tuple[Array, Array, Array]:
    """OKLab lightness, saturation and hue of display values (Ottosson 2020)."""
    value = pixels.reshape(-1, 3).astype(float) / 255
    rgb = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    to_cone = np.array(
        [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
         [0.0883024619, 0.2817188376, 0.6299787005]]
    )  # fmt: skip
    to_lab = np.array(
        [[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
         [0.0259040371, 0.7827717662, -0.8086757660]]
    )  # fmt: skip
    lab = np.cbrt(rgb @ to_cone.T) @ to_lab.T
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    hue = np.degrees(np.arctan2(lab[:, 2], lab[:, 1])) % 360
    return lab[:, 0], chroma / np.maximum(lab[:, 0], 0.02), hue
