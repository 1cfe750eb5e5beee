"""Where clusters stand to each other: relations as constraints, searched with backtracking. Pure; any thread.

Seen in a parallel projection, which is near enough to the camera's while searching; the caller checks the result
with the real camera and asks again with more ``spread``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...models.plan import RelationKind
from .candidates import Frame, Piece, beside, offsets
from .clusters import Cluster
from .geometry import Rect

__all__ = ["Constraint", "solve"]

_BUDGET = 4000
_BUDGET_IN_ALL = 8_000
_LEAST_BUDGET = 300
_CLEAR_OF = 0.45
"""Largest share of anything that another may cover without being asked to."""


@dataclass(frozen=True)
class Constraint:
    """A relation between clusters, by their ids."""

    kind: RelationKind
    subject: str
    target: str


def solve(
    clusters: Sequence[Cluster], constraints: Sequence[Constraint], frame: Frame
) -> dict[str, tuple[float, float]]:
    """Places (x, y) for the clusters of one connected component, the first at the origin.

    Where not all constraints can hold, the later ones give way.
    """
    pieces = {cluster.id: Piece(cluster.rect, cluster.corners) for cluster in clusters}
    order = _order([cluster.id for cluster in clusters], constraints)
    kept, left = list(constraints), _BUDGET_IN_ALL
    while True:
        budget = max(_LEAST_BUDGET, min(_BUDGET, left))
        search = _Search(pieces, order, kept, frame, budget)
        if search.run(1):
            return search.places
        if not kept:
            return _in_a_row(pieces, order)
        left -= budget - max(0, search.left)
        # One by one while there is time; a tangle of dozens would take minutes.
        kept = kept[:-1] if left > 0 else kept[: len(kept) // 2]


class _Search:
    def __init__(
        self,
        pieces: Mapping[str, Piece],
        order: Sequence[str],
        constraints: Sequence[Constraint],
        frame: Frame,
        budget: int,
    ) -> None:
        self._pieces = pieces
        self._order = order
        self._frame = frame
        self.left = budget
        self._about = {name: [one for one in constraints if name in (one.subject, one.target)] for name in order}
        self._pairs = {frozenset((one.subject, one.target)): one.kind for one in constraints}
        self.places: dict[str, tuple[float, float]] = {order[0]: (0.0, 0.0)}

    def run(self, depth: int) -> bool:
        if depth == len(self._order):
            return True
        name = self._order[depth]
        candidates = self._candidates(name)
        # To find them costs as much as to try them.
        self.left -= len(candidates)
        for place in candidates:
            self.left -= 1
            if self.left < 0:
                return False
            if self._fits(name, place):
                self.places[name] = place
                if self.run(depth + 1):
                    return True
                del self.places[name]
        return False

    def _at(self, name: str) -> Rect:
        return self._pieces[name].rect.moved(*self.places[name])

    def _candidates(self, name: str) -> list[tuple[float, float]]:
        piece = self._pieces[name]
        found: list[tuple[float, float]] = []
        for one in self._about[name]:
            other = one.target if one.subject == name else one.subject
            if other in self.places:
                kind = one.kind if one.subject == name else _MIRROR.get(one.kind, one.kind)
                found.extend(
                    offsets(
                        kind, one.subject == name, piece, self._pieces[other].moved(*self.places[other]), self._frame
                    )
                )
        if not found:
            for other in self.places:
                found.extend(beside(piece.rect, self._at(other), self._frame, 1.0))
        return found

    def _fits(self, name: str, place: tuple[float, float]) -> bool:
        rect = self._pieces[name].rect.moved(*place)
        for other in self.places:
            there = self._at(other)
            if rect.overlaps(there):
                return False
            if self._pairs.get(frozenset((name, other))) is not RelationKind.HIDDEN_BY:
                rear, front = (rect, there) if rect.y0 + rect.y1 > there.y0 + there.y1 else (there, rect)
                if self._frame.covered(rear, front) > _CLEAR_OF:
                    return False
        self.places[name] = place
        met = all(
            self._met(one) for one in self._about[name] if one.subject in self.places and one.target in self.places
        )
        del self.places[name]
        return met

    def _met(self, one: Constraint) -> bool:
        a, b = self._at(one.subject), self._at(one.target)
        if one.kind is RelationKind.LEFT_OF:
            return a.x1 <= b.x0
        if one.kind is RelationKind.RIGHT_OF:
            return a.x0 >= b.x1
        if one.kind is RelationKind.IN_FRONT_OF:
            return a.y1 <= b.y0
        if one.kind in (RelationKind.BEHIND, RelationKind.HIDDEN_BY):
            return a.y0 >= b.y1
        reach = max(a.width, a.depth, b.width, b.depth)
        gap = max(max(a.x0, b.x0) - min(a.x1, b.x1), max(a.y0, b.y0) - min(a.y1, b.y1))
        if one.kind is RelationKind.FAR_FROM:
            return gap >= reach
        limits = {RelationKind.AGAINST: 0.06, RelationKind.NEAR: 1.5}
        return gap <= limits.get(one.kind, 0.9) * reach


_MIRROR = {
    RelationKind.LEFT_OF: RelationKind.RIGHT_OF,
    RelationKind.RIGHT_OF: RelationKind.LEFT_OF,
    RelationKind.IN_FRONT_OF: RelationKind.BEHIND,
    RelationKind.BEHIND: RelationKind.IN_FRONT_OF,
}


def _order(names: Sequence[str], constraints: Sequence[Constraint]) -> list[str]:
    """Breadth first from what others are placed by most often."""
    weight = {name: sum((one.target == name) - 0.4 * (one.subject == name) for one in constraints) for name in names}
    left = sorted(names, key=lambda name: (-weight[name], names.index(name)))
    order = [left.pop(0)]
    while left:
        linked = [
            name
            for name in left
            if any({name, placed} == {one.subject, one.target} for one in constraints for placed in order)
        ]
        chosen = (linked or left)[0]
        left.remove(chosen)
        order.append(chosen)
    return order


def _in_a_row(pieces: Mapping[str, Piece], order: Sequence[str]) -> dict[str, tuple[float, float]]:
    places: dict[str, tuple[float, float]] = {}
    at = 0.0
    for name in order:
        rect = pieces[name].rect
        places[name] = (at - rect.x0, -(rect.y0 + rect.y1) / 2)
        at += rect.width * 1.12
    return places
