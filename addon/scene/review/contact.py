"""Does everything stand on what it shall stand on, and do no two things run into each other? Main thread."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from ...models.layout import Layout
from ...models.plan import RelationKind, ScenePlan
from .facts import Collision, Rest
from .heights import free_heights
from .overlap import Overlaps
from .shapes import Thing

__all__ = ["collisions", "floor_of", "free_height", "rests", "riders", "tolerance", "units"]

_NESTING = 0.06
"""What lies in or on another may sink into it by this share of its size: cushions give, heaps settle."""
_LAYER = 0.3
"""Share of its height by which one must be higher than others of its kind to lie on them."""
_LEVEL = 0.7
"""Steepness of a surface from which on things stand on it rather than lean against it."""
_NESTED = (RelationKind.INSIDE, RelationKind.ON, RelationKind.AGAINST, RelationKind.AROUND)


def tolerance(thing: Thing) -> float:
    """How far from contact a thing may be, in metres: a centimetre, and less where that is much of it."""
    low, high = thing.bounds
    return float(np.clip(0.02 * (high - low).max(), 0.001, 0.01))


def units(layout: Layout, things: Sequence[Thing]) -> list[list[Thing]]:
    """What settles as one: each thing alone, and the instances of one kind that lie on each other together."""
    heaped = {one.object_id for one in layout.placements if one.supported_by is not None}
    kinds: dict[str, list[Thing]] = {}
    for thing in things:
        kinds.setdefault(thing.plan_id, []).append(thing)
    found: list[list[Thing]] = []
    for plan_id, same in kinds.items():
        feet = [float(thing.bounds[0][2]) for thing in same]
        height = float(same[0].bounds[1][2]) - feet[0]
        if plan_id in heaped and max(feet) - min(feet) > _LAYER * height:
            found.append(same)
        else:
            found += [[thing] for thing in same]
    return found


def rests(plan: ScenePlan, layout: Layout, things: Sequence[Thing]) -> Iterator[Rest]:
    """Everything that should stand on something and is further above it than ``tolerance``, or sunk into the ground."""
    carriers = {one.object_id: one.supported_by for one in layout.placements}
    nouns = {thing.plan_id: thing.noun for thing in things}
    for unit in units(layout, things):
        gap = free_height(unit, things, layout, floor_of(plan))
        if abs(gap) > tolerance(unit[0]):
            under = nouns.get(carriers.get(unit[0].plan_id) or "", "ground")
            yield Rest(unit[0].plan_id, unit[0].instance, under, gap, len(unit) > 1)


def floor_of(plan: ScenePlan) -> float | None:
    """How high the ground is; None where there is none."""
    return 0.0 if plan.has_ground else None


def free_height(unit: Sequence[Thing], things: Sequence[Thing], layout: Layout, floor: float | None) -> float:
    """Metres between what settles as one and what it stands on, negative where it is in the ground; 0 where it touches
    something, or shall stand on nothing."""
    one = unit[0]
    place = next(
        (place for place in layout.placements if (place.object_id, place.instance) == (one.plan_id, one.instance)), None
    )
    if place is None or place.worn:
        return 0.0
    if place.supported_by is None:
        # What the layout puts into the air or into water belongs there.
        stands = floor is not None and abs(place.position[2]) < 0.001
        return float(one.bounds[0][2]) if stands else 0.0
    solids = tuple(solid for thing in unit for solid in thing.solids)
    names = {thing.name for thing in unit}
    whole = replace(one, solids=solids)
    free = free_heights(whole, [other for other in things if other.name not in names], floor)
    return max(0.0, float(free.min())) if len(free) else 0.0


def collisions(plan: ScenePlan, layout: Layout, things: Sequence[Thing], overlaps: Overlaps) -> Iterator[Collision]:
    """Pairs that are further in each other than touching things may be."""
    carried = {(one.object_id, one.supported_by) for one in layout.placements if one.supported_by}
    worn = {(one.object_id, one.supported_by) for one in layout.placements if one.worn}
    nested = carried | {
        (one.subject, target) for one in plan.relations if one.kind in _NESTED for target in one.targets
    }
    for pair in _meeting(things):
        names = (pair[0].plan_id, pair[1].plan_id)
        if names in worn or names[::-1] in worn:
            continue
        upper, lower = pair if names[::-1] not in carried else pair[::-1]
        close = names in nested or names[::-1] in nested or _share_a_carrier(*pair, layout)
        smaller = min(float(np.ptp(np.array(thing.bounds), axis=0).max()) for thing in pair)
        least = max(min(tolerance(thing) for thing in pair), _NESTING * smaller if close else 0.0)
        found = overlaps.deepest(upper, lower, least)
        if found.depth > least:
            is_carried = (upper.plan_id, lower.plan_id) in carried
            yield Collision(upper, lower, found.depth, is_carried, found.steepness > _LEVEL, not close)


def _meeting(things: Sequence[Thing]) -> Iterator[tuple[Thing, Thing]]:
    """Pairs whose boxes share some space."""
    if not things:
        return
    lows, highs = (np.array([thing.bounds[side] for thing in things]) for side in (0, 1))
    meets = np.all((lows[:, None] < highs[None]) & (lows[None] < highs[:, None]), axis=2)
    for first, second in np.argwhere(np.triu(meets, 1)).tolist():
        yield things[first], things[second]


def _share_a_carrier(first: Thing, second: Thing, layout: Layout) -> bool:
    """Whether both lie in a heap of one kind."""
    heaped = {one.object_id for one in layout.placements if one.supported_by is not None}
    return first.plan_id == second.plan_id and first.plan_id in heaped


def riders(thing: Thing, things: Sequence[Thing], layout: Layout) -> list[Thing]:
    """Everything that stands on a thing, and on that: it moves along."""
    carrier = {one.object_id: one.supported_by for one in layout.placements}
    found = [thing]
    for below in found:
        low, high = below.bounds
        for other in things:
            if other in found or carrier.get(other.plan_id) != below.plan_id:
                continue
            middle = (other.bounds[0] + other.bounds[1])[:2] / 2
            if np.all(middle >= low[:2]) and np.all(middle <= high[:2]):
                found.append(other)
    return found[1:]
