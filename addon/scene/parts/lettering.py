"""Letters as solids: Blender draws the outlines of its built-in font, thickness and bevel are ours. Main thread.

Blender's own bevel leaves open seams where strokes meet sharply, which no 3D printer or exporter likes.
"""

from functools import lru_cache

import bpy
import numpy as np

from .mesh_data import Floats, MeshData
from .sweeps import solid_of_outlines

__all__ = ["letters"]


def letters(text: str, height: float, depth: float, bevel: float, weight: float = 0.0) -> MeshData:
    """Solid letters in x and z that face -Y: the base line at z = 0, centred in x and y. Lengths in metres.

    Lines are centred below each other. ``height`` is that of a capital H before its strokes grow by ``weight`` on
    every side. Raises ``ValueError`` where the text has nothing to draw.
    """
    scale = height / _capital_height()
    outlines = [outline * scale for outline in _outlines(text)]
    every = np.concatenate(outlines)
    middle = (every[:, 0].min() + every[:, 0].max()) / 2
    # Strokes of the built-in font are about an eighth of a capital's height: a bevel must leave a face between.
    bevel = min(bevel, 0.03 * height + 0.5 * weight, 0.45 * depth)
    return solid_of_outlines([outline - (middle, 0) for outline in outlines], depth, bevel, weight)


@lru_cache(maxsize=1)
def _capital_height() -> float:
    # It differs between Blender's versions, which ship different fonts.
    return float(np.ptp(np.concatenate(_outlines("H"))[:, 1]))


def _outlines(text: str) -> list[Floats]:
    """The closed outlines of a text of size 1, as (x, z) points."""
    curve = bpy.data.curves.new("letters", "FONT")
    assert isinstance(curve, bpy.types.TextCurve)
    # Without filling, the mesh is the outlines' edges only.
    curve.body, curve.resolution_u, curve.fill_mode = text, 10, "NONE"  # type: ignore[assignment]
    # Heavy strokes need a little more room between letters.
    curve.align_x, curve.space_character, curve.space_line = "CENTER", 1.06, 0.955
    thing = bpy.data.objects.new("letters", curve)
    scene = bpy.context.scene
    assert scene is not None
    scene.collection.objects.link(thing)
    try:
        ready = thing.evaluated_get(bpy.context.evaluated_depsgraph_get())
        mesh = ready.to_mesh()
        loops = _walked(mesh) if mesh else []
        ready.to_mesh_clear()
    finally:
        bpy.data.objects.remove(thing)
        bpy.data.curves.remove(curve)
    if not loops:
        raise ValueError(f"nothing of {text!r} can be drawn")
    return loops


def _walked(mesh: bpy.types.Mesh) -> list[Floats]:
    """The closed loops that the edges make."""
    beside: dict[int, list[int]] = {}
    for edge in mesh.edges:
        a, b = edge.vertices
        beside.setdefault(a, []).append(b)
        beside.setdefault(b, []).append(a)
    loops = []
    while beside:
        here: int | None = next(iter(beside))
        walk = []
        while here is not None:
            walk.append(here)
            here = next((other for other in beside.pop(here) if other in beside), None)
        loops.append(_spaced(np.array([mesh.vertices[index].co[:2] for index in walk])))
    return [loop for loop in loops if len(loop) > 2]


def _spaced(loop: Floats) -> Floats:
    """Without points so near to the one before that a bevel would turn their edge around."""
    keep = [0]
    for index in range(1, len(loop)):
        if np.linalg.norm(loop[index] - loop[keep[-1]]) > 0.004:
            keep.append(index)
    if len(keep) > 3 and np.linalg.norm(loop[keep[-1]] - loop[0]) < 0.004:
        keep.pop()
    return np.asarray(loop[keep])
