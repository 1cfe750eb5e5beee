"""Where one cluster may stand to another for a relation to be seen: places to try, best first. Pure; any thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sin

from ...models.plan import RelationKind
from .geometry import Point, Rect
from .view import fit_view, seen_box

__all__ = ["Frame", "Piece", "beside", "offsets"]

_LENS_MM = 50.0
_ASPECT = 16 / 9
_ASIDE = 0.58
_AIMS = (0.64, 0.56, 0.48, 0.72, 0.8, 0.4, 0.3, 0.9)


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


@dataclass(frozen=True)
class Piece:
    """What the search moves: the floor that a cluster needs, and the corners that are looked at."""

    rect: Rect
    corners: tuple[Point, ...]

    def moved(self, dx: float, dy: float) -> "Piece":
        return Piece(self.rect.moved(dx, dy), tuple((x + dx, y + dy, z) for x, y, z in self.corners))


def offsets(
    kind: RelationKind, is_subject: bool, piece: Piece, other: Piece, frame: Frame
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
    return beside(rect, there, frame, far.get(kind, 1.0))


def _gap(rect: Rect, there: Rect, frame: Frame) -> float:
    return 0.1 * (min(rect.width, there.width) + 0.25 * max(rect.width, there.width)) * frame.spread


def _lateral(rect: Rect, there: Rect, frame: Frame, left: bool) -> list[tuple[float, float]]:
    # What lies at a man's feet is beside him only when it is farther aside than below his middle.
    aside = _ASIDE * abs(rect.top - there.top) - (rect.width + there.width) / 2
    gap = max(_gap(rect, there, frame), aside)
    middle = (there.y0 + there.y1) / 2 - (rect.y0 + rect.y1) / 2
    found: list[tuple[float, float]] = []
    for steps in range(6):
        extra = gap + steps * (rect.width + gap)
        x = there.x0 - extra - rect.x1 if left else there.x1 + extra - rect.x0
        found.extend((x, middle + shift * (rect.depth + there.depth) / 2) for shift in (0.0, -0.5, 0.5, -1.2, 1.2))
    return found


def beside(rect: Rect, there: Rect, frame: Frame, far: float) -> list[tuple[float, float]]:
    gap = _gap(rect, there, frame) * far
    if far > 5:
        gap = max(gap, 1.15 * max(rect.width, rect.depth, there.width, there.depth))
    middle = (there.y0 + there.y1) / 2 - (rect.y0 + rect.y1) / 2
    found: list[tuple[float, float]] = []
    # Farther ones leave room for what stands between.
    for wider in (1, 4, 8) if far <= 1 else (1,):
        right, left = there.x1 + gap * wider - rect.x0, there.x0 - gap * wider - rect.x1
        found.extend((x, middle) for x in ((left, right) if frame.flip else (right, left)))
    front, back = there.y0 - gap - rect.y1, there.y1 + gap - rect.y0
    centre = (there.x0 + there.x1) / 2
    found.extend((centre + side * (there.width + rect.width) * 0.4, y) for y in (front, back) for side in (-1, 1))
    return found


def _in_depth(piece: Piece, other: Piece, frame: Frame, front: bool) -> list[tuple[float, float]]:
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
        cost = max(0.0, share * frame.spread - 0.36) * 10 + step * 0.05 + (0.3 if share == 0 else 0.0)
        scored.append((cost, step, aside))
    found: list[tuple[float, float]] = []
    for _, _, aside in sorted(scored):
        sides = (-aside, aside) if frame.flip else (aside, -aside)
        found.extend((centre + side, y) for side in sides)
    return found


def _hidden(piece: Piece, other: Piece, frame: Frame, rear: bool) -> list[tuple[float, float]]:
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
