"""Cuts, which Blender itself computes, on objects that exist for a moment only. Main thread."""

import bmesh
import bpy

from .mesh_data import MeshData
from .sweeps import welded

__all__ = ["cut_away", "to_mesh"]


def to_mesh(data: MeshData, name: str) -> bpy.types.Mesh:
    """A Blender mesh of the same points and faces, edges included."""
    mesh = bpy.data.meshes.new(name)
    mesh.vertices.add(len(data.points))
    mesh.vertices.foreach_set("co", data.points.astype("float32").reshape(-1))
    mesh.loops.add(len(data.corners))
    mesh.loops.foreach_set("vertex_index", data.corners.astype("int32"))
    mesh.polygons.add(len(data.counts))
    mesh.polygons.foreach_set("loop_start", data.starts.astype("int32"))
    mesh.update(calc_edges=True)
    return mesh


def cut_away(data: MeshData, cutters: list[MeshData]) -> MeshData:
    """``data`` without what lies in the cutters."""
    made: list[bpy.types.Object] = []
    scene = bpy.context.scene
    assert scene is not None
    try:
        for each in (data, *cutters):
            thing = bpy.data.objects.new("cut", to_mesh(each, "cut"))
            scene.collection.objects.link(thing)
            made.append(thing)
        for cutter in made[1:]:
            modifier = made[0].modifiers.new("cut", "BOOLEAN")
            assert isinstance(modifier, bpy.types.BooleanModifier)
            modifier.operation, modifier.solver, modifier.object = "DIFFERENCE", "EXACT", cutter
        return _evaluated(made[0]).outward()
    finally:
        for thing in made:
            mesh = thing.data
            bpy.data.objects.remove(thing)
            assert isinstance(mesh, bpy.types.Mesh)
            bpy.data.meshes.remove(mesh)


def _evaluated(thing: bpy.types.Object) -> MeshData:
    """The mesh after modifiers, near points merged."""
    ready = thing.evaluated_get(bpy.context.evaluated_depsgraph_get())
    solid = bmesh.new()
    try:
        solid.from_mesh(ready.to_mesh())
        ready.to_mesh_clear()
        if not solid.faces:
            raise ValueError(f"{thing.name!r} leaves nothing to see")
        return welded(solid, 1e-5)
    finally:
        solid.free()
