"""Placed things as arrays of points and triangles, in world space and metres. Pure; any thread."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .raster import Floats, Ints

__all__ = ["Solid", "Thing"]


@dataclass(frozen=True)
class Solid:
    """A mesh in world space: points (n, 3) and triangles (m, 3). ``clear``: one sees through it. ``closed``: it has an
    inside, and all its faces look outwards, so that those which look away are hidden by the others."""

    name: str
    points: Floats
    triangles: Ints
    clear: bool = False
    closed: bool = False

    @cached_property
    def bounds(self) -> tuple[Floats, Floats]:
        """Lowest and highest corner of its box."""
        return self.points.min(axis=0), self.points.max(axis=0)

    def moved(self, by: Floats) -> "Solid":
        """The same elsewhere."""
        return Solid(self.name, self.points + by, self.triangles, self.clear, self.closed)


@dataclass(frozen=True)
class Thing:
    """One instance of something planned, by its root object's name."""

    name: str
    plan_id: str
    instance: int
    noun: str
    label: str
    """How people are told of it: with its number where there are several."""
    solids: tuple[Solid, ...]

    @cached_property
    def bounds(self) -> tuple[Floats, Floats]:
        """Lowest and highest corner of its box."""
        low = np.min([solid.bounds[0] for solid in self.solids], axis=0)
        return low, np.max([solid.bounds[1] for solid in self.solids], axis=0)

    def moved(self, by: Floats) -> "Thing":
        """The same elsewhere."""
        solids = tuple(solid.moved(by) for solid in self.solids)
        return Thing(self.name, self.plan_id, self.instance, self.noun, self.label, solids)
