"""What everything stands on and what closes the view: backdrop, land, or room. Main thread.

Geometry only; ``surroundings`` gives it its materials.
"""

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

import bpy
import numpy as np

from ..models.layout import Layout
from ..models.plan import EnvironmentKind, ScenePlan, Scenery
from .extent import Extent, extent_of
from .grass import add_grass, grows_grass
from .outskirts import add_shore, add_street
from .room import add_room

__all__ = ["COLLECTION", "FLOOR", "PART", "build_ground", "open_walls"]

COLLECTION = "Ground"
PART = "scenekeeper_ground"
"""Custom property of ground objects: what part of the surroundings it is."""
FLOOR = "scenekeeper_floor_m"
"""Custom property of a backdrop: how far its level part reaches from the middle."""

_LEVEL = ("water", "ice", "asphalt", "concrete")
Point = tuple[float, float, float]


def build_ground(scene: Any, plan: ScenePlan, layout: Layout) -> Any:
    """The collection "Ground" with the environment's ground in it; empty when the plan wants none."""
    collection = bpy.data.collections.new(COLLECTION)
    scene.collection.children.link(collection)
    kind, scenery = plan.environment.kind, plan.environment.scenery
    extent = extent_of(layout)
    if not plan.has_ground:
        return collection
    # The extent's centre may be off the origin; the ground follows it, the camera stays inside.
    x, y, _ = extent.centre
    if kind is EnvironmentKind.STUDIO:
        _studio(collection, x, y, extent)
    elif kind is EnvironmentKind.INDOOR:
        add_room(partial(_add, collection), extent, _hanging_wall(plan, layout), "window" in plan.surroundings)
    else:
        _land(collection, x, y, extent, plan.ground.material not in _LEVEL and scenery is not Scenery.SEA)
        if kind is EnvironmentKind.OUTDOOR and scenery is Scenery.SEA and plan.ground.material != "water":
            add_shore(partial(_add, collection), extent)
        elif grows_grass(plan):
            add_grass(partial(_add, collection), layout, extent, plan.seed)
        elif kind is EnvironmentKind.OUTDOOR and scenery is Scenery.CITY and plan.ground.material == "asphalt":
            add_street(partial(_add, collection), extent)
    return collection


def _hanging_wall(plan: ScenePlan, layout: Layout) -> float | None:
    """Where along y the wall is on which pictures hang; None where none do."""
    hung = {source.recipe for source in plan.sources if source.hung}
    return max((one.position[1] + one.size[1] / 2 for one in layout.placements if one.recipe in hung), default=None)


def open_walls(scene: Any) -> None:
    """Hide from the camera the walls that stand between it and the room; they still reflect light."""
    collection = bpy.data.collections.get(COLLECTION)
    place = scene.camera.matrix_world.translation
    things: Any = collection.objects if collection is not None else ()
    for thing in things:
        if thing.get(PART) in ("wall", "trim", "pane"):
            face = thing.data.polygons[0]
            inward = thing.matrix_world.to_3x3() @ face.normal
            thing.visible_camera = inward.dot(place - thing.matrix_world @ face.center) > 0


def _add(collection: Any, name: str, part: str, points: Sequence[Point], faces: Sequence[Sequence[int]]) -> Any:
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(points, [], faces)
    mesh.validate()
    _unwrap(mesh)
    thing = bpy.data.objects.new(name, mesh)
    thing[PART] = part
    collection.objects.link(thing)
    return thing


def _unwrap(mesh: Any) -> None:
    """UVs in metres: each face seen along the axis that it looks to most."""
    layer = mesh.uv_layers.new(name="UVMap")
    points, normals = np.empty(len(mesh.vertices) * 3, np.float32), np.empty(len(mesh.polygons) * 3, np.float32)
    corners, counts = np.empty(len(mesh.loops), np.int32), np.empty(len(mesh.polygons), np.int32)
    mesh.vertices.foreach_get("co", points)
    mesh.polygons.foreach_get("normal", normals)
    mesh.polygons.foreach_get("loop_total", counts)
    mesh.loops.foreach_get("vertex_index", corners)
    x, y, z = np.abs(normals.reshape(-1, 3).T)
    level, sideways = z >= np.maximum(x, y), x > y
    first = np.repeat(np.where(level | ~sideways, 0, 1), counts)
    second = np.repeat(np.where(level, 1, 2), counts)
    places, every = points.reshape(-1, 3)[corners], np.arange(len(corners))
    layer.uv.foreach_set("vector", np.stack([places[every, first], places[every, second]], axis=1).ravel())


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
    """A round bowl, seamless from every side, so that the camera may go around the scene inside it.

    Only the camera sees its wall, like the open side of a light tent: what lights and what polished things mirror is
    the sky with its soft boxes.
    """
    floor = max(3.2 * extent.radius, 1.15 * extent.camera_distance)
    bend = floor * 0.9
    level = _add(collection, "Backdrop", "backdrop", _rings([(floor, 0.0)], 0.0, 0.0, 64)[0], [list(range(64))])
    arc = [math.pi / 2 * step / 16 for step in range(17)]
    profile = [(floor + bend * math.sin(turn), bend * (1 - math.cos(turn))) for turn in arc]
    points, faces = _rings([*profile, (floor + bend, bend * 2.2)], 0.0, 0.0, 64)
    wall = _add(collection, "Backdrop wall", "paper", points, faces)
    wall.data.polygons.foreach_set("use_smooth", [True] * len(wall.data.polygons))
    wall.visible_shadow = wall.visible_diffuse = wall.visible_glossy = False
    for thing in (level, wall):
        thing.location, thing[FLOOR] = (x, y, 0.0), floor


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
