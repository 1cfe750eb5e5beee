"""What everything stands on and what closes the view: backdrop, land, or room. Main thread.

Geometry only; ``surroundings`` gives it its materials.
"""

import math
from collections.abc import Sequence
from typing import Any

import bpy

from ..models.plan import EnvironmentKind, ScenePlan
from .extent import Extent

__all__ = ["COLLECTION", "PART", "build_ground", "open_walls"]

COLLECTION = "Ground"
PART = "scenekeeper_ground"
"""Custom property of ground objects: floor, backdrop, wall or trim."""

_LEVEL = ("water", "ice", "asphalt", "concrete")
Point = tuple[float, float, float]


def build_ground(scene: Any, plan: ScenePlan, extent: Extent) -> Any:
    """The collection "Ground" with the environment's ground in it; empty when the plan wants none."""
    collection = bpy.data.collections.new(COLLECTION)
    scene.collection.children.link(collection)
    kind = plan.environment.kind
    if not plan.ground.visible or kind is EnvironmentKind.SPACE:
        return collection
    # The extent's centre may be off the origin; the ground follows it, the camera stays inside.
    x, y, _ = extent.centre
    if kind is EnvironmentKind.STUDIO:
        _studio(collection, x, y, extent)
    elif kind is EnvironmentKind.INDOOR:
        _room(collection, x, y, extent)
    else:
        _land(collection, x, y, extent, plan.ground.material not in _LEVEL)
    return collection


def open_walls(scene: Any) -> None:
    """Hide from the camera the walls that stand between it and the room; they still reflect light."""
    collection = bpy.data.collections.get(COLLECTION)
    place = scene.camera.matrix_world.translation
    things: Any = collection.objects if collection is not None else ()
    for thing in things:
        if thing.get(PART) in ("wall", "trim"):
            face = thing.data.polygons[0]
            inward = thing.matrix_world.to_3x3() @ face.normal
            thing.visible_camera = inward.dot(place - thing.matrix_world @ face.center) > 0


def _add(collection: Any, name: str, part: str, points: Sequence[Point], faces: Sequence[Sequence[int]]) -> Any:
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(points, [], faces)
    mesh.validate()
    thing = bpy.data.objects.new(name, mesh)
    thing[PART] = part
    collection.objects.link(thing)
    return thing


def _rings(
    profile: Sequence[tuple[float, float]], x: float, y: float, around: int
) -> tuple[list[Point], list[list[int]]]:
    """A surface of revolution, open at the axis: ``profile`` is (radius, height) from the inside out."""
    points = [
        (x + radius * math.cos(math.tau * step / around), y + radius * math.sin(math.tau * step / around), height)
        for radius, height in profile
        for step in range(around)
    ]
    faces = [
        [row * around + step, (row + 1) * around + step, (row + 1) * around + (step + 1) % around,
         row * around + (step + 1) % around]
        for row in range(len(profile) - 1)
        for step in range(around)
    ]  # fmt: skip
    return points, faces


def _studio(collection: Any, x: float, y: float, extent: Extent) -> None:
    """A round bowl, seamless from every side, so that the camera may go around the scene inside it."""
    floor = max(3.2 * extent.radius, 1.15 * extent.camera_distance)
    bend = floor * 0.9
    arc = [math.pi / 2 * step / 16 for step in range(17)]
    profile = [(floor + bend * math.sin(turn), bend * (1 - math.cos(turn))) for turn in arc]
    profile.append((floor + bend, bend * 2.2))
    points, faces = _rings(profile, x, y, 64)
    faces.append(list(range(64)))
    thing = _add(collection, "Backdrop", "backdrop", points, faces)
    thing.data.polygons.foreach_set("use_smooth", [True] * len(thing.data.polygons))
    # It stands around the scene like a light tent: it closes the view but lets the sky's light in.
    thing.visible_shadow = False


def _land(collection: Any, x: float, y: float, extent: Extent, hilly: bool) -> None:
    """Level where things stand and the camera is, low hills beyond, so far out that the edge is lost in the haze."""
    reach = max(extent.radius, extent.camera_distance)
    around = 96
    profile = [(reach * 1.45**step, 0.0) for step in range(20)]
    points, faces = _rings(profile, x, y, around)
    if hilly:
        points = [(px, py, _hill(math.atan2(py - y, px - x), math.hypot(px - x, py - y) / reach) * reach)
                  for px, py, _ in points]  # fmt: skip
    faces.append(list(range(around)))
    thing = _add(collection, "Land", "floor", points, faces)
    thing.data.polygons.foreach_set("use_smooth", [True] * len(thing.data.polygons))


def _hill(angle: float, distance: float) -> float:
    """The height at ``distance``, both in reaches of the scene: a few waves around that rise like a far skyline."""
    swell = (
        math.sin(3 * angle + 0.9) + 0.7 * math.sin(5 * angle + 1.3 * math.log(distance)) + 0.4 * math.sin(11 * angle)
    )
    return 0.022 * max(0.0, distance - 1.5) * (1 + 0.45 * swell)


def _room(collection: Any, x: float, y: float, extent: Extent) -> None:
    """A floor and walls around the scene; ``open_walls`` hides the ones before the camera."""
    half = max(2.4 * extent.radius, 0.6)
    tall = max(2.6 * extent.radius, extent.high[2] * 1.5, 0.8)
    reach = max(half, extent.camera_distance) * 3
    corners = [(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)]
    _add(collection, "Floor", "floor", [(x - reach, y - reach, 0), (x + reach, y - reach, 0), (x + reach, y + reach, 0),
                                        (x - reach, y + reach, 0)], [[0, 1, 2, 3]])  # fmt: skip
    # Wound so that normals point into the room.
    for name, first, second in (("Back", 2, 3), ("Left", 3, 0), ("Right", 1, 2), ("Front", 0, 1)):
        (x0, y0), (x1, y1) = corners[first], corners[second]
        wall = [(x0, y0, 0.0), (x1, y1, 0.0), (x1, y1, tall), (x0, y0, tall)]
        thing = _add(collection, f"{name} wall", "wall", wall, [[3, 2, 1, 0]])
        thing.visible_shadow = False
        _skirting(collection, name, (x0, y0), (x1, y1), (x, y), tall)


def _skirting(
    collection: Any, name: str, first: tuple[float, float], second: tuple[float, float], inside: tuple[float, float],
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
    thing = _add(collection, f"{name} skirting", "trim", points, [[3, 2, 1, 0], [5, 4, 2, 3]])
    thing.visible_shadow = False
