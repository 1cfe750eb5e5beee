"""Support trees: what stands on, in, under, above, around or amid what, by the relations. Pure; any thread."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ...models.plan import Relation, RelationKind, ScenePlan
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
    return Tree(parents, tuple(refused))


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
