"""What shall hide, or stand before or behind another: moved sideways until the picture shows it. Main thread.

The layout knows boxes only. Whether a lamp's foot hides a vase, and whether a boy and a bee overlap at all where their
boxes do, their silhouettes tell: each is drawn once and then shifted over the other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np
from numpy.typing import NDArray

from ..models.layout import Layout
from ..models.plan import Relation, RelationKind, ScenePlan
from .context import refresh
from .review.raster import draw
from .review.shapes import Thing
from .review.solids import camera_view, placed_things
from .review.view import AREA, View

__all__ = ["slide_pairs"]

Mask = NDArray[np.bool_]
Covers = tuple[float, float, float]

_DEPTH = (RelationKind.HIDDEN_BY, RelationKind.BEHIND, RelationKind.IN_FRONT_OF)
_HIDDEN: Covers = (0.32, 0.5, 0.7)
"""Least, best and largest share of what is hidden that is covered."""
_BEFORE, _MOST_BEFORE = (0.2, 0.45, 0.9), 0.35
"""The same for how far two things overlap from side to side, and how much of the one behind may then be covered."""
_ROUNDS = 3
_FAR = 0.15
"""What a shift by the whole picture costs, beside the share that is missed."""


@dataclass(frozen=True)
class _Pair:
    """Silhouettes in the picture of what is nearer and of what is behind it."""

    front: Mask
    rear: Mask
    hides: bool

    def fault(self, shift: int) -> float:
        """How far the picture is from what is wanted, with ``front`` moved by so many columns; 0: near enough."""
        moved = _shifted(self.front, shift)
        covered = float((moved & self.rear).sum() / self.rear.sum())
        if self.hides:
            return 0.0 if _HIDDEN[0] <= covered <= _HIDDEN[2] else abs(covered - _HIDDEN[1])
        along = _along(moved, self.rear)
        missed = 0.0 if _BEFORE[0] <= along <= _BEFORE[2] else abs(along - _BEFORE[1])
        return missed + 3 * max(0.0, covered - _MOST_BEFORE)

    def best(self) -> int:
        """The shift that serves best: none where nothing is amiss."""
        if self.fault(0) == 0:
            return 0
        reach = self.rear.shape[1] // 2
        return min(range(-reach, reach + 1), key=lambda shift: (self._cost(shift), abs(shift), shift))

    def _cost(self, shift: int) -> float:
        # The first that is near enough would be at its limit: a little farther is safer.
        moved = _shifted(self.front, shift)
        if self.hides:
            away = abs(float((moved & self.rear).sum() / self.rear.sum()) - _HIDDEN[1])
        else:
            away = abs(_along(moved, self.rear) - _BEFORE[1])
        return self.fault(shift) + 0.3 * away + _FAR * abs(shift) / moved.shape[1]


def slide_pairs(plan: ScenePlan, layout: Layout) -> None:
    """Slide one of the two things of each relation in depth, where it is free to move. The camera must be there."""
    wanted = [one for one in plan.relations if one.kind in _DEPTH and len(one.targets) == 1]
    if not wanted:
        return
    view = camera_view(AREA // 4)
    for relation in wanted:
        # Things at different distances move by different pixels when both are brought back to the middle.
        for _ in range(_ROUNDS):
            if not _slid(relation, plan, layout, view):
                break


def _slid(relation: Relation, plan: ScenePlan, layout: Layout, view: View) -> bool:
    """Slide the pair of one relation once; whether anything moved."""
    things = placed_things()
    pair = [[one for one in things if one.plan_id == name] for name in (relation.subject, relation.targets[0])]
    if any(len(some) != 1 for some in pair):
        return False
    (subject,), (target,) = pair
    for mover, other in ((subject, target), (target, subject)):
        if _is_free(mover, relation, plan, layout):
            return _slide(mover, other, relation, things, view)
    return False


def _is_free(thing: Thing, relation: Relation, plan: ScenePlan, layout: Layout) -> bool:
    """Whether nothing else hangs on where it stands."""
    tied = any(
        one is not relation and one.targets and thing.plan_id in (one.subject, *one.targets) for one in plan.relations
    )
    carried = any(
        place.supported_by is not None and thing.plan_id in (place.object_id, place.supported_by)
        for place in layout.placements
    )
    return not tied and not carried


def _slide(mover: Thing, other: Thing, relation: Relation, things: Sequence[Thing], view: View) -> bool:
    first = relation.kind is RelationKind.IN_FRONT_OF
    moves_front = (mover.plan_id == relation.subject) == first
    front, rear = (mover, other) if moves_front else (other, mover)
    pair = _Pair(_mask(front, view), _mask(rear, view), relation.kind is RelationKind.HIDDEN_BY)
    if not pair.front.any() or not pair.rear.any():
        return False
    shift = pair.best()
    by = (shift if moves_front else -shift) * _metres_per_pixel(mover, view)
    if shift == 0 or _runs_into(mover, by, [one for one in things if one not in (mover, other)]):
        return False
    alone = len(things) == 2
    before = _middle((mover, other))
    _move(mover, by)
    if alone:
        # Both back to where the two of them were, about which camera and light are.
        after = _middle([one for one in placed_things() if one.plan_id in (mover.plan_id, other.plan_id)])
        for thing in (mover, other):
            _move(thing, before - after)
    return True


def _mask(thing: Thing, view: View) -> Mask:
    buffer = np.zeros(view.canvas, dtype=np.float32)
    for solid in thing.solids:
        draw(buffer, *view.drawn(solid.points, solid.triangles), edge=True)
    return buffer > 0


def _shifted(mask: Mask, columns: int) -> Mask:
    moved = np.zeros_like(mask)
    if columns >= 0:
        moved[:, columns:] = mask[:, : mask.shape[1] - columns]
    else:
        moved[:, :columns] = mask[:, -columns:]
    return moved


def _along(first: Mask, second: Mask) -> float:
    """How far two silhouettes overlap from side to side, by the narrower one; negative where they are apart."""
    spans = [np.flatnonzero(mask.any(axis=0)) for mask in (first, second)]
    if any(len(span) == 0 for span in spans):
        return -1.0
    shared = min(span[-1] for span in spans) - max(span[0] for span in spans) + 1
    return float(shared / min(np.ptp(span) + 1 for span in spans))


def _metres_per_pixel(thing: Thing, view: View) -> float:
    centre = np.append((np.sum(thing.bounds, axis=0)) / 2, 1.0)
    depth = -float((view.to_camera @ centre)[2])
    return 2 / (view.columns * float(view.projection[0, 0])) * (1.0 if view.orthographic else depth)


def _runs_into(thing: Thing, by: float, others: Sequence[Thing]) -> bool:
    low, high = (bound + np.array([by, 0.0, 0.0]) for bound in thing.bounds)
    return any(bool(np.all(low < other.bounds[1]) and np.all(other.bounds[0] < high)) for other in others)


def _middle(things: Sequence[Thing]) -> float:
    ends = [end for thing in things for end in _ends(thing)]
    return (min(ends) + max(ends)) / 2


def _ends(thing: Thing) -> Iterator[float]:
    yield float(thing.bounds[0][0])
    yield float(thing.bounds[1][0])


def _move(thing: Thing, by: float) -> None:
    root: Any = bpy.data.objects[thing.name]
    root.location.x += by
    refresh()
