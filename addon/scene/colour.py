"""Colours as people name them and as Blender computes with them. Pure numbers; any thread."""

import colorsys

__all__ = [
    "RGBA",
    "blended",
    "contrasting",
    "from_oklab",
    "hex_of",
    "linear",
    "luminance",
    "oklab",
    "scaled",
    "srgb_to_linear",
]

RGBA = tuple[float, float, float, float]

# A real white reflects about 90 % and a real black about 1 %; pure 0 or 1 would lose all shading.
DARKEST, BRIGHTEST = 0.008, 0.88


def srgb_to_linear(value: float) -> float:
    """One channel, 0..1 (IEC 61966-2-1)."""
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def linear(hex_color: str, surface: bool = True) -> RGBA:
    """``#rrggbb`` as linear RGBA. ``surface``: kept within what a real surface reflects."""
    channels = [srgb_to_linear(int(hex_color[start : start + 2], 16) / 255) for start in (1, 3, 5)]
    if surface:
        channels = [min(BRIGHTEST, max(DARKEST, channel)) for channel in channels]
    return channels[0], channels[1], channels[2], 1.0


def luminance(color: RGBA) -> float:
    """Relative luminance of a linear colour (Rec. 709)."""
    return 0.2126 * color[0] + 0.7152 * color[1] + 0.0722 * color[2]


def oklab(color: RGBA) -> tuple[float, float, float]:
    """Lightness 0..1 and two opponent axes of a linear colour, evenly spaced to the eye (B. Ottosson, 2020)."""
    red, green, blue, _ = color
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def from_oklab(light: float, a: float, b: float) -> RGBA:
    """The linear colour of an OKLab one, each channel within 0..1."""
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    channels = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    red, green, blue = (min(1.0, max(0.0, channel)) for channel in channels)
    return red, green, blue, 1.0


def hex_of(color: RGBA) -> str:
    """A linear colour as ``#rrggbb`` (IEC 61966-2-1)."""
    shown = (12.92 * one if one <= 0.0031308 else 1.055 * one ** (1 / 2.4) - 0.055 for one in color[:3])
    return "#" + "".join(f"{round(255 * min(1.0, max(0.0, one))):02x}" for one in shown)


def blended(first: str, second: str, share: float) -> str:
    """A colour between two of ``#rrggbb``: the first at share 0, the second at 1; even steps to the eye."""
    pairs = zip(oklab(linear(first, surface=False)), oklab(linear(second, surface=False)), strict=True)
    light, a, b = ((1 - share) * one + share * other for one, other in pairs)
    return hex_of(from_oklab(light, a, b))


def scaled(color: RGBA, factor: float) -> RGBA:
    """The colour made darker or lighter, each channel at most 1."""
    return min(1.0, color[0] * factor), min(1.0, color[1] * factor), min(1.0, color[2] * factor), 1.0


def contrasting(hex_color: str) -> str:
    """A colour for a pattern on ``hex_color``: white on dark and saturated colours, dark of the same hue on light."""
    red, green, blue = (int(hex_color[start : start + 2], 16) / 255 for start in (1, 3, 5))
    hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
    if light < 0.6:
        return "#f4f1ea"
    channels = colorsys.hls_to_rgb(hue, light * 0.35, saturation * 0.8)
    return "#" + "".join(f"{round(255 * channel):02x}" for channel in channels)
