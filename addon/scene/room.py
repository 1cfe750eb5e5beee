"""A room around the scene: floor, walls, skirting, and a window. Geometry only. Main thread."""

import math

from .extent import Extent
from .outskirts import Add
from .window import SUN_PATCH, add_window

__all__ = ["add_room"]


def add_room(add: Add, extent: Extent, back: float | None = None, window: bool = False) -> None:
    """A floor and walls around the scene; ``open_walls`` hides the ones before the camera.

    ``back``: where along y the back wall is, if pictures hang on it; it then has no window. ``window``: the prompt
    speaks of the window, so that it must be seen.
    """
    x, y, _ = extent.centre
    half = max(2.4 * extent.radius, 0.6)
    tall = max(2.6 * extent.radius, extent.high[2] * 1.5, 0.8)
    reach = max(half, extent.camera_distance) * 3
    rear = y + half if back is None else back
    corners = [(x - half, y - half), (x + half, y - half), (x + half, rear), (x - half, rear)]
    floor = [(x - reach, y - reach, 0), (x + reach, y - reach, 0), (x + reach, y + reach, 0), (x - reach, y + reach, 0)]
    add("Floor", "floor", floor, [[0, 1, 2, 3]])
    # Wound so that normals point into the room.
    for name, first, second in (("Back", 2, 3), ("Left", 3, 0), ("Right", 1, 2), ("Front", 0, 1)):
        (x0, y0), (x1, y1) = corners[first], corners[second]
        points = [(x0, y0, 0.0), (x1, y1, 0.0), (x1, y1, tall), (x0, y0, tall)]
        wall = add(f"{name} wall", "wall", points, [[3, 2, 1, 0]])
        wall.visible_shadow = False
        if name == "Back":
            wall[SUN_PATCH] = (x + 1.5 * extent.radius, 1.0 * extent.radius, 0.9 * extent.radius, 1.1 * extent.radius)
        _skirting(add, name, (x0, y0), (x1, y1), (x, y), tall)
    if back is None:
        add_window(add, rear, extent, window)


def _skirting(
    add: Add, name: str, first: tuple[float, float], second: tuple[float, float], inside: tuple[float, float],
    tall: float,
) -> None:  # fmt: skip
    """A thin board at a wall's foot; it gives the room its scale."""
    height, depth = tall * 0.035, tall * 0.006
    middle = ((first[0] + second[0]) / 2, (first[1] + second[1]) / 2)
    away = math.dist(middle, inside)
    step_x, step_y = depth * (inside[0] - middle[0]) / away, depth * (inside[1] - middle[1]) / away
    near = [(first[0] + step_x, first[1] + step_y), (second[0] + step_x, second[1] + step_y)]
    points = [
        (near[0][0], near[0][1], 0.0), (near[1][0], near[1][1], 0.0), (near[1][0], near[1][1], height),
        (near[0][0], near[0][1], height), (second[0], second[1], height), (first[0], first[1], height),
    ]  # fmt: skip
    thing = add(f"{name} skirting", "trim", points, [[3, 2, 1, 0], [5, 4, 2, 3]])
    thing.visible_shadow = False
