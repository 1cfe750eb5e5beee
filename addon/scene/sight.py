"""What the camera sees of each placed thing, by ray casts. Main thread.

Points are spread over every thing's surface, projected into a coarse grid of cells, and one ray is cast for each
cell that something covers: about a tenth of what an object-index render costs.
"""

import math
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np
from mathutils import Vector
from numpy.typing import NDArray

from .context import current_scene
from .ground import PART
from .materials import finish_for
from .paint import placed_roots

__all__ = ["Seen", "Sight", "look"]

Array = NDArray[np.float64]

COLUMNS = 96
POINTS = 500
THROUGH = 4


@dataclass(frozen=True)
class Seen:
    """One thing in the picture. Shares are 0..1.

    ``visible`` is the share of its silhouette inside the frame that nothing hides, ``inside`` the share of its
    surface inside the frame, ``area`` the share of the picture that its silhouette covers, ``extent`` its larger
    side as a share of the picture's.
    """

    plan_id: str
    instance: int
    noun: str
    visible: float
    inside: float
    area: float
    extent: float


@dataclass(frozen=True)
class Sight:
    """All things as seen now; ``points`` are samples of their surfaces in world space (n, 3).

    ``spots`` are places of the picture (0..1 from its lower left corner) at which some thing is seen (m, 2).
    """

    seen: tuple[Seen, ...]
    points: Array
    spots: Array


def look() -> Sight:
    """Look at the scene through its camera."""
    scene = current_scene()
    graph = bpy.context.evaluated_depsgraph_get()
    view = _View(scene)
    clouds = {root.name: (root, _surface_points(root, graph)) for root in placed_roots()}
    owners = {part.name: name for name, (root, _) in clouds.items() for part in (root, *root.children_recursive)}
    cells = {name: view.cells(points) for name, (_, points) in clouds.items()}
    hits = view.cast(scene, graph, {cell for covered in cells.values() for cell in covered}, owners)
    seen = tuple(
        _seen(root, name, points, cells[name], hits, view) for name, (root, points) in clouds.items() if len(points)
    )
    every = [points for _, points in clouds.values() if len(points)]
    shown = [divmod(cell, COLUMNS) for cell, (owner, _) in hits.items() if owner is not None]
    spots = [((column + 0.5) / COLUMNS, (row + 0.5) / view.rows) for row, column in shown]
    return Sight(seen, np.concatenate(every) if every else np.zeros((0, 3)), np.array(spots).reshape(-1, 2))


def _seen(
    root: Any, name: str, points: Array, covered: Mapping[int, float], hits: Mapping[int, tuple[str | None, float]],
    view: "_View",
) -> Seen:  # fmt: skip
    free = 0
    for cell, depth in covered.items():
        owner, distance = hits.get(cell, (None, math.inf))
        # A ray through the cell's middle may pass beside a thin thing: only something nearer hides it.
        if owner == name or distance >= depth * 0.999:
            free += 1
    low, high, inside = view.bounds(points)
    return Seen(
        plan_id=str(root["plan_id"]),
        instance=int(root.get("instance", 1)),
        noun=str(root.get("noun", "")),
        visible=free / len(covered) if covered else 0.0,
        inside=inside,
        area=len(covered) / (COLUMNS * view.rows),
        extent=float(max(high - low)),
    )


def _surface_points(root: Any, graph: Any) -> Array:
    """Points on the thing's parts, about evenly by area, with all corners of small meshes. World space."""
    clouds = [
        _mesh_points(part, graph)
        for part in (root, *root.children_recursive)
        if part.type == "MESH" and not part.hide_render
    ]
    clouds = [cloud for cloud in clouds if len(cloud)]
    return np.concatenate(clouds) if clouds else np.zeros((0, 3))


def _mesh_points(part: Any, graph: Any) -> Array:
    evaluated = part.evaluated_get(graph)
    mesh = evaluated.data
    count = len(mesh.vertices)
    if count == 0:
        return np.zeros((0, 3))
    corners = np.empty(count * 3)
    mesh.vertices.foreach_get("co", corners)
    corners = corners.reshape(-1, 3)
    mesh.calc_loop_triangles()
    triangles = np.empty(len(mesh.loop_triangles) * 3, dtype=np.int32)
    mesh.loop_triangles.foreach_get("vertices", triangles)
    local = np.concatenate([_spread(corners, triangles.reshape(-1, 3)), corners[:: max(1, count // POINTS)]])
    matrix = np.array(evaluated.matrix_world)
    return np.asarray(local @ matrix[:3, :3].T + matrix[:3, 3])


def _spread(corners: Array, triangles: NDArray[np.int32]) -> Array:
    """Points at even steps of the summed area, at fixed pseudo-random places inside their triangles."""
    if not len(triangles):
        return np.zeros((0, 3))
    first, second, third = (corners[triangles[:, index]] for index in range(3))
    areas = np.linalg.norm(np.cross(second - first, third - first), axis=1)
    total = np.cumsum(areas)
    if total[-1] <= 0:
        return np.zeros((0, 3))
    chosen = np.searchsorted(total, (np.arange(POINTS) + 0.5) / POINTS * total[-1])
    random_source = random.Random(1)
    along = np.array([[random_source.random(), random_source.random()] for _ in range(POINTS)])
    flip = along.sum(axis=1) > 1
    along[flip] = 1 - along[flip]
    edge_one, edge_two = (second - first)[chosen], (third - first)[chosen]
    return np.asarray(first[chosen] + along[:, :1] * edge_one + along[:, 1:] * edge_two)


class _View:
    """The camera's frame as a grid of cells."""

    def __init__(self, scene: Any) -> None:
        render, camera = scene.render, scene.camera
        self.aspect = render.resolution_x / max(1, render.resolution_y)
        self.rows = max(8, round(COLUMNS / self.aspect))
        self.matrix = np.array(camera.matrix_world.inverted())
        self.world = camera.matrix_world.copy()
        self.orthographic = camera.data.type == "ORTHO"
        frame = camera.data.view_frame(scene=scene)
        self.half_width = max(corner.x for corner in frame)
        self.half_height = max(corner.y for corner in frame)
        self.depth = 1.0 if self.orthographic else -frame[0].z

    def project(self, points: Array) -> tuple[Array, Array]:
        """Places in the picture, 0..1 from its lower left corner (n, 2), and distances along the view (n,)."""
        local = points @ self.matrix[:3, :3].T + self.matrix[:3, 3]
        depth = -local[:, 2]
        scale = np.ones_like(depth) if self.orthographic else self.depth / np.maximum(depth, 1e-9)
        halves = np.array([self.half_width, self.half_height])
        return 0.5 + 0.5 * local[:, :2] * scale[:, None] / halves, depth

    def cells(self, points: Array) -> dict[int, float]:
        """Cells of the frame that the points cover, with the smallest distance from the camera."""
        if not len(points):
            return {}
        places, depth = self.project(points)
        # Distances along the ray, because that is what a cast ray reports.
        offset = points - np.array(self.world.translation)
        distance = depth if self.orthographic else np.linalg.norm(offset, axis=1)
        ok = (depth > 0) & np.all((places >= 0) & (places < 1), axis=1)
        index = (places[ok, 1] * self.rows).astype(int) * COLUMNS + (places[ok, 0] * COLUMNS).astype(int)
        nearest: dict[int, float] = {}
        for cell, far in zip(index.tolist(), distance[ok].tolist(), strict=True):
            if far < nearest.get(cell, math.inf):
                nearest[cell] = far
        return nearest

    def bounds(self, points: Array) -> tuple[Array, Array, float]:
        """Lower left and upper right of the points in the picture, and the share of them inside it."""
        places, depth = self.project(points)
        inside = (depth > 0) & np.all((places >= 0) & (places <= 1), axis=1)
        return places.min(axis=0), places.max(axis=0), float(inside.mean())

    def cast(
        self, scene: Any, graph: Any, cells: Iterable[int], owners: Mapping[str, str]
    ) -> dict[int, tuple[str | None, float]]:
        """What each cell's ray meets first, going on through glass: the thing's name (None: ground) and distance."""
        return {cell: self._first(scene, graph, cell, owners) for cell in cells}

    def _first(self, scene: Any, graph: Any, cell: int, owners: Mapping[str, str]) -> tuple[str | None, float]:
        row, column = divmod(cell, COLUMNS)
        x = ((column + 0.5) / COLUMNS * 2 - 1) * self.half_width
        y = ((row + 0.5) / self.rows * 2 - 1) * self.half_height
        if self.orthographic:
            start = self.world @ Vector((x, y, 0.0))
            direction = (self.world.to_3x3() @ Vector((0.0, 0.0, -1.0))).normalized()
        else:
            start = self.world.translation.copy()
            direction = (self.world.to_3x3() @ Vector((x, y, -self.depth))).normalized()
        origin = start.copy()
        for _ in range(THROUGH):
            hit, place, _, _, thing, _ = scene.ray_cast(graph, origin, direction)
            if not hit:
                break
            name = owners.get(thing.name)
            distance = (place - start).length
            if name is not None and not _clear(thing):
                return name, distance
            if name is None and PART in thing and thing.visible_camera:
                return None, distance
            origin = place + direction * max(1e-5, distance * 1e-4)
        return None, math.inf


def _clear(thing: Any) -> bool:
    """Whether one sees through it."""
    slots = thing.data.materials
    if not slots or slots[0] is None:
        return False
    found = finish_for(str(slots[0].get("scenekeeper_wish", "")).split("|", 1)[0])
    return found is not None and found[1].transmission > 0.5
