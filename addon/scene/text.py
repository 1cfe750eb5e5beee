"""Words and logos as solid 3D letters. Main thread only."""

from functools import lru_cache

import bpy
import numpy as np

from ..models.layout import Placement
from ..models.plan import TextItem
from .parts.assemble import Piece
from .parts.lettering import letters
from .parts.mesh_data import MeshData
from .things import new_root, piece_mesh

__all__ = ["build_text"]

_WEIGHT = 0.03
"""By how much strokes grow on each side, as a share of a capital's height: letters as objects are bold."""


def build_text(item: TextItem, placement: Placement, collection: bpy.types.Collection) -> bpy.types.Object:
    """The letters as a mesh below a root (``thing`` is "text", ``noun`` the words), linked to ``collection``.

    They stand upright, facing -Y, the lowest point on the root's ground, centred. The mesh's ``slot`` is "body".
    """
    piece = Piece("letters", "body", _letters(item), flat=False, sharp_angle=30)
    mesh, origin = piece_mesh(piece, f"{item.id}.letters")
    root = new_root(item.text, placement, collection)
    root["thing"], root["noun"], root["plan_id"] = "text", item.text, item.id
    part = bpy.data.objects.new(f"{item.id}.{placement.instance}.letters", mesh)
    part.parent, part.location = root, origin
    part["slot"] = "body"
    collection.objects.link(part)
    return root


def _letters(item: TextItem) -> MeshData:
    return _standing("\n".join(item.lines), item.height_m, item.depth_m, item.bevel_m)


@lru_cache(maxsize=32)
def _standing(text: str, height: float, depth: float, bevel: float) -> MeshData:
    mesh = letters(text, height, depth, bevel, _WEIGHT * height)
    low, high = mesh.bounds()
    base = np.array([(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, low[2]])
    return mesh.moved(mesh.points - base)
