"""Styles that change geometry: low poly and wireframe. Main thread."""

from typing import Any

from ..models.plan import Style
from .paint import placed_roots

__all__ = ["apply_style"]


def apply_style(style: Style) -> None:
    """Add the style's modifiers to the parts of everything placed; the artist can remove them."""
    if style not in (Style.LOW_POLY, Style.WIREFRAME):
        return
    parts = [part for root in placed_roots() for part in (root, *root.children_recursive) if part.type == "MESH"]
    for part in parts:
        if style is Style.LOW_POLY:
            _low_poly(part)
        else:
            _wireframe(part)
    if style is Style.LOW_POLY:
        for mesh in {part.data for part in parts}:
            mesh.polygons.foreach_set("use_smooth", [False] * len(mesh.polygons))


def _low_poly(part: Any) -> None:
    triangles = len(part.data.polygons)
    if triangles > 120:
        decimate: Any = part.modifiers.new("Low poly", "DECIMATE")
        decimate.ratio = max(0.02, 120 / triangles)


def _wireframe(part: Any) -> None:
    wire: Any = part.modifiers.new("Wireframe", "WIREFRAME")
    wire.thickness = max(0.0005, 0.008 * max(part.dimensions))
    wire.use_replace = True
    # Evened thickness throws long spikes where faces meet at sharp angles.
    wire.use_even_offset = False
