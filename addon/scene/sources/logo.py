"""An SVG as a solid: each patch a bevelled slab, those that lie on others standing out before them. Main thread."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ...formats.svg import Patch, read_svg
from ...models.errors import StageFailed
from ...models.sources import Source
from ..parts.assemble import Piece
from ..parts.mesh_data import Floats, MeshData, join
from ..parts.sheets import sheet_of_outlines
from ..parts.sweeps import solid_of_outlines
from ..things import Shaped, piece_mesh

__all__ = ["solid_logo"]

_POINTS_MAX = 12_000
_NEAR = 0.0012
"""Points nearer to the last than this share of the logo are left out: a bevel would turn their edge around."""
_BASE = 0.6
"""Thickness of the lowest slab, as a share of the whole; the layers before it share the rest."""
_BEVEL = 0.012


def solid_logo(source: Source, path: Path, size: tuple[float, float, float], name: str) -> list[Shaped]:
    """The logo's shapes by colour, facing -Y, standing on z = 0, exactly of ``size``."""
    try:
        patches = read_svg(path.read_bytes())
    except (OSError, ValueError) as error:
        raise StageFailed(f"The logo {path.name} cannot be read.", "upload_unreadable") from error
    outlines = _fitted(patches, size[0], size[2])
    levels = _levels(outlines)
    depth, count = size[1], max(levels)
    base = depth if count == 0 else _BASE * depth
    step = (depth - base) / max(count, 1)
    colors = list(dict.fromkeys(patch.color for patch in patches))
    made: dict[str, list[MeshData]] = {}
    for patch, loops, level in zip(patches, outlines, levels, strict=True):
        # Each layer ends a little before the back of the one below, so that no two faces lie in one plane.
        back = depth / 2 - 0.02 * depth * level
        front = depth / 2 - base - step * level
        slab = _slab(loops, back - front, _BEVEL * max(size))
        if slab is not None:
            made.setdefault(patch.color, []).append(slab.moved(slab.points + np.array([0, (front + back) / 2, 0])))
    if not made:
        raise StageFailed(f"The logo {path.name} has no shape that can be made solid.", "upload_unreadable")
    shaped = []
    for number, color in enumerate(colors, 1):
        if color in made:
            piece = Piece(f"fill_{number}", f"fill_{number}", join(made[color]), flat=False, sharp_angle=30)
            mesh, origin = piece_mesh(piece, f"{name}.{piece.name}")
            shaped.append(Shaped(piece.name, mesh, origin, piece.slot))
    return shaped


def _slab(loops: list[Floats], depth: float, bevel: float) -> MeshData | None:
    try:
        return solid_of_outlines(loops, depth, min(bevel, 0.3 * depth))
    except ValueError:
        # Lines that cross: as flat faces cut where they do, and without a bevel.
        return sheet_of_outlines(loops, depth)


def _fitted(patches: Sequence[Patch], width: float, height: float) -> list[list[Floats]]:
    """Outlines in metres, upright, about x = 0, on z = 0, with as many points as a logo needs."""
    every = np.concatenate([np.array(outline) for patch in patches for outline in patch.outlines])
    low, high = every.min(axis=0), every.max(axis=0)
    scale = np.array([width, -height]) / (high - low)
    origin = np.array([(low[0] + high[0]) / 2, high[1]])
    whole = [[(np.array(outline) - origin) * scale for outline in patch.outlines] for patch in patches]
    near = _NEAR * max(width, height)
    while True:
        thinned = [[_spaced(loop, near) for loop in loops] for loops in whole]
        if sum(len(loop) for loops in thinned for loop in loops) <= _POINTS_MAX:
            return [[loop for loop in loops if len(loop) > 2] for loops in thinned]
        near *= 1.6


def _spaced(loop: Floats, near: float) -> Floats:
    keep = [0]
    for index in range(1, len(loop)):
        if np.abs(loop[index] - loop[keep[-1]]).max() > near:
            keep.append(index)
    while len(keep) > 3 and np.abs(loop[keep[-1]] - loop[0]).max() <= near:
        keep.pop()
    return np.asarray(loop[keep])


def _levels(outlines: Sequence[list[Floats]]) -> list[int]:
    """How many patches lie one upon the other below each."""
    boxes = []
    for loops in outlines:
        every = np.concatenate(loops) if loops else np.zeros((1, 2))
        boxes.append((every.min(axis=0), every.max(axis=0)))
    levels: list[int] = []
    for low, high in boxes:
        below = [
            level for level, (first, last) in zip(levels, boxes, strict=False)
            if (first < high).all() and (low < last).all()
        ]  # fmt: skip
        levels.append(max(below, default=-1) + 1)
    return levels
