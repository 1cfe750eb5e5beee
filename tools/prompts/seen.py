"""What the picture shows of each thing: pixels, what hides it, whether it is cut off, where it is. Any thread."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .blend import Thing, View
from .grid import Grid, drawn
from .passes import Passes

__all__ = ["Box", "Sighting", "sightings", "sky_sighting"]

EDGE = 0.5
"""How far beyond the frame silhouettes are drawn, in frames."""


@dataclass(frozen=True)
class Box:
    """A rectangle in the picture, in pixels from its upper left corner."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def middle(self) -> tuple[float, float]:
        """The centre."""
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    def shared(self, other: "Box") -> tuple[float, float]:
        """How much both have in common in x and in y; negative: the gap."""
        return (min(self.x1, other.x1) - max(self.x0, other.x0), min(self.y1, other.y1) - max(self.y0, other.y0))

    def union_share(self, other: "Box") -> float:
        """Intersection over union."""
        across, down = self.shared(other)
        both = max(0.0, across) * max(0.0, down)
        return both / max(1e-9, self.width * self.height + other.width * other.height - both)


@dataclass(frozen=True)
class Sighting:
    """One thing in the picture. Shares are 0..1.

    ``mask`` are the pixels that show it, ``whole`` those it would cover alone, ``area`` the share of the picture that
    shows it, ``visible`` the share of ``whole`` that does, ``outside`` the share of its silhouette beyond the frame,
    ``box`` the rectangle about its silhouette, ``near`` and ``middle`` its distances in metres (nearest, mean of what
    is seen).
    """

    thing: Thing
    mask: Grid
    whole: Grid
    area: float
    visible: float
    outside: float
    box: Box
    near: float
    middle: float

    @property
    def around(self) -> bool:
        """Whether it is ground or sky, which go on beyond the picture."""
        return self.thing.thing in ("ground", "sky")

    @property
    def extent(self) -> float:
        """The longer side of what is seen, as a share of the picture's height."""
        where = np.argwhere(self.mask)
        if not len(where):
            return 0.0
        return float((np.ptp(where, axis=0) + 1).max() / self.mask.shape[0])


def sightings(things: Sequence[Thing], view: View, passes: Passes) -> list[Sighting]:
    """Every thing as the picture shows it, in the same order."""
    owner = np.zeros(1 + max((part.index for thing in things for part in thing.parts), default=0), dtype=np.int32)
    for number, thing in enumerate(things, 1):
        for part in thing.parts:
            owner[part.index] = number
    first, behind = owner[passes.indices], owner[passes.through]
    return [_seen(thing, (first == number) | (behind == number), view) for number, thing in enumerate(things, 1)]


def _seen(thing: Thing, mask: Grid, view: View) -> Sighting:
    rows, columns = mask.shape
    wide, high = int(columns * EDGE), int(rows * EDGE)
    canvas = np.zeros((rows + 2 * high, columns + 2 * wide), dtype=bool)
    lows, highs, depths = [], [], []
    for part in thing.parts:
        places, depth = view.project(part.points)
        pixels = places * (columns, rows)
        if depth.min() > 0:
            lows.append(pixels.min(axis=0))
            highs.append(pixels.max(axis=0))
        pixels[depth <= 0] = np.nan
        canvas |= drawn(pixels + np.array([wide, high]), part.faces, columns + 2 * wide, rows + 2 * high)
        depths.append(depth)
    # A pixel that shows it is part of it, even where it is thinner than a cell.
    whole = canvas[high : high + rows, wide : wide + columns] | mask
    all_cells = int(canvas.sum())
    depth = np.concatenate(depths)
    low = np.min(lows, axis=0) if lows else np.zeros(2)
    top = np.max(highs, axis=0) if highs else np.zeros(2)
    return Sighting(
        thing=thing,
        mask=mask,
        whole=whole,
        area=float(mask.mean()),
        visible=float(mask.sum() / max(1, whole.sum())),
        outside=1 - float(canvas[high : high + rows, wide : wide + columns].sum()) / all_cells if all_cells else 1.0,
        box=Box(float(low[0]), float(low[1]), float(top[0]), float(top[1])),
        near=float(depth.min()),
        middle=float(np.median(depth)),
    )


def sky_sighting(noun: str, passes: Passes) -> Sighting:
    """The sky, by the pixels in which there is nothing."""
    mask = ~np.isfinite(passes.depth)
    rows, columns = mask.shape
    thing = Thing("sky", noun, 1, (), np.eye(4))
    return Sighting(thing, mask, mask, float(mask.mean()), 1.0, 0.0, Box(0, 0, columns, rows), np.inf, np.inf)
