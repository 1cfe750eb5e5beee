"""An object-index pass at small size: what the camera sees of each placed thing. Pure; any thread.

Every thing is drawn alone and then all together, so that the share of its silhouette which nothing hides is known. A
render of object indices would cost one render for each thing to tell the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .raster import Closeness, Floats, Ints, draw
from .shapes import Solid, Thing
from .view import View

__all__ = ["Seen", "Sight", "look_at", "outline"]

_SAME_DEPTH = 0.004
"""As a share of the depth: surfaces this close to each other lie on one another."""


@dataclass(frozen=True)
class Seen:
    """One thing in the picture. Shares are 0..1; places and sizes are shares of the picture from its lower left.

    ``visible`` is the share of its silhouette inside the frame that nothing hides, ``inside`` the share of its whole
    silhouette inside the frame, ``pixels`` how many of the pass's pixels show it, ``extent`` its silhouette's larger
    side. ``box`` is the silhouette's (left, bottom, right, top), also beyond the frame; ``near``, ``far`` and ``depth``
    (the middle of what is seen) are metres along the view, ``low`` and ``high`` its box in the world. ``hidden_by`` is
    the noun of what covers most of it, None for the ground.
    """

    plan_id: str
    instance: int
    noun: str
    visible: float
    inside: float
    pixels: int
    extent: float
    box: tuple[float, float, float, float]
    near: float
    far: float
    depth: float
    low: tuple[float, float, float]
    high: tuple[float, float, float]
    hidden_by: str | None = None


@dataclass(frozen=True)
class Sight:
    """Everything as seen now. ``index`` (rows, columns) has each pixel's thing, counted from 1 in the order of
    ``seen``, and 0 where none is seen; rows go up from the lower edge."""

    seen: tuple[Seen, ...]
    index: NDArray[np.int32]


def look_at(things: Sequence[Thing], ground: Sequence[Solid], view: View) -> Sight:
    """Draw the index pass."""
    rows, columns = view.canvas
    nearest = np.zeros((rows, columns), dtype=np.float32)
    owner = np.zeros((rows, columns), dtype=np.int32)
    alone: list[tuple[Ints, Closeness]] = []
    for number, thing in enumerate(things, start=1):
        solid = np.zeros_like(nearest)
        _draw(solid, [one for one in thing.solids if not one.clear], view)
        closer = solid > nearest
        nearest[closer], owner[closer] = solid[closer], number
        _draw(solid, [one for one in thing.solids if one.clear], view)
        covered = np.flatnonzero(solid)
        alone.append((covered, solid.reshape(-1)[covered]))
    _draw_ground(nearest, owner, alone, ground, view)
    index = np.zeros_like(owner)
    seen = []
    for number, thing in enumerate(things, start=1):
        one, shown = _seen(number, thing, alone[number - 1], nearest, owner, things, view)
        seen.append(one)
        # What is seen through glass goes before the glass.
        index.reshape(-1)[shown] = np.where(owner.reshape(-1)[shown] > 0, owner.reshape(-1)[shown], number)
    left, low = view.margin
    return Sight(tuple(seen), index[low : low + view.rows, left : left + view.columns])


def _draw_ground(
    nearest: Closeness, owner: NDArray[np.int32], alone: Sequence[tuple[Ints, Closeness]], ground: Sequence[Solid],
    view: View,
) -> None:  # fmt: skip
    """Put the ground before the things that it hides; only where there are things, and only what is near enough."""
    covered = np.concatenate([np.zeros(0, dtype=np.int64), *(pixels for pixels, _ in alone)])
    y, x = np.divmod(covered, view.canvas[1])
    left, low = view.margin
    framed = (x >= left) & (x < left + view.columns) & (y >= low) & (y < low + view.rows)
    if not framed.any():
        return
    first = (int(y[framed].min()), int(x[framed].min()))
    last = (int(y[framed].max()) + 1, int(x[framed].max()) + 1)
    farthest = min(float(closeness.min()) for _, closeness in alone if len(closeness))
    buffer = np.zeros((last[0] - first[0], last[1] - first[1]), dtype=np.float32)
    offset = np.array([first[1], first[0], 0.0])
    for solid in ground:
        points, triangles, loose = view.drawn(solid.points, solid.triangles)
        near = (points[:, 2] >= farthest)[triangles].any(axis=1)
        loose = loose[(loose[:, :, 2] >= farthest).any(axis=1)]
        draw(buffer, points - offset, triangles[near], loose - offset)
    window = np.s_[first[0] : last[0], first[1] : last[1]]
    before = buffer > nearest[window]
    nearest[window][before], owner[window][before] = buffer[before], 0


def _draw(buffer: Closeness, solids: Sequence[Solid], view: View) -> None:
    for solid in solids:
        draw(buffer, *view.drawn(solid.points, solid.triangles, closed=solid.closed), edge=True)


def _seen(
    number: int, thing: Thing, alone: tuple[Ints, Closeness], nearest: Closeness,
    owner: NDArray[np.int32], things: Sequence[Thing], view: View,
) -> tuple[Seen, Ints]:  # fmt: skip
    """What is seen of a thing, and the pixels of the canvas that show it."""
    covered, closeness = alone
    left, low = view.margin
    y, x = np.divmod(covered, view.canvas[1])
    framed = (x >= left) & (x < left + view.columns) & (y >= low) & (y < low + view.rows)
    depth = view.depth(closeness.astype(np.float64))
    others = owner.reshape(-1)[covered]
    # Two surfaces that lie on one another are seen both.
    before = view.depth(nearest.reshape(-1)[covered].astype(np.float64)) < depth * (1 - _SAME_DEPTH)
    hidden = framed & (others != number) & before
    shown = framed & ~hidden
    hiders = np.bincount(others[hidden], minlength=1)
    most = int(hiders.argmax()) if hidden.any() else 0
    box = _box(x - left, y - low, view) if len(covered) else (0.0, 0.0, 0.0, 0.0)
    return Seen(
        plan_id=thing.plan_id,
        instance=thing.instance,
        noun=thing.noun,
        visible=float(shown.sum() / max(1, framed.sum())),
        inside=float(framed.sum() / max(1, len(covered))),
        pixels=int(shown.sum()),
        extent=max(box[2] - box[0], box[3] - box[1]),
        box=box,
        near=float(depth.min(initial=np.inf)),
        far=float(depth.max(initial=0.0)),
        depth=float(np.median(depth[shown])) if shown.any() else float(np.median(depth)) if len(depth) else 0.0,
        low=_point(thing.bounds[0]),
        high=_point(thing.bounds[1]),
        hidden_by=things[most - 1].noun if most else None,
    ), covered[shown]


def _point(values: Floats) -> tuple[float, float, float]:
    x, y, z = values.tolist()
    return x, y, z


def _box(x: Ints, y: Ints, view: View) -> tuple[float, float, float, float]:
    return (
        float(x.min() / view.columns),
        float(y.min() / view.rows),
        float((x.max() + 1) / view.columns),
        float((y.max() + 1) / view.rows),
    )


def outline(things: Sequence[Thing]) -> Floats:
    """Points (n, 3) that reach as far as the things do in every direction, for fitting the camera to them."""
    around = _directions()
    chosen = []
    for thing in things:
        for solid in thing.solids:
            chosen.append(solid.points[np.unique(np.argmax(solid.points @ around, axis=0))])
    return np.concatenate(chosen) if chosen else np.zeros((0, 3))


def _directions() -> Floats:
    """About sixty directions spread evenly over a sphere (3, n): a golden spiral."""
    steps = np.arange(64) + 0.5
    height = 1 - 2 * steps / 64
    turn = np.pi * (1 + 5**0.5) * steps
    around = np.sqrt(1 - height**2)
    return np.stack([around * np.cos(turn), around * np.sin(turn), height])
