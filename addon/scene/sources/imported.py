"""A GLB, OBJ or STL as plain meshes: what moves, lights or films in the file is left out. Main thread.

Blender's importers read it. They see a copy without references to other files, and everything they add but the
meshes is removed again.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from mathutils import Matrix, Vector

from ...formats.obj import without_references
from ...models.errors import StageFailed
from ...models.sources import Source
from ..context import refresh
from ..things import Shaped

__all__ = ["bounds_of", "fitted_meshes", "imported_model", "meshes_of", "only_new"]

_KINDS = ("objects", "collections", "armatures", "actions", "cameras", "lights", "meshes", "curves", "shape_keys")
_PARTS_MAX = 300


def imported_model(source: Source, path: Path, size: tuple[float, float, float], name: str) -> list[Shaped]:
    """The model's meshes, standing on z = 0, centred, as large as fits into ``size`` without being stretched.

    Raises ``StageFailed`` where Blender cannot read it or it shows nothing.
    """
    with only_new() as new_objects:
        try:
            _import(path)
        except RuntimeError as error:
            raise _unreadable(path) from error
        shaped = fitted_meshes(new_objects(), size, name)
    if not shaped:
        raise _unreadable(path)
    return shaped


def _unreadable(path: Path) -> StageFailed:
    return StageFailed(f"Blender cannot read the model {path.name}, or it shows nothing.", "upload_unreadable")


def _import(path: Path) -> None:
    if path.suffix == ".glb":
        bpy.ops.import_scene.gltf(filepath=str(path))
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        data = path.read_bytes()
        copy.write_bytes(without_references(data) if path.suffix == ".obj" else data)
        if path.suffix == ".obj":
            bpy.ops.wm.obj_import(filepath=str(copy), use_split_objects=True)
        else:
            bpy.ops.wm.stl_import(filepath=str(copy))


@contextmanager
def only_new() -> Iterator[Any]:
    """Gives a function that lists the objects added meanwhile; at the end all but the meshes made of them is removed.

    Meshes that are marked with the property ``keep`` stay.
    """
    data: Any = bpy.data
    before = {kind: set(getattr(data, kind)) for kind in _KINDS if hasattr(data, kind)}
    try:
        yield lambda: [thing for thing in data.objects if thing not in before["objects"]]
    finally:
        gone = [
            block
            for kind, known in before.items()
            for block in getattr(data, kind)
            if block not in known and not (kind == "meshes" and block.get("keep"))
        ]
        data.batch_remove(gone)
        for mesh in data.meshes:
            if mesh.get("keep"):
                del mesh["keep"]


def fitted_meshes(objects: list[Any], size: tuple[float, float, float], name: str) -> list[Shaped]:
    """New meshes of objects as they are now, moved and scaled as a thing of ``size`` stands."""
    made = meshes_of(objects)
    if not made:
        return []
    low, high = bounds_of(made)
    scale = float(np.min(np.array(size) / np.maximum(high - low, 1e-9)))
    base = Vector(((low[0] + high[0]) / 2, (low[1] + high[1]) / 2, low[2]))
    return [_standing(part, mesh, base, scale, name) for part, mesh in made]


def meshes_of(objects: list[Any]) -> list[tuple[str, Any]]:
    """Name and mesh of what objects show, modifiers and instances and all, in the world's axes."""
    refresh()
    ready: Any = bpy.context.evaluated_depsgraph_get()
    made: list[tuple[str, Any]] = []
    # What it tells of instances is only true until the next one.
    shown = [
        (one.object.original if one.is_instance else one.object, one.matrix_world.copy())
        for one in ready.object_instances
        if (one.parent.original if one.is_instance else one.object.original) in objects
    ]
    for thing, place in shown[:_PARTS_MAX]:
        if thing.type not in ("MESH", "CURVE", "SURFACE", "FONT", "META"):
            continue
        mesh: Any = bpy.data.meshes.new_from_object(
            thing.evaluated_get(ready), preserve_all_data_layers=True, depsgraph=ready
        )
        if not len(mesh.polygons):
            bpy.data.meshes.remove(mesh)
            continue
        mesh.transform(place)
        if place.determinant() < 0:
            mesh.flip_normals()
        mesh["keep"] = True
        made.append((thing.name, mesh))
    return made


def bounds_of(meshes: list[tuple[str, Any]]) -> tuple[Any, Any]:
    """Lowest and highest corner of the box around meshes; there is at least one."""
    bounds = [_bounds(mesh) for _, mesh in meshes]
    return np.min([low for low, _ in bounds], axis=0), np.max([high for _, high in bounds], axis=0)


def _bounds(mesh: Any) -> tuple[Any, Any]:
    points = np.empty(len(mesh.vertices) * 3, dtype=np.float32)
    mesh.vertices.foreach_get("co", points)
    points = points.reshape(-1, 3)
    return points.min(axis=0), points.max(axis=0)


def _standing(part: str, mesh: Any, base: Vector, scale: float, name: str) -> Shaped:
    """The mesh about its own centre, and where that is in the thing."""
    mesh.transform(Matrix.Scale(scale, 4) @ Matrix.Translation(-base))
    low, high = _bounds(mesh)
    middle = Vector(((low + high) / 2).tolist())
    mesh.transform(Matrix.Translation(-middle))
    mesh.name = f"{name}.{part}"
    # A slot whose material the file lacks is as good as none.
    if not any(mesh.materials):
        mesh.materials.clear()
    return Shaped(part, mesh, (middle.x, middle.y, middle.z), "body")
