"""Things: recipe → objects in a collection. Main thread only.

Each instance is an empty (the root) with the parts' mesh objects parented to it; instances share the meshes.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import bpy
import numpy as np

from ..catalogue import form_of
from ..models.layout import Placement
from ..models.plan import PlanObject
from ..models.recipe import Recipe
from .parts.assemble import Piece, assemble
from .parts.booleans import to_mesh
from .parts.mesh_data import Floats, MeshData

__all__ = ["Shaped", "build_object", "new_root", "piece_mesh", "place_things"]


@dataclass(frozen=True)
class Shaped:
    """A part that is a Blender mesh: ``origin`` is where it is in the thing. Without a ``slot`` it keeps its look."""

    name: str
    mesh: bpy.types.Mesh
    origin: tuple[float, float, float]
    slot: str | None


def build_object(
    plan_object: PlanObject, recipe: Recipe, placements: Sequence[Placement], collection: bpy.types.Collection
) -> list[bpy.types.Object]:
    """One root for each placement, as ``place_things`` makes them. ``ValueError`` where it cannot be built."""
    form = form_of(recipe, plan_object)
    pieces = assemble(form).pieces
    shaped = [Shaped(piece.name, *piece_mesh(piece, f"{plan_object.id}.{piece.name}"), piece.slot) for piece in pieces]
    return place_things(plan_object, recipe.name, shaped, placements, collection)


def place_things(
    plan_object: PlanObject,
    recipe: str,
    shaped: Sequence[Shaped],
    placements: Sequence[Placement],
    collection: bpy.types.Collection,
) -> list[bpy.types.Object]:
    """One root for each placement, with the parts below it, linked to ``collection``.

    Roots have the custom properties ``thing``, ``noun``, ``instance`` (as placed) and ``plan_id``; parts have
    ``slot`` where they are to be painted.
    """
    roots = []
    for placement in placements:
        root = new_root(f"{plan_object.noun} {placement.instance}", placement, collection)
        root["thing"] = recipe
        root["noun"] = plan_object.noun
        root["plan_id"] = plan_object.id
        for one in shaped:
            part = bpy.data.objects.new(f"{plan_object.id}.{placement.instance}.{one.name}", one.mesh)
            part.parent = root
            part.location = one.origin
            if one.slot is not None:
                part["slot"] = one.slot
            collection.objects.link(part)
        roots.append(root)
    return roots


def new_root(name: str, placement: Placement, collection: bpy.types.Collection) -> bpy.types.Object:
    """An empty where the placement says, linked, with the custom property ``instance``."""
    root = bpy.data.objects.new(name, None)
    root.empty_display_size = 0.25 * max(placement.size)
    root.location = placement.position
    root.rotation_euler = (0.0, 0.0, math.radians(placement.rotation_z))
    root.scale = (placement.scale,) * 3
    root["instance"] = placement.instance
    collection.objects.link(root)
    return root


def piece_mesh(piece: Piece, name: str) -> tuple[bpy.types.Mesh, tuple[float, float, float]]:
    """A Blender mesh with UVs and shading, about its own centre; and where that centre is in the thing."""
    low, high = piece.mesh.bounds()
    x, y, z = ((low + high) / 2).tolist()
    data = piece.mesh.moved(piece.mesh.points - (x, y, z))
    mesh = to_mesh(data, name)
    layer = mesh.uv_layers.new(name="UVMap")
    layer.uv.foreach_set("vector", _box_projection(data).astype("float32").reshape(-1))
    if piece.flat:
        mesh.shade_flat()
    else:
        mesh.shade_smooth()
        mesh.set_sharp_from_angle(angle=math.radians(piece.sharp_angle))
    return mesh, (x, y, z)


def _box_projection(data: MeshData) -> Floats:
    """A UV for each corner, in metres: each face seen along the axis that it looks to most."""
    starts = data.starts
    normals = np.zeros((len(data.counts), 3))
    for size in np.unique(data.counts):
        chosen = data.counts == size
        face = data.points[data.corners[starts[chosen][:, None] + np.arange(size)]]
        normals[chosen] = np.cross(face[:, 2] - face[:, 0], face[:, size - 1] - face[:, 1])
    axis = np.repeat(np.argmax(np.abs(normals), axis=1), data.counts)
    points = data.points[data.corners]
    u = np.where(axis == 0, points[:, 1], points[:, 0])
    v = np.where(axis == 2, points[:, 1], points[:, 2])
    return np.stack([u, v], axis=1)
