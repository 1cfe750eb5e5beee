"""The picture-scale rule: real sizes, changed as little as lets everything be recognised. Pure; any thread.

A bee beside a girl would be a dot. Where a thing is much smaller than the largest, it is made bigger, the more the
smaller it is, so that the order of sizes stays.
"""

from collections.abc import Mapping
from math import sqrt

from ...models.plan import RelationKind, ScenePlan
from .facts import Facts

__all__ = ["scales_of"]

_FREE = 0.26
"""Least size of a free-standing thing as a share of the largest."""
_LEAST = 0.16
"""The same in a scene, at the end of a row of ever smaller things, each lifted towards the one before."""
_CARRIED = 0.15
"""Least size of what stands on or in a thing made for that."""
_HIGH, _CARRIED_HIGH = 1.5, 0.23
"""The same on top of what is this much higher than wide: the whole of it leaves little room for what it carries."""
_BALANCED = 0.34
"""Least and (inverted, times 0.45) largest size of what stands on a thing not made for it."""
_MADE_FOR_M = {"head": 0.17, "eyes": 0.155}
"""Width of what hats and glasses are made for: a person's head at the rim, and a person's face."""
_DEPTH_PAIR = 0.5
_COVER = 1.05
_PEEK = 0.55

_CARRYING = (RelationKind.ON, RelationKind.INSIDE)


def scales_of(plan: ScenePlan, facts: Mapping[str, Facts], carriers: Mapping[str, str]) -> dict[str, float]:
    """The factor for each thing's real size, by id. ``carriers``: what each thing stands on, in or under."""
    asked = _asked(plan, facts)
    roots = [name for name in asked if name not in carriers]
    if not roots:
        roots = list(asked)[:1]
    extents = {name: extent_of(facts[name].size) * scale for name, scale in asked.items()}
    scales = _free_scales({name: extents[name] for name in roots}, asked, is_scene=bool(plan.relations))
    _match_depth_pairs(plan, facts, scales)
    waiting = [name for name in asked if name not in scales]
    while waiting:
        ready = [name for name in waiting if carriers[name] in scales]
        for name in ready or waiting[:1]:
            scales[name] = _carried_scale(name, carriers[name], facts, asked, scales)
        waiting = [name for name in waiting if name not in scales]
    return scales


def _free_scales(extents: Mapping[str, float], asked: Mapping[str, float], is_scene: bool) -> dict[str, float]:
    """What is only listed is lifted towards the largest, so that all can be counted. In a scene each is lifted towards
    the next larger one, so that a hen beside a farmer and a barn stays a hen."""
    largest = max(extents.values(), default=1.0)
    shown = before = largest
    scales: dict[str, float] = {}
    for name in sorted(extents, key=lambda name: (-extents[name], name)):
        if is_scene:
            shown *= _lifted(extents[name] / before, _FREE)
            share = shown / largest
            share = share if share >= _FREE else _LEAST + share * (1 - _LEAST / _FREE)
        else:
            share = _lifted(extents[name] / largest, _FREE)
        before = extents[name]
        scales[name] = asked[name] * share * largest / before
    return scales


def extent_of(size: tuple[float, float, float]) -> float:
    """How big a thing looks: the mean of its two largest sides, but a thin thing by its length."""
    first, second, _ = sorted(size, reverse=True)
    return max(first * 0.6, sqrt(first * second))


def _asked(plan: ScenePlan, facts: Mapping[str, Facts]) -> dict[str, float]:
    """Scales as the prompt asks for them."""
    asked: dict[str, float] = {}
    for thing in plan.objects:
        base = thing.size_m / max(facts[thing.id].size) if thing.size_m else 1.0
        asked[thing.id] = base * (1.0 if thing.size_m else thing.scale)
    biggest = max((extent_of(facts[name].size) * scale for name, scale in asked.items()), default=0.0)
    for item in plan.texts:
        # Letters have no size of their own: beside things they are as big as these.
        asked[item.id] = max(1.0, biggest * 0.6 / facts[item.id].size[2]) if biggest else 1.0
    return asked


def _lifted(ratio: float, least: float) -> float:
    """``ratio`` itself from twice ``least`` upwards; below it nears ``least`` and keeps its order."""
    return ratio if ratio >= 2 * least else least + ratio / 2


def _carried_scale(
    name: str, carrier: str, facts: Mapping[str, Facts], asked: Mapping[str, float], scales: Mapping[str, float]
) -> float:
    size, base = facts[name].size, facts[carrier].size
    under = scales.get(carrier, 1.0)
    kind = facts[name].goes_on
    if kind is not None and kind in facts[carrier].wears:
        return facts[carrier].wears[kind].size[0] / _MADE_FOR_M[kind] * under
    # A carrier that was changed changes what it carries with it.
    scale = asked[name] * under / asked[carrier]
    ratio = extent_of(size) * scale / (extent_of(base) * under)
    if facts[carrier].on or facts[carrier].inside or facts[carrier].under:
        tall = facts[carrier].on and base[2] > _HIGH * max(base[:2])
        return scale * _lifted(ratio, _CARRIED_HIGH if tall else _CARRIED) / ratio
    wanted = min(_lifted(ratio, _BALANCED), 1.35)
    return scale * wanted / ratio


def _match_depth_pairs(plan: ScenePlan, facts: Mapping[str, Facts], scales: dict[str, float]) -> None:
    """What stands before or behind another must neither vanish nor hide it, or hide it when that is asked for."""
    for relation in plan.relations:
        pair = [relation.subject, *relation.targets]
        if len(pair) != 2 or any(name not in scales for name in pair):
            continue
        subject, target = pair
        if relation.kind in (RelationKind.IN_FRONT_OF, RelationKind.BEHIND):
            sizes = {name: extent_of(facts[name].size) * scales[name] for name in pair}
            small, big = sorted(pair, key=lambda name: (sizes[name], name))
            if sizes[small] < sizes[big] * _DEPTH_PAIR:
                scales[small] *= sizes[big] * _DEPTH_PAIR / sizes[small]
        elif relation.kind is RelationKind.HIDDEN_BY:
            front, rear = facts[target].size, facts[subject].size
            by_width = max(front[0], front[1] * 0.7) * scales[target] / (max(rear[0], rear[1] * 0.7) * scales[subject])
            by_height = front[2] * scales[target] / (rear[2] * scales[subject])
            fit = min(by_width, by_height) * _COVER
            # What is hidden must be big enough for the part that looks out to be recognised.
            scales[subject] *= max(1.0, min(max(by_width, by_height), fit) * _PEEK)
            if fit < 1:
                # Half by making the hidden one smaller, half by making the other bigger.
                scales[subject] *= sqrt(fit)
                scales[target] /= sqrt(fit)
