"""A picture in a frame: mitred bars around it, a board behind, and a leg where it stands by itself. Main thread."""

import math
from pathlib import Path
from typing import Any

import bpy
import numpy as np

from ...models.sources import Source
from ..parts.assemble import Piece
from ..parts.mesh_data import Floats, MeshData, bridge_rings, join, rotation_matrix
from ..things import Shaped, piece_mesh
from .picture import load_picture, picture_material, turned_uv

__all__ = ["framed_picture"]

_BAR = 0.064
"""Width of a bar, as a share of the picture's longer side with its frame; the picture goes a little under it."""
_PROFILE = ((0.0, 1.0), (0.0, 0.25), (0.12, 0.08), (0.35, 0.0), (0.6, 0.1), (0.72, 0.34), (0.9, 0.4), (1.0, 0.46),
            (1.0, 1.0))  # fmt: skip
"""Across a bar from outside to inside, and from its front to its back, as shares of width and depth."""
_LEAN_DEGREES = 9.0


def framed_picture(source: Source, path: Path, size: tuple[float, float, float], name: str) -> list[Shaped]:
    """Frame and picture, facing -Y, exactly as wide and high as ``size``."""
    width, depth, height = size
    thick = min(depth, 0.07 * max(width, height))
    frame = join([_bars(width, thick, height), _board(width, thick, height)])
    lean = 0.0 if source.hung else _LEAN_DEGREES
    if lean:
        frame = join([frame, _leg(depth, thick, height)])
    turn = rotation_matrix((-lean, 0, 0))
    # Leaning back about its lower front edge, and as high as asked for.
    fit = height / (height * math.cos(math.radians(lean)) + thick * math.sin(math.radians(lean)))
    frame = frame.moved(frame.points @ turn.T)
    low, high = frame.bounds()
    base: Floats = np.array([0.0, (low[1] + high[1]) / 2, low[2]])
    scale: Floats = np.array([1.0, min(1.0, depth / (high[1] - low[1])), fit])
    mesh, origin = piece_mesh(
        Piece("frame", "frame", frame.moved((frame.points - base) * scale), flat=False, sharp_angle=25), f"{name}.frame"
    )
    canvas = _canvas(source, path, (width, thick, height), f"{name}.picture", turn, base, scale)
    return [Shaped("frame", mesh, origin, "frame"), canvas]


def _bars(width: float, depth: float, height: float) -> MeshData:
    bar = _BAR * max(width, height)
    rings = []
    for inward, back in _PROFILE:
        x, low, high = width / 2 - inward * bar, inward * bar, height - inward * bar
        y = back * depth
        rings.append(np.array([(-x, y, low), (x, y, low), (x, y, high), (-x, y, high)]))
    return bridge_rings(rings).outward()


def _board(width: float, depth: float, height: float) -> MeshData:
    inset = 0.5 * _BAR * max(width, height)
    return _block((-width / 2 + inset, 0.62 * depth, inset), (width / 2 - inset, 0.95 * depth, height - inset))


def _leg(depth: float, thick: float, height: float) -> MeshData:
    """A strut from the middle of the board back to the ground, in the frame's own leaning axes."""
    lean = math.radians(_LEAN_DEGREES)
    top, half = 0.62 * height, 0.05 * height
    # The foot is on the ground behind, which in the leaning axes is a slope.
    reach = 0.75 * depth
    foot = (reach * math.cos(lean), -reach * math.sin(lean))
    first = np.array([(-half, thick, top), (half, thick, top), (half, 0.8 * thick, top), (-half, 0.8 * thick, top)])
    last = np.array([(-half, foot[0] + 0.012 * height, foot[1] + 0.004 * height),
                     (half, foot[0] + 0.012 * height, foot[1] + 0.004 * height),
                     (half, foot[0], foot[1]), (-half, foot[0], foot[1])])  # fmt: skip
    points = np.concatenate([first, last])
    quads = np.array([(0, 1, 2, 3), (7, 6, 5, 4), (0, 4, 5, 1), (1, 5, 6, 2), (2, 6, 7, 3), (3, 7, 4, 0)])
    return MeshData.of(points, quads).outward()


def _block(low: tuple[float, float, float], high: tuple[float, float, float]) -> MeshData:
    points = np.array([(x, y, z) for z in (low[2], high[2]) for y in (low[1], high[1]) for x in (low[0], high[0])])
    quads = np.array([(0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (2, 6, 7, 3), (0, 4, 6, 2), (1, 3, 7, 5)])
    return MeshData.of(points, quads).outward()


def _canvas(
    source: Source, path: Path, size: tuple[float, float, float], name: str, turn: Floats, base: Floats, scale: Floats
) -> Shaped:
    width, thick, height = size
    inset = 0.9 * _BAR * max(width, height)
    corners = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
    flat = np.array(
        [(-width / 2 + inset + u * (width - 2 * inset), 0.5 * thick, inset + v * (height - 2 * inset))
         for u, v in corners]
    )  # fmt: skip
    points = (flat @ turn.T - base) * scale
    middle = points.mean(axis=0)
    mesh: Any = bpy.data.meshes.new(name)
    mesh.from_pydata((points - middle).tolist(), [], [(0, 1, 2, 3)])
    layer = mesh.uv_layers.new(name="UVMap")
    for index, (u, v) in enumerate(corners):
        layer.uv[index].vector = turned_uv(u, v, source.orientation)
    mesh.materials.append(picture_material(load_picture(path), name))
    return Shaped("picture", mesh, (float(middle[0]), float(middle[1]), float(middle[2])), None)
