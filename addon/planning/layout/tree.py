"""Support trees: what stands on, in, under, above, around or amid what, by the relations. Pure; any thread."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ...models.plan import Arrangement, PlanObject, Relation, RelationKind, ScenePlan
from .facts import Facts

__all__ = ["Mode", "Tree", "tree_of"]


class Mode(StrEnum):
    """How a thing hangs together with its parent."""

    ON = "on"
    INSIDE = "inside"
    UNDER = "under"
    ABOVE = "above"
    AROUND = "around"
    MIDDLE = "middle"


_MODES = {
    RelationKind.ON: Mode.ON,
    RelationKind.INSIDE: Mode.INSIDE,
    RelationKind.ABOVE: Mode.ABOVE,
    RelationKind.AROUND: Mode.AROUND,
}
_BESIDE = frozenset(
    {
        RelationKind.NEXT_TO, RelationKind.NEAR, RelationKind.LEFT_OF, RelationKind.RIGHT_OF,
        RelationKind.IN_FRONT_OF, RelationKind.BEHIND, RelationKind.AGAINST,
    }
)  # fmt: skip
_FULL, _TALL, _LONG = 0.5, 0.9, 0.7
"""How much of a surface may be covered, and how high and long what joins may be, in its carrier's height and length."""
_CARRIED = (Mode.ON, Mode.INSIDE, Mode.UNDER)


@dataclass(frozen=True)
class Tree:
    """Each child's parent and mode, and the relations that contradict those before them."""

    parents: Mapping[str, tuple[str, Mode]]
    refused: tuple[Relation, ...]

    def children(self, name: str, mode: Mode) -> list[str]:
        """What hangs on ``name`` in this mode, in the order of the relations."""
        return [child for child, link in self.parents.items() if link == (name, mode)]

    def level(self, name: str, sibling_of: str) -> str | None:
        """The ancestor of ``name`` (or itself) that has the same parent as ``sibling_of``; None where there is none."""
        wanted = self.parents.get(sibling_of)
        at: str | None = name
        while at is not None:
            if self.parents.get(at) == wanted:
                return at
            at = self.parents[at][0] if at in self.parents else None
        return None

    def carriers(self) -> dict[str, str]:
        """What each thing stands on, in or under."""
        return {child: parent for child, (parent, mode) in self.parents.items() if mode in _CARRIED}


def tree_of(plan: ScenePlan, facts: Mapping[str, Facts]) -> Tree:
    """The support tree of a plan. A thing has one parent: the first relation that gives it one."""
    parents: dict[str, tuple[str, Mode]] = {}
    refused: list[Relation] = []
    for relation in plan.relations:
        link = _link(relation, facts)
        if link is None:
            continue
        child, parent, mode = link
        if child in parents or child in _above(parent, parents):
            if parents.get(child) != (parent, mode):
                refused.append(relation)
            continue
        parents[child] = (parent, mode)
    _share_supports(plan, facts, parents)
    return Tree(parents, tuple(refused))


def _share_supports(plan: ScenePlan, facts: Mapping[str, Facts], parents: dict[str, tuple[str, Mode]]) -> None:
    """What is beside a thing that stands on a table stands on the table too, where it fits."""
    for _ in range(3):
        for relation in plan.relations:
            if relation.kind not in _BESIDE or len(relation.targets) != 1:
                continue
            for child, other in ((relation.subject, relation.targets[0]), (relation.targets[0], relation.subject)):
                link = parents.get(other)
                if link is None or link[1] is not Mode.ON or child in parents or child in _above(other, parents):
                    continue
                if _has_room(plan, facts, link[0], [name for name, there in parents.items() if there == link], child):
                    parents[child] = link


def _has_room(plan: ScenePlan, facts: Mapping[str, Facts], carrier: str, there: list[str], child: str) -> bool:
    planes = facts[carrier].on
    if not planes or facts[child].flies:
        return False
    plane = max(planes, key=lambda one: one.size[0] * one.size[1])
    sizes = {thing.id: _floor(thing, facts[thing.id].size) for thing in plan.objects}
    width, depth = sizes.get(child, facts[child].size[:2])
    taken = sum(wide * deep for wide, deep in (sizes.get(name, facts[name].size[:2]) for name in [*there, child]))
    narrow, wide = sorted(plane.size)
    fits = min(width, depth) <= narrow and max(width, depth) <= _LONG * wide
    return fits and taken <= _FULL * narrow * wide and facts[child].size[2] <= _TALL * facts[carrier].size[2]


def _floor(thing: PlanObject, size: tuple[float, float, float]) -> tuple[float, float]:
    """The floor that a plan's object needs, all instances together."""
    scale = thing.size_m / max(size) if thing.size_m else thing.scale
    count = 1 if thing.arrangement is Arrangement.STACK else thing.count
    return size[0] * scale * count, size[1] * scale


def _link(relation: Relation, facts: Mapping[str, Facts]) -> tuple[str, str, Mode] | None:
    if not relation.targets:
        return None
    subject, target = relation.subject, relation.targets[0]
    if relation.kind in _MODES:
        return subject, target, _MODES[relation.kind]
    if relation.kind is RelationKind.BETWEEN and len(relation.targets) == 1:
        return subject, target, Mode.MIDDLE
    if relation.kind not in (RelationKind.UNDER, RelationKind.BELOW):
        return None
    if facts[target].under:
        return subject, target, Mode.UNDER
    # Under something solid: it then stands on the subject, or hangs over it where it needs nothing below.
    return target, subject, Mode.ABOVE if facts[target].flies else Mode.ON


def _above(name: str, parents: Mapping[str, tuple[str, Mode]]) -> list[str]:
    found = [name]
    while found[-1] in parents:
        found.append(parents[found[-1]][0])
    return found
