"""How deep things are in each other, by their meshes. Main thread (Blender's bounding volume trees)."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from mathutils import Vector
from mathutils.bvhtree import BVHTree

from .raster import Floats
from .shapes import Solid, Thing

__all__ = ["Overlap", "Overlaps"]

SAMPLES = 160
"""Points of each part that are looked at within the box that both share."""
LARGEST = 300_000
"""Triangles; the tree of a larger mesh, which only a file brings, would take seconds."""
_SLANT = Vector((0.0123, 0.0371, 1.0)).normalized()
"""Slanted, so that it runs along no face of what stands upright."""
_CROSSINGS = 64


class Overlap(NamedTuple):
    """How deep, in metres, and how steep the surface is there that it is under: 1 is level, 0 a wall."""

    depth: float
    steepness: float


class Overlaps:
    """Depths of overlap between things; trees are made once and moved things are given anew under their own names."""

    def __init__(self) -> None:
        self._trees: dict[int, tuple[Solid, Any]] = {}

    def deepest(self, first: Thing, second: Thing, least: float) -> Overlap:
        """Where a point of one is furthest inside the other; a depth of 0 where none is deeper than ``least``."""
        found = Overlap(0.0, 0.0)
        if _boxes_meet(first.bounds, second.bounds, least) is None:
            return found
        for one in first.solids:
            for other in second.solids:
                shared = _boxes_meet(one.bounds, other.bounds, least)
                if shared is not None and max(len(one.triangles), len(other.triangles)) <= LARGEST:
                    for points_of, solid in ((one, other), (other, one)):
                        found = max(found, self._inside(points_of, solid, shared, max(least, found.depth)))
        return found

    def _inside(self, points_of: Solid, solid: Solid, shared: tuple[Floats, Floats], least: float) -> Overlap:
        deepest = Overlap(0.0, 0.0)
        tree = self._tree(solid)
        for point in _samples(points_of, shared):
            place = Vector(point)
            found, normal, _, distance = tree.find_nearest(place)
            if found is None or distance <= max(least, deepest.depth) or (place - found).dot(normal) >= 0:
                continue
            # Near sharp edges the nearest face may look away from a point outside.
            if _is_inside(tree, place):
                deepest = Overlap(float(distance), abs(float(normal.z)))
        return deepest

    def _tree(self, solid: Solid) -> Any:
        # The solid is kept with its tree, so that no other one can get its identity.
        if id(solid) not in self._trees:
            tree = BVHTree.FromPolygons(solid.points.tolist(), solid.triangles.tolist(), all_triangles=True)
            self._trees[id(solid)] = (solid, tree)
        return self._trees[id(solid)][1]


def _is_inside(tree: Any, place: Vector) -> bool:
    count, start = 0, place
    for _ in range(_CROSSINGS):
        hit, _normal, _index, distance = tree.ray_cast(start, _SLANT)
        if hit is None:
            break
        count += 1
        start = hit + _SLANT * max(1e-6, distance * 1e-5)
    return count % 2 == 1


def _boxes_meet(
    first: tuple[Floats, Floats], second: tuple[Floats, Floats], least: float
) -> tuple[Floats, Floats] | None:
    """The box that both share, where it is more than ``least`` thick."""
    low, high = np.maximum(first[0], second[0]), np.minimum(first[1], second[1])
    return (low, high) if np.all(high - low > least) else None


def _samples(solid: Solid, shared: tuple[Floats, Floats]) -> Sequence[Sequence[float]]:
    """Corners and middles of faces within the shared box, thinned out evenly."""
    middles = solid.points[solid.triangles].mean(axis=1)
    every = np.concatenate([solid.points, middles])
    inside = every[np.all((every >= shared[0]) & (every <= shared[1]), axis=1)]
    return list(inside[:: max(1, len(inside) // SAMPLES)].tolist())
