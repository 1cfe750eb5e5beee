"""What is in the scene as arrays: every placed thing and the ground, as Blender would render them. Main thread."""

from collections import Counter
from typing import Any

import bpy
import numpy as np

from ..context import current_scene
from ..ground import COLLECTION, PART
from ..materials import finish_for
from ..paint import placed_roots
from .raster import Floats, Ints
from .shapes import Solid, Thing
from .view import AREA, View, small_size

__all__ = ["camera_view", "ground_solids", "placed_things"]


def placed_things() -> list[Thing]:
    """Everything placed that has a surface, in the order of plan and instance."""
    reader, roots, found = _Reader(), placed_roots(), []
    counts = Counter(str(root["plan_id"]) for root in roots)
    for root in roots:
        solids = reader.solids(thing for thing in (root, *root.children_recursive) if not thing.hide_render)
        if solids:
            # A text may have lines; a name has none.
            noun = " ".join(str(root.get("noun", "")).split()) or "thing"
            plan_id, instance = str(root["plan_id"]), int(root.get("instance", 1))
            label = f"{noun} {instance}" if counts[plan_id] > 1 else noun
            found.append(Thing(root.name, plan_id, instance, noun, label, solids))
    return found


def ground_solids() -> tuple[Solid, ...]:
    """Ground, backdrop and walls that the camera sees; not grass, between whose blades one sees."""
    collection = bpy.data.collections.get(COLLECTION)
    things: Any = collection.objects if collection is not None else ()
    return _Reader().solids(thing for thing in things if thing.get(PART, "tuft") != "tuft" and thing.visible_camera)


def camera_view(area: int = AREA) -> View:
    """The scene's camera, for a picture of ``area`` pixels in the shape of the real one."""
    scene = current_scene()
    camera, render = scene.camera, scene.render
    columns, rows = small_size(render.resolution_x, render.resolution_y, area)
    graph = bpy.context.evaluated_depsgraph_get()
    shape = camera.calc_matrix_camera(graph, x=render.resolution_x, y=render.resolution_y)
    return View(
        to_camera=np.array(camera.matrix_world.inverted()),
        projection=np.array(shape),
        columns=columns,
        rows=rows,
        orthographic=camera.data.type == "ORTHO",
        near=camera.data.clip_start,
        # Scenes lie about the origin.
        reach=10 + 4 * camera.matrix_world.translation.length,
    )


class _Reader:
    """Reads meshes; one that several objects share only once."""

    def __init__(self) -> None:
        self._graph = bpy.context.evaluated_depsgraph_get()
        self._shared: dict[str, tuple[Floats, Ints, bool]] = {}

    def solids(self, things: Any) -> tuple[Solid, ...]:
        found = []
        for thing in things:
            if thing.type != "MESH":
                continue
            points, triangles, closed = self._local(thing)
            if len(triangles):
                matrix = np.array(thing.matrix_world)
                moved = points @ matrix[:3, :3].T + matrix[:3, 3]
                outwards = closed and bool(np.linalg.det(matrix[:3, :3]) > 0)
                found.append(Solid(thing.name, moved, triangles, _clear(thing), outwards))
        return tuple(found)

    def _local(self, thing: Any) -> tuple[Floats, Ints, bool]:
        if thing.modifiers:
            return _arrays(thing.evaluated_get(self._graph).data)
        mesh = thing.data
        if mesh.name not in self._shared:
            self._shared[mesh.name] = _arrays(mesh)
        return self._shared[mesh.name]


def _arrays(mesh: Any) -> tuple[Floats, Ints, bool]:
    points = np.empty(len(mesh.vertices) * 3, dtype=np.float32)
    mesh.vertices.foreach_get("co", points)
    mesh.calc_loop_triangles()
    triangles = np.empty(len(mesh.loop_triangles) * 3, dtype=np.int32)
    mesh.loop_triangles.foreach_get("vertices", triangles)
    # Every edge between two faces: a surface without an end.
    closed = len(mesh.loops) == 2 * len(mesh.edges)
    return points.reshape(-1, 3).astype(np.float64), triangles.reshape(-1, 3).astype(np.int64), closed


def _clear(thing: Any) -> bool:
    """Whether one sees through it."""
    slots = thing.data.materials
    if not slots or slots[0] is None:
        return False
    found = finish_for(str(slots[0].get("scenekeeper_wish", "")).split("|", 1)[0])
    return found is not None and found[1].transmission > 0.5
