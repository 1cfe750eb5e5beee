"""Colours as people name them and as Blender computes with them. Pure numbers; any thread."""

import colorsys

__all__ = ["RGBA", "contrasting", "linear", "luminance", "scaled", "srgb_to_linear"]

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
