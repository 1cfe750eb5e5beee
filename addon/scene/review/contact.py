"""Does everything stand on what it shall stand on, and do no two things run into each other? Main thread."""

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from ...models.layout import Layout, Placement
from ...models.plan import EnvironmentKind, RelationKind, ScenePlan
from .facts import Collision, Rest
from .heights import free_heights
from .overlap import Overlaps
from .shapes import Thing

__all__ = ["collisions", "rests", "riders", "tolerance"]

_NESTING = 0.06
"""What lies in or on another may sink into it by this share of its size: cushions give, heaps settle."""
_FOOT = 0.15
"""The lowest part of a thing, as a share of its height: what it stands on."""
_NESTED = (RelationKind.INSIDE, RelationKind.ON, RelationKind.AGAINST, RelationKind.AROUND)


def tolerance(thing: Thing) -> float:
    """How far from contact a thing may be, in metres: a centimetre, and less where that is much of it."""
    low, high = thing.bounds
    return float(np.clip(0.02 * (high - low).max(), 0.001, 0.01))


def rests(plan: ScenePlan, layout: Layout, things: Sequence[Thing]) -> Iterator[Rest]:
    """Everything that should stand on something and is further from it than ``tolerance``."""
    places = {(one.object_id, one.instance): one for one in layout.placements}
    floor = None if plan.environment.kind is EnvironmentKind.SPACE or not plan.ground.visible else 0.0
    nouns = {thing.plan_id: thing.noun for thing in things}
    for thing in things:
        place = places.get((thing.plan_id, thing.instance))
        if place is None:
            continue
        gap = _gap(thing, place, things, floor)
        if abs(gap) > tolerance(thing):
            under = nouns.get(place.supported_by or "", "ground")
            yield Rest(thing.plan_id, thing.instance, thing.label, under, gap)


def _gap(thing: Thing, place: Placement, things: Sequence[Thing], floor: float | None) -> float:
    """Metres between a thing and what it stands on; 0 where it touches it, or shall stand on nothing."""
    low, high = thing.bounds
    if place.supported_by is None:
        # What the layout puts into the air or into water belongs there.
        stands = floor is not None and abs(place.position[2]) < 0.001
        return float(low[2]) if stands else 0.0
    free, underside = free_heights(thing, [other for other in things if other is not thing], floor)
    if not len(free):
        return 0.0
    if free.min() > 0:
        return float(free.min())
    foot = free[underside <= low[2] + _FOOT * (high[2] - low[2])]
    sunk = float(np.percentile(foot, 10)) if len(foot) else 0.0
    # Deeper than this it is beside or around what carries it: a sitter's legs hang before the chair.
    return sunk if -0.25 * (high[2] - low[2]) < sunk < 0 else 0.0


def collisions(plan: ScenePlan, layout: Layout, things: Sequence[Thing], overlaps: Overlaps) -> Iterator[Collision]:
    """Pairs that are further in each other than touching things may be."""
    carried = {(one.object_id, one.supported_by) for one in layout.placements if one.supported_by}
    carried |= {(one.subject, target) for one in plan.relations if one.kind in _NESTED for target in one.targets}
    for first, second in combinations(things, 2):
        pair = (first.plan_id, second.plan_id)
        nested = pair in carried or pair[::-1] in carried or (first.plan_id, first.plan_id) in carried
        nested = nested or _share_a_carrier(first, second, layout)
        smaller = min(float(np.ptp(np.array(thing.bounds), axis=0).max()) for thing in (first, second))
        least = max(min(tolerance(first), tolerance(second)), _NESTING * smaller if nested else 0.0)
        depth = overlaps.depth(first, second, least)
        if depth > least:
            yield Collision(first, second, depth, pair in carried or pair[::-1] in carried)


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
