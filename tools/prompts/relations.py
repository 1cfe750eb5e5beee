"""Whether a relation can be seen in the picture, from what shows of both things and how far they are. Any thread.

Positions are as the viewer sees them. Every rule wants a clear margin: what holds by a hair does not hold.
"""

from collections.abc import Callable

import numpy as np

from .seen import Sighting

__all__ = ["broken"]

Rule = Callable[[Sighting, Sighting], str]


def broken(relation: str, subject: Sighting, other: Sighting) -> str:
    """What is wrong with "subject relation other"; empty where it holds.

    Raises ``KeyError`` for a relation without a rule.
    """
    return _RULES[relation.strip().lower()](subject, other)


def _left(one: Sighting, other: Sighting) -> str:
    (ax, ay), (bx, by) = one.box.middle, other.box.middle
    across, _ = one.box.shared(other.box)
    if ax >= bx:
        return "it is on the other side"
    if bx - ax <= abs(by - ay):
        return "it is more above or below than beside"
    if across > 0.25 * min(one.box.width, other.box.width) or one.box.union_share(other.box) > 0.1:
        return "the two overlap in the picture"
    return ""


def _on(one: Sighting, other: Sighting) -> str:
    """On top: above in the picture, over it and carried by it."""
    wrong = _over(one, other)
    if wrong:
        return wrong
    gap = other.box.y0 - one.box.y1
    if gap > 0.06 * one.mask.shape[0]:
        return "it floats above"
    low, high = _heights(other)
    if _heights(one)[0] < low + 0.2 * (high - low):
        return "it stands on the same ground"
    return ""


def _over(one: Sighting, other: Sighting) -> str:
    (ax, ay), (bx, by) = one.box.middle, other.box.middle
    across, _ = one.box.shared(other.box)
    if ay >= by:
        return "it is not higher in the picture"
    if by - ay <= abs(bx - ax):
        return "it is more beside than above"
    if across < 0.4 * min(one.box.width, other.box.width):
        return "it is not over it"
    if one.box.union_share(other.box) > 0.35:
        return "the two overlap in the picture"
    return ""


def _below(one: Sighting, other: Sighting) -> str:
    wrong = _over(other, one)
    if wrong:
        return wrong.replace("higher", "lower").replace("above", "below").replace("over", "under", 1)
    if one.box.y0 - other.box.y1 > 0.2 * one.mask.shape[0]:
        return "it is far below"
    return ""


def _near(reach: float) -> Rule:
    def rule(one: Sighting, other: Sighting) -> str:
        across, down = one.box.shared(other.box)
        gap = max(0.0, -across, -down)
        if gap > reach * max(one.box.width, one.box.height, other.box.width, other.box.height):
            return "they are far apart in the picture"
        if _apart(one, other) > 2 * reach * max(_length(one), _length(other)):
            return "they are far apart in space"
        if one.box.union_share(other.box) > 0.5:
            return "they cover each other in the picture"
        return ""

    return rule


def _before(front: Sighting, rear: Sighting) -> str:
    margin = 0.06 * max(_length(front), _length(rear))
    if front.near >= rear.near or front.middle + margin >= rear.middle:
        return "the distances do not say so"
    across, _ = front.box.shared(rear.box)
    if across < 0.05 * min(front.box.width, rear.box.width):
        return "they are beside each other in the picture"
    if front.box.y1 <= rear.box.y1:
        return "the nearer one does not stand lower in the picture"
    if rear.visible < 0.3:
        return f"only {rear.visible:.0%} of the one behind is seen"
    return ""


def _hidden(one: Sighting, other: Sighting) -> str:
    covered = float((one.whole & other.mask & ~one.mask).sum() / max(1, one.whole.sum()))
    if other.near >= one.middle:
        return "what should hide it is behind it"
    if covered < 0.15:
        return f"only {covered:.0%} of it is hidden"
    if one.visible < 0.12:
        return f"only {one.visible:.0%} of it is seen"
    return ""


def _heights(one: Sighting) -> tuple[float, float]:
    z = one.thing.points[:, 2]
    return float(z.min()), float(z.max())


def _length(one: Sighting) -> float:
    return float(np.ptp(one.thing.points, axis=0).max())


def _apart(one: Sighting, other: Sighting) -> float:
    """The free distance between both boxes in space, in metres."""
    a, b = one.thing.points, other.thing.points
    gaps = np.maximum(b.min(axis=0) - a.max(axis=0), a.min(axis=0) - b.max(axis=0))
    return float(np.linalg.norm(np.maximum(gaps, 0)))


_RULES: dict[str, Rule] = {
    "on the left of": _left,
    "on the right of": lambda one, other: _left(other, one),
    "on the top of": _on,
    "on": _on,
    "above": _over,
    "on the bottom of": _below,
    "below": _below,
    "under": _below,
    "near": _near(0.6),
    "next to": _near(0.4),
    "on side of": _near(0.4),
    "in front of": _before,
    "behind": lambda one, other: _before(other, one),
    "hidden by": _hidden,
}
