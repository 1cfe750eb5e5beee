"""Where clusters stand to each other: relations as constraints, searched with backtracking. Pure; any thread.

Seen in a parallel projection, which is near enough to the camera's while searching; the caller checks the result
with the real camera and asks again with more ``spread``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians, sin

from ...models.plan import RelationKind
from .clusters import Cluster
from .geometry import Point, Rect
from .view import fit_view, seen_box

__all__ = ["Constraint", "Frame", "solve"]

_LENS_MM = 50.0
_ASPECT = 16 / 9
_BUDGET = 4000
_CLEAR_OF = 0.45
"""Largest share of anything that another may cover without being asked to."""
_AIMS = (0.64, 0.56, 0.48, 0.72, 0.8, 0.4, 0.3, 0.9)


@dataclass(frozen=True)
class Constraint:
    """A relation between clusters, by their ids."""

    kind: RelationKind
    subject: str
    target: str


@dataclass(frozen=True)
class Frame:
    """How the scene is looked at while searching: down by ``pitch`` degrees; gaps grow with ``spread``.

    ``attempt`` counts from 0; each aims at another share of what is to be hidden.
    """

    pitch: float
    spread: float
    flip: bool
    attempt: int = 0

    def look(self, rect: Rect) -> tuple[float, float, float, float]:
        """The rectangle's box in the picture, in metres: left, right, bottom, top."""
        s, c = sin(radians(self.pitch)), cos(radians(self.pitch))
        return (rect.x0, rect.x1, rect.y0 * s, rect.y1 * s + rect.top * c)

    def covered(self, rear: Rect, front: Rect) -> float:
        """The share of ``rear`` in the picture that ``front`` covers."""
        a, b = self.look(rear), self.look(front)
        width, height = min(a[1], b[1]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[2], b[2])
        area = (a[1] - a[0]) * (a[3] - a[2])
        return max(0.0, width) * max(0.0, height) / area if area > 0 else 0.0

    def share_seen(self, rear: Sequence[Point], front: Sequence[Point]) -> float:
        """The share of ``rear`` that ``front`` covers for a camera that has both in its frame, given their corners."""
        view = fit_view((*rear, *front), self.pitch, _LENS_MM, _ASPECT, 0.14)
        return seen_box(view, rear).covered_by(seen_box(view, front))


def solve(
    clusters: Sequence[Cluster], constraints: Sequence[Constraint], frame: Frame
) -> dict[str, tuple[float, float]]:
    """Places (x, y) for the clusters of one connected component, the first at the origin.

    Where not all constraints can hold, the later ones give way.
    """
    pieces = {cluster.id: _Piece(cluster.rect, cluster.corners) for cluster in clusters}
    order = _order([cluster.id for cluster in clusters], constraints)
    kept = list(constraints)
    while True:
        search = _Search(pieces, order, kept, frame)
        if search.run(1):
            return search.places
        if not kept:
            return _in_a_row(pieces, order)
        kept.pop()


@dataclass(frozen=True)
class _Piece:
    """What the search moves: the floor that a cluster needs, and the corners that are looked at."""

    rect: Rect
    corners: tuple[Point, ...]

    def moved(self, dx: float, dy: float) -> "_Piece":
        return _Piece(self.rect.moved(dx, dy), tuple((x + dx, y + dy, z) for x, y, z in self.corners))


class _Search:
    def __init__(
        self, pieces: Mapping[str, _Piece], order: Sequence[str], constraints: Sequence[Constraint], frame: Frame
    ) -> None:
        self._pieces = pieces
        self._order = order
        self._frame = frame
        self._left = _BUDGET
        self._about = {name: [one for one in constraints if name in (one.subject, one.target)] for name in order}
        self._pairs = {frozenset((one.subject, one.target)): one.kind for one in constraints}
        self.places: dict[str, tuple[float, float]] = {order[0]: (0.0, 0.0)}

    def run(self, depth: int) -> bool:
        if depth == len(self._order):
            return True
        name = self._order[depth]
        for place in self._candidates(name):
            self._left -= 1
            if self._left < 0:
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
                    _offsets(
                        kind, one.subject == name, piece, self._pieces[other].moved(*self.places[other]), self._frame
                    )
                )
        if not found:
            for other in self.places:
                found.extend(_beside(piece.rect, self._at(other), self._frame, 1.0))
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


def _offsets(
    kind: RelationKind, is_subject: bool, piece: _Piece, other: _Piece, frame: Frame
) -> list[tuple[float, float]]:
    """Places for ``piece`` (about its origin) in relation ``kind`` to ``other``, best first."""
    rect, there = piece.rect, other.rect
    if kind in (RelationKind.LEFT_OF, RelationKind.RIGHT_OF):
        return _lateral(rect, there, frame, kind is RelationKind.LEFT_OF)
    if kind in (RelationKind.IN_FRONT_OF, RelationKind.BEHIND):
        return _in_depth(piece, other, frame, kind is RelationKind.IN_FRONT_OF)
    if kind is RelationKind.HIDDEN_BY:
        return _hidden(piece, other, frame, is_subject)
    if kind is RelationKind.FACING:
        return [*_lateral(rect, there, frame, is_subject), *_lateral(rect, there, frame, not is_subject)]
    far = {RelationKind.FAR_FROM: 9.0, RelationKind.NEAR: 2.2, RelationKind.AGAINST: 0.02}
    return _beside(rect, there, frame, far.get(kind, 1.0))


def _gap(rect: Rect, there: Rect, frame: Frame) -> float:
    return 0.1 * (min(rect.width, there.width) + 0.25 * max(rect.width, there.width)) * frame.spread


def _lateral(rect: Rect, there: Rect, frame: Frame, left: bool) -> list[tuple[float, float]]:
    gap = _gap(rect, there, frame)
    middle = (there.y0 + there.y1) / 2 - (rect.y0 + rect.y1) / 2
    found: list[tuple[float, float]] = []
    for steps in range(6):
        extra = gap + steps * (rect.width + gap)
        x = there.x0 - extra - rect.x1 if left else there.x1 + extra - rect.x0
        found.extend((x, middle + shift * (rect.depth + there.depth) / 2) for shift in (0.0, -0.5, 0.5, -1.2, 1.2))
    return found


def _beside(rect: Rect, there: Rect, frame: Frame, far: float) -> list[tuple[float, float]]:
    gap = _gap(rect, there, frame) * far
    if far > 5:
        gap = max(gap, 1.15 * max(rect.width, rect.depth, there.width, there.depth))
    middle = (there.y0 + there.y1) / 2 - (rect.y0 + rect.y1) / 2
    right, left = there.x1 + gap - rect.x0, there.x0 - gap - rect.x1
    first, second = (left, right) if frame.flip else (right, left)
    found = [(first, middle), (second, middle)]
    front, back = there.y0 - gap - rect.y1, there.y1 + gap - rect.y0
    centre = (there.x0 + there.x1) / 2
    found.extend((centre + side * (there.width + rect.width) * 0.4, y) for y in (front, back) for side in (-1, 1))
    return found


def _in_depth(piece: _Piece, other: _Piece, frame: Frame, front: bool) -> list[tuple[float, float]]:
    rect, there = piece.rect, other.rect
    gap = (0.12 * (rect.depth + there.depth) + 0.06 * (rect.top + there.top)) * frame.spread
    centre = (there.x0 + there.x1) / 2 - (rect.x0 + rect.x1) / 2
    reach = (rect.width + there.width) * 0.65
    y = there.y0 - gap - rect.y1 if front else there.y1 + gap - rect.y0
    scored: list[tuple[float, int, float]] = []
    for step in range(14):
        aside = reach * step / 13
        moved = piece.moved(centre + aside, y)
        share = (
            frame.share_seen(other.corners, moved.corners) if front else frame.share_seen(moved.corners, other.corners)
        )
        # A little overlap shows which is nearer; much of it hides the other.
        cost = max(0.0, share * frame.spread - 0.22) * 10 + step * 0.05 + (0.3 if share == 0 else 0.0)
        scored.append((cost, step, aside))
    found: list[tuple[float, float]] = []
    for _, _, aside in sorted(scored):
        sides = (-aside, aside) if frame.flip else (aside, -aside)
        found.extend((centre + side, y) for side in sides)
    return found


def _hidden(piece: _Piece, other: _Piece, frame: Frame, rear: bool) -> list[tuple[float, float]]:
    """``rear``: the rectangle to place is the hidden one; else it is the one that hides."""
    rect, there = piece.rect, other.rect
    gap = 0.05 * (rect.depth + there.depth)
    y = there.y1 + gap - rect.y0 if rear else there.y0 - gap - rect.y1
    centre = (there.x0 + there.x1) / 2 - (rect.x0 + rect.x1) / 2
    reach = (rect.width + there.width) / 2
    aim = _AIMS[frame.attempt % len(_AIMS)]
    scored: list[tuple[float, int, float]] = []
    for step in range(19):
        aside = reach * step / 18
        moved = piece.moved(centre + aside, y)
        share = (
            frame.share_seen(moved.corners, other.corners) if rear else frame.share_seen(other.corners, moved.corners)
        )
        scored.append((abs(share - aim), step, aside))
    found: list[tuple[float, float]] = []
    for _, _, aside in sorted(scored):
        sides = (-aside, aside) if frame.flip else (aside, -aside)
        found.extend((centre + side, y) for side in sides)
    return found


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


def _in_a_row(pieces: Mapping[str, _Piece], order: Sequence[str]) -> dict[str, tuple[float, float]]:
    places: dict[str, tuple[float, float]] = {}
    at = 0.0
    for name in order:
        rect = pieces[name].rect
        places[name] = (at - rect.x0, -(rect.y0 + rect.y1) / 2)
        at += rect.width * 1.12
    return places
