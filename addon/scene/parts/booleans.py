"""Cuts, and letters: the two that Blender itself computes, on objects that exist for a moment only. Main thread."""

import bmesh
import bpy

from .mesh_data import MeshData
from .sweeps import welded

__all__ = ["cut_away", "letters", "to_mesh"]


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


def letters(text: str, height: float, depth: float, bevel: float) -> MeshData:
    """Solid letters in x and z that face -Y: the base line at z = 0, centred in x and y. Lengths in metres."""
    curve = bpy.data.curves.new("letters", "FONT")
    assert isinstance(curve, bpy.types.TextCurve)
    thing = bpy.data.objects.new("letters", curve)
    scene = bpy.context.scene
    assert scene is not None
    scene.collection.objects.link(thing)
    try:
        # Blender's built-in font has capitals of 0.73 of its size.
        curve.body, curve.size = text, height / _CAPITALS
        curve.align_x = "CENTER"
        curve.resolution_u = 6
        bevel = min(bevel, 0.45 * depth)
        # The bevel grows letters outwards; the offset takes the same amount off before.
        curve.extrude, curve.bevel_depth, curve.bevel_resolution, curve.offset = depth / 2 - bevel, bevel, 2, -bevel
        mesh = _evaluated(thing)
    finally:
        bpy.data.objects.remove(thing)
        bpy.data.curves.remove(curve)
    x, y, z = mesh.points.T
    upright = mesh.points.copy()
    upright[:, 0], upright[:, 1], upright[:, 2] = x - (x.min() + x.max()) / 2, -z, y
    return mesh.moved(upright).outward()


_CAPITALS = 0.729


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
