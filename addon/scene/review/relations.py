"""Whether a plan's relations hold in the picture, by what is seen of things and by their boxes. Pure; any thread.

The layout is stricter about most of them: this asks only whether somebody who looks at the picture would agree.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ...models.plan import Frame, Relation, RelationKind
from .sight import Seen

__all__ = ["holds_in_picture"]

Box = tuple[float, float, float, float]
_BESIDE = 0.5
"""Largest share of the narrower silhouette that left and right may overlap."""
_HIDDEN = (0.03, 0.97)
"""What is partly hidden shows this much of itself."""
_GAPS = {RelationKind.AGAINST: 0.25, RelationKind.NEXT_TO: 1.3, RelationKind.NEAR: 2.0}
"""Largest free distance, in sizes of the larger thing."""
_FAR = 0.6
_TURNED = {
    RelationKind.RIGHT_OF: RelationKind.LEFT_OF,
    RelationKind.BEHIND: RelationKind.IN_FRONT_OF,
    RelationKind.UNDER: RelationKind.ABOVE,
    RelationKind.BELOW: RelationKind.ABOVE,
}
"""What is the same seen from the target."""


@dataclass(frozen=True)
class _Group:
    """All instances of one planned thing: box in the picture, box in the world, middle depth."""

    seen: tuple[Seen, ...]

    @property
    def box(self) -> Box:
        boxes = [one.box for one in self.seen]
        return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)

    @property
    def low(self) -> tuple[float, ...]:
        return tuple(min(one.low[axis] for one in self.seen) for axis in range(3))

    @property
    def high(self) -> tuple[float, ...]:
        return tuple(max(one.high[axis] for one in self.seen) for axis in range(3))

    @property
    def middle(self) -> tuple[float, float]:
        left, bottom, right, top = self.box
        return (left + right) / 2, (bottom + top) / 2

    @property
    def depth(self) -> float:
        return sum(one.depth for one in self.seen) / len(self.seen)


def holds_in_picture(relation: Relation, seen: Sequence[Seen]) -> bool:
    """Whether it can be seen to hold; True where a picture cannot tell or a thing is missing, which is told anyway."""
    groups = {name: _Group(tuple(one for one in seen if one.plan_id == name)) for name in {one.plan_id for one in seen}}
    if relation.subject not in groups or any(name not in groups for name in relation.targets):
        return True
    if relation.frame is not Frame.PICTURE or relation.kind is RelationKind.FACING:
        return True
    subject = groups[relation.subject]
    if not relation.targets:
        return _in_picture(relation.kind, subject)
    targets = [groups[name] for name in relation.targets]
    if relation.kind is RelationKind.BETWEEN:
        return _between(subject, targets)
    return all(_pair(relation.kind, subject, target) for target in targets)


def _in_picture(kind: RelationKind, subject: _Group) -> bool:
    if kind not in (RelationKind.LEFT_OF, RelationKind.RIGHT_OF):
        return True
    return (subject.middle[0] < 0.5) is (kind is RelationKind.LEFT_OF)


def _pair(kind: RelationKind, subject: _Group, target: _Group) -> bool:
    if kind in _TURNED:
        return _pair(_TURNED[kind], target, subject)
    if kind is RelationKind.LEFT_OF:
        return _left(subject, target)
    if kind is RelationKind.IN_FRONT_OF:
        return subject.depth < target.depth
    if kind is RelationKind.HIDDEN_BY:
        shown = max(one.visible for one in subject.seen)
        return subject.depth > target.depth and _HIDDEN[0] <= shown <= _HIDDEN[1]
    return _in_space(kind, subject, target)


def _in_space(kind: RelationKind, subject: _Group, target: _Group) -> bool:
    if kind is RelationKind.ON:
        # Something wide on something flat is no higher in the picture.
        return _over(subject, target) and (subject.middle[1] > target.middle[1] or subject.high[2] > target.high[2])
    if kind is RelationKind.ABOVE:
        return subject.middle[1] > target.middle[1] and _over(subject, target)
    if kind is RelationKind.INSIDE:
        return all(_within(one, target) for one in subject.seen)
    if kind is RelationKind.AROUND:
        return all(subject.low[axis] < target.low[axis] and subject.high[axis] > target.high[axis] for axis in (0, 1))
    gap = _gap(subject, target)
    return gap >= _FAR if kind is RelationKind.FAR_FROM else gap <= _GAPS.get(kind, _GAPS[RelationKind.NEAR])


def _left(left: _Group, right: _Group) -> bool:
    narrow = min(left.box[2] - left.box[0], right.box[2] - right.box[0])
    return left.middle[0] < right.middle[0] and left.box[2] - right.box[0] <= _BESIDE * narrow


def _over(upper: _Group, lower: _Group) -> bool:
    """Higher in the world, and partly over it."""
    meets = all(upper.low[axis] < lower.high[axis] and lower.low[axis] < upper.high[axis] for axis in (0, 1))
    return meets and upper.low[2] > lower.low[2] - 1e-3


def _within(one: Seen, target: _Group) -> bool:
    """Its middle over the target's floor, and its foot below the target's rim. Heaps may reach above it."""
    middle = [(one.low[axis] + one.high[axis]) / 2 for axis in (0, 1)]
    over = all(target.low[axis] <= middle[axis] <= target.high[axis] for axis in (0, 1))
    height = target.high[2] - target.low[2]
    return over and target.low[2] - 1e-3 <= one.low[2] < target.high[2] + height


def _gap(first: _Group, second: _Group) -> float:
    """Free distance on the ground in sizes of the larger thing."""
    gaps = [max(first.low[axis], second.low[axis]) - min(first.high[axis], second.high[axis]) for axis in (0, 1)]
    sizes = [high - low for one in (first, second) for low, high in zip(one.low, one.high, strict=True)]
    return max(gaps) / max(*sizes, 1e-6)


def _between(subject: _Group, targets: Sequence[_Group]) -> bool:
    x = subject.middle[0]
    if len(targets) > 1:
        middles = [target.middle[0] for target in targets]
    else:
        middles = [(one.box[0] + one.box[2]) / 2 for one in targets[0].seen]
    return len(middles) < 2 or min(middles) < x < max(middles)
