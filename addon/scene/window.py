"""A room's window: its frame and pane on the back wall, and the patch of sun that another one throws. Main thread."""

from typing import Any

from .extent import Extent
from .graph import Graph
from .outskirts import Add

__all__ = ["SUN_PATCH", "add_window", "sun_patch"]

SUN_PATCH = "scenekeeper_sun_patch"
"""Custom property of a wall: centre x, centre z, width and height of the sunlit patch on it, in metres."""
_BARS = 0.045


def add_window(add: Add, wall_y: float, extent: Extent, asked: bool) -> None:
    """A window to the left of the things, whose upper end the picture may cut off; whole where it was asked for."""
    radius = extent.radius
    x, low, wide, high = extent.centre[0] - 1.75 * radius, 0.5 * radius, 1.15 * radius, 1.5 * radius
    if asked:
        x, low, wide, high = extent.centre[0] - 0.8 * radius, 0.5 * radius, 1.3 * radius, 0.95 * radius
    depth, bar = 0.05 * radius, _BARS * radius
    add("Window pane", "pane", _rectangle(x, low + high / 2, wide, high, wall_y - 0.2 * depth), [[0, 1, 2, 3]])
    across = [(x, low + high * share, wide + bar, bar) for share in (0.0, 0.55, 1.0)]
    upright = [(x + wide * share, low + high / 2, bar, high) for share in (-0.5, 0.0, 0.5)]
    for number, (cx, cz, w, h) in enumerate((*across, *upright), 1):
        # Faces in one plane would flicker where bars cross.
        thick = depth if number <= len(across) else 0.85 * depth
        _beam(add, f"Window bar {number}", cx, cz, w, h, wall_y, thick)
    _beam(add, "Window sill", x, low - bar, wide + 4 * bar, bar, wall_y, 3 * depth)


def _rectangle(x: float, z: float, wide: float, high: float, y: float) -> list[tuple[float, float, float]]:
    half_w, half_h = wide / 2, high / 2
    return [(x - half_w, y, z - half_h), (x + half_w, y, z - half_h), (x + half_w, y, z + half_h),
            (x - half_w, y, z + half_h)]  # fmt: skip


def _beam(add: Add, name: str, x: float, z: float, wide: float, high: float, wall_y: float, depth: float) -> None:
    points = [*_rectangle(x, z, wide, high, wall_y - depth), *_rectangle(x, z, wide, high, wall_y)]
    add(name, "trim", points, [[0, 1, 2, 3], [4, 5, 1, 0], [1, 5, 6, 2], [2, 6, 7, 3], [3, 7, 4, 0]])


def sun_patch(graph: Graph, at: Any, place: tuple[float, float, float, float]) -> Any:
    """How much of the sun falls on a wall at a position: a leaning window with its bars, 0..1."""
    x, z, wide, high = place
    parts = graph.add("SeparateXYZ", {0: at}).outputs
    up = graph.math("DIVIDE", graph.math("SUBTRACT", parts[2], z), high / 2)
    lean = graph.math("MULTIPLY", up, 0.35 * wide)
    along = graph.math("DIVIDE", graph.math("SUBTRACT", graph.math("ADD", parts[0], lean), x), wide / 2)
    sides = [graph.remap(graph.math("ABSOLUTE", axis), 0.9, 1.0, 1.0, 0.0) for axis in (along, up)]
    bars = [
        graph.remap(graph.math("ABSOLUTE", axis), 0.03, 0.1, 0.0, 1.0) for axis in (along, graph.math("ADD", up, -0.1))
    ]
    inside = graph.math("MULTIPLY", *sides)
    return graph.math("MULTIPLY", inside, graph.math("MULTIPLY", *bars))
