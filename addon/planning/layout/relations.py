"""When a relation holds in the picture: the layout's goal, and what its checks use. Pure; any thread."""

from collections.abc import Mapping, Sequence

from ...models.plan import Relation, RelationKind
from .geometry import Body, bounds
from .view import Seen, View, seen_box

__all__ = ["holds", "seen_things"]

_SEPARATE = 0.22
"""Largest share of the narrower box that left and right may overlap."""
_SEEN = 0.45
"""Least share of what is behind that is not covered."""
_HIDDEN = (0.4, 0.93)


def seen_things(view: View, bodies: Sequence[Body]) -> dict[str, Seen]:
    """Each thing's box in the frame, all instances together."""
    points: dict[str, list[tuple[float, float, float]]] = {}
    for body in bodies:
        points.setdefault(body.id, []).extend(body.corners())
    return {name: seen_box(view, corners) for name, corners in points.items()}


def holds(relation: Relation, bodies: Sequence[Body], seen: Mapping[str, Seen]) -> bool:
    """Whether ``relation`` can be seen to hold; False where one of its things is not there."""
    if relation.subject not in seen or any(name not in seen for name in relation.targets):
        return False
    if not relation.targets:
        return _in_picture(relation.kind, seen[relation.subject], list(seen.values()))
    if relation.kind is RelationKind.BETWEEN:
        return _between(relation, bodies, seen)
    return all(_pair(relation.kind, relation.subject, name, bodies, seen) for name in relation.targets)


def _pair(kind: RelationKind, subject: str, target: str, bodies: Sequence[Body], seen: Mapping[str, Seen]) -> bool:
    first, second = seen[subject], seen[target]
    if kind is RelationKind.LEFT_OF:
        return _left(first, second)
    if kind is RelationKind.RIGHT_OF:
        return _left(second, first)
    if kind is RelationKind.IN_FRONT_OF:
        return _before(first, second)
    if kind is RelationKind.BEHIND:
        return _before(second, first)
    if kind is RelationKind.HIDDEN_BY:
        return first.depth > second.depth and _HIDDEN[0] <= first.covered_by(second) <= _HIDDEN[1]
    return _in_space(kind, subject, target, bodies, seen)


def _left(left: Seen, right: Seen) -> bool:
    narrow = min(left.x1 - left.x0, right.x1 - right.x0)
    return left.center[0] < right.center[0] and left.x1 - right.x0 <= _SEPARATE * narrow


def _before(front: Seen, rear: Seen) -> bool:
    return front.depth < rear.depth and front.near < rear.near and rear.covered_by(front) <= 1 - _SEEN


def _in_space(kind: RelationKind, subject: str, target: str, bodies: Sequence[Body], seen: Mapping[str, Seen]) -> bool:
    ours = [body for body in bodies if body.id == subject]
    theirs = [body for body in bodies if body.id == target]
    a, b = bounds(ours), bounds(theirs)
    low, base = min(body.z for body in ours), min(body.z for body in theirs)
    higher = seen[subject].center[1] > seen[target].center[1]
    if kind in (RelationKind.ON, RelationKind.ABOVE):
        return higher and low > base and a.overlaps(b)
    if kind in (RelationKind.UNDER, RelationKind.BELOW):
        return not higher and low <= base and a.overlaps(b)
    if kind is RelationKind.INSIDE:
        # Of a heap the upper ones lie on the lower ones, above the rim.
        in_it = all(any(_over(body, other) for other in theirs) for body in ours)
        return a.overlaps(b) and in_it and any(_within(body, other) for other in theirs for body in ours)
    if kind is RelationKind.AROUND:
        return a.x0 < b.x0 and a.x1 > b.x1 and a.y0 < b.y0 and a.y1 > b.y1
    gap = max(max(a.x0, b.x0) - min(a.x1, b.x1), max(a.y0, b.y0) - min(a.y1, b.y1))
    return _near(kind, gap / max(a.width, a.depth, b.width, b.depth))


def _near(kind: RelationKind, gap: float) -> bool:
    """``gap``: the free distance as a share of the larger thing."""
    limits = {RelationKind.AGAINST: 0.1, RelationKind.NEXT_TO: 1.0}
    return gap > 0.8 if kind is RelationKind.FAR_FROM else gap <= limits.get(kind, 1.6)


def _over(body: Body, other: Body) -> bool:
    reach = max(other.size[0], other.size[1]) / 2
    return abs(body.x - other.x) <= reach and abs(body.y - other.y) <= reach and body.z >= other.z - 1e-6


def _within(body: Body, other: Body) -> bool:
    return _over(body, other) and body.z < other.z + other.size[2] * 0.98


def _between(relation: Relation, bodies: Sequence[Body], seen: Mapping[str, Seen]) -> bool:
    middle = seen[relation.subject].center[0]
    if len(relation.targets) > 1:
        centers = [seen[name].center[0] for name in relation.targets]
    else:
        ours = bounds([body for body in bodies if body.id == relation.subject])
        middle = (ours.x0 + ours.x1) / 2
        centers = [body.x for body in bodies if body.id == relation.targets[0]]
    return min(centers) < middle < max(centers)


def _in_picture(kind: RelationKind, box: Seen, everything: Sequence[Seen]) -> bool:
    x, y = box.center
    others = [other for other in everything if other is not box]
    rules = {
        RelationKind.LEFT_OF: x < -0.1,
        RelationKind.RIGHT_OF: x > 0.1,
        RelationKind.ABOVE: y > 0 or all(y > other.center[1] for other in others),
        RelationKind.BELOW: y < 0.2 or all(y <= other.center[1] for other in others),
        RelationKind.IN_FRONT_OF: all(box.near <= other.near for other in others),
        RelationKind.BEHIND: all(box.far >= other.far for other in others),
    }
    return rules.get(kind, abs(x) < 0.4)
