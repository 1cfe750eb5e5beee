"""What a saved scene.blend holds: the things by their custom properties, their meshes and materials. Main thread.

A thing is a root object with ``thing``, ``noun`` and ``instance``; its parts are the meshes below it.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from numpy.typing import NDArray

from .solid import Solid
from .surface import Surface, surface_of

__all__ = ["Part", "Thing", "View", "open_scene", "read_things", "read_view"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Part:
    """One mesh of a thing. ``points`` (n, 3) are in the world, ``faces`` (m, 3) are triangles of them.

    ``index`` is its object index in the passes, ``surface`` what its material is made of.
    """

    name: str
    index: int
    points: Array
    faces: NDArray[np.int32]
    surface: Surface


@dataclass(frozen=True)
class Thing:
    """One placed thing. ``frame`` (4, 4) takes world points into its own frame: it faces -Y, Z is up."""

    thing: str
    noun: str
    instance: int
    parts: tuple[Part, ...]
    frame: Array

    @property
    def points(self) -> Array:
        """All corners of its meshes, in the world."""
        return np.concatenate([part.points for part in self.parts])

    @cached_property
    def solid(self) -> Solid:
        """Its geometry in its own frame."""
        offsets = np.cumsum([0, *(len(part.points) for part in self.parts)])
        faces = np.concatenate([part.faces + start for part, start in zip(self.parts, offsets, strict=False)])
        return Solid(self.points @ self.frame[:3, :3].T + self.frame[:3, 3], faces)

    @property
    def title(self) -> str:
        """What messages call it."""
        return f"{self.noun} {self.instance}"


@dataclass(frozen=True)
class View:
    """The camera. ``matrix`` takes world points into its axes; ``half`` is half the frame at distance 1."""

    matrix: Array
    half: tuple[float, float]
    flat: bool

    def project(self, points: Array) -> tuple[Array, Array]:
        """Places (n, 2) in the frame, 0..1 from its upper left corner, and distances along the view in metres."""
        local = points @ self.matrix[:3, :3].T + self.matrix[:3, 3]
        depth = -local[:, 2]
        by = np.ones_like(depth) if self.flat else np.maximum(depth, 1e-6)
        x = 0.5 + 0.5 * local[:, 0] / (self.half[0] * by)
        y = 0.5 - 0.5 * local[:, 1] / (self.half[1] * by)
        return np.stack([x, y], axis=1), depth


def open_scene(path: Path) -> Any:
    """Open a .blend without its interface and without running anything in it; gives its scene."""
    bpy.ops.wm.open_mainfile(filepath=str(path), load_ui=False, use_scripts=False)
    return bpy.context.scene


def read_things(scene: Any) -> list[Thing]:
    """Every placed thing; numbers its parts' object indices from 1 and sets all others to 0."""
    for other in scene.objects:
        other.pass_index = 0
    graph = bpy.context.evaluated_depsgraph_get()
    index = 0
    found = []
    roots = [one for one in scene.objects if one.parent is None and {"thing", "noun", "instance"} <= set(one.keys())]
    for root in sorted(roots, key=lambda one: str(one.name)):
        parts = []
        for part in (root, *root.children_recursive):
            if part.type not in ("MESH", "CURVE", "FONT", "META", "SURFACE") or part.hide_render:
                continue
            index += 1
            part.pass_index = index
            points, faces = _mesh(part.evaluated_get(graph))
            if len(faces):
                parts.append(Part(str(part.name), index, points, faces, surface_of(part)))
        if parts:
            frame = np.array(root.matrix_world.inverted())
            found.append(Thing(str(root["thing"]), str(root["noun"]), int(root["instance"]), tuple(parts), frame))
    return found


def _mesh(part: Any) -> tuple[Array, NDArray[np.int32]]:
    mesh = part.to_mesh()
    points = np.empty(len(mesh.vertices) * 3)
    mesh.vertices.foreach_get("co", points)
    mesh.calc_loop_triangles()
    faces = np.empty(len(mesh.loop_triangles) * 3, dtype=np.int32)
    mesh.loop_triangles.foreach_get("vertices", faces)
    part.to_mesh_clear()
    matrix = np.array(part.matrix_world)
    return points.reshape(-1, 3) @ matrix[:3, :3].T + matrix[:3, 3], faces.reshape(-1, 3)


def read_view(scene: Any) -> View:
    """The scene's camera. Raises ``ValueError`` where it has none."""
    camera = scene.camera
    if camera is None:
        raise ValueError("the scene has no camera")
    frame = camera.data.view_frame(scene=scene)
    flat = camera.data.type == "ORTHO"
    depth = 1.0 if flat else -frame[0].z
    half = (max(corner.x for corner in frame) / depth, max(corner.y for corner in frame) / depth)
    return View(np.array(camera.matrix_world.inverted()), half, flat)
