"""Plan and sizes → layout: scale, support trees, search, packing, camera, and a check with that camera. Any thread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from ...models.layout import Layout, Placement
from ...models.plan import Relation, RelationKind, ScenePlan, Shot
from .build import Builder
from .candidates import Frame
from .clusters import Cluster
from .facts import Facts
from .geometry import Body, bounds
from .pack import Block, pack
from .posing import face_targets, pitch_for
from .relations import holds, seen_things
from .sizing import extent_of
from .tree import Tree, tree_of
from .view import View, fit_view
from .walls import hang

__all__ = ["place"]

_SPREADS = (1.0, 1.2, 1.5, 1.9, 2.4, 3.0, 3.6, 4.2)
_MARGINS = {Shot.CLOSE_UP: 0.05, Shot.MEDIUM: 0.11, Shot.WIDE: 0.4}
_LENSES = {Shot.CLOSE_UP: 85.0, Shot.MEDIUM: 50.0, Shot.WIDE: 35.0}
_USUAL_LENS = 50.0
_CROWD = 4
_LONG = 0.26
"""The share of the picture's width or height from which a thin thing is seen well."""
_LEAST_SHARE, _LARGER, _STEPS = 0.027, 1.5, 5
"""Boxes that cover less of the picture are made larger, at most by this in each of so many steps."""
_BELOW, _PAIR = 0.6, 2
"""So large that makes them of the next larger thing at most, where more than two kinds of things make a scene."""
_LIFT = 0.35


@dataclass(frozen=True)
class _Attempt:
    number: int
    bodies: list[Body]
    view: View
    unmet: list[Relation]


def place(plan: ScenePlan, facts: Mapping[str, Facts], aspect: float = 16 / 9) -> Layout:
    """Place every instance of ``plan`` and the camera; ``facts`` has each object's and text's id.

    ``aspect`` is width / height of the picture. ``Layout.unmet`` has a sentence for each relation that the picture
    does not show. The same plan gives the same layout.
    """
    tree = tree_of(plan, facts)
    attempts = []
    for number in range(len(_SPREADS)):
        attempts.append(_attempt(plan, facts, tree, aspect, number, {}))
        if not attempts[-1].unmet:
            break
    best = min(attempts, key=lambda attempt: len(attempt.unmet))
    best = _enlarged(plan, facts, tree, aspect, best)
    focus = _focus(plan, best)
    return Layout(
        placements=[_placement(body, facts) for body in best.bodies],
        camera=best.view.placement(focus),
        unmet=[_sentence(relation, plan) for relation in (*tree.refused, *best.unmet)],
    )


def _attempt(
    plan: ScenePlan, facts: Mapping[str, Facts], tree: Tree, aspect: float, number: int, larger: Mapping[str, float]
) -> _Attempt:
    spread = _SPREADS[number]
    frame = Frame(pitch_for(plan, tree, facts, number), spread, bool(plan.seed % 2), number)
    builder = Builder(plan, facts, tree, frame, aspect, larger)
    groups = builder.groups()
    bodies = _assembled(plan, groups, tree, aspect, spread)
    bodies = hang(face_targets(plan, _centred(bodies), facts), facts)
    view = _camera(plan, bodies, frame.pitch, aspect)
    seen = seen_things(view, bodies)
    unmet = [
        relation for relation in plan.relations if relation not in tree.refused and not holds(relation, bodies, seen)
    ]
    return _Attempt(number, bodies, view, unmet)


def _enlarged(plan: ScenePlan, facts: Mapping[str, Facts], tree: Tree, aspect: float, attempt: _Attempt) -> _Attempt:
    """The attempt with what would be a dot in the picture made larger, in steps, as long as no relation suffers."""
    larger: dict[str, float] = {}
    free = {thing.id for thing in plan.objects if thing.size_m is None and thing.scale >= 1} - set(tree.parents)
    for _ in range(_STEPS):
        factors = {name: sqrt(_LEAST_SHARE / share) for name, share in _shares(attempt).items() if name in free}
        room = _room_below(attempt, facts, set(tree.parents)) if plan.relations else {}
        wanted = {name: min(factor, _LARGER, room.get(name, _LARGER)) for name, factor in factors.items()}
        small = {name: factor for name, factor in wanted.items() if factor > 1.02}
        if not small:
            break
        larger |= {name: factor * larger.get(name, 1.0) for name, factor in small.items()}
        again = _attempt(plan, facts, tree, aspect, attempt.number, larger)
        if len(again.unmet) > len(attempt.unmet):
            break
        attempt = again
    return attempt


def _room_below(attempt: _Attempt, facts: Mapping[str, Facts], carried: set[str]) -> dict[str, float]:
    """How much larger each free thing may become, so that a hen stays smaller than the farmer beside it."""
    shown = {body.id: extent_of(body.size) for body in attempt.bodies if body.id not in carried}
    real = {name: extent_of(facts[name].size) for name in shown}
    room: dict[str, float] = {}
    if len(shown) <= _PAIR:
        return room
    for name, extent in shown.items():
        above = [other for other in shown if real[other] > real[name]]
        if above:
            least = min(above, key=lambda other: real[other])
            room[name] = shown[least] * max(_BELOW, real[name] / real[least]) / extent
    return room


def _shares(attempt: _Attempt) -> dict[str, float]:
    """The share of the picture that the smallest instance of each thing covers, as the box that it is."""
    found: dict[str, float] = {}
    for body in attempt.bodies:
        points = [attempt.view.project(corner)[:2] for corner in body.corners()]
        (ox, oy), *edges = (points[corner] for corner in (0, 1, 2, 4))
        (ax, ay), (bx, by), (cx, cy) = ((x - ox, y - oy) for x, y in edges)
        # Of a box one sees three faces; the whole frame is 2 by 2.
        share = (abs(ax * by - ay * bx) + abs(ax * cy - ay * cx) + abs(bx * cy - by * cx)) / 4
        xs, ys = zip(*points, strict=True)
        # What is long enough to be seen well may be as thin as it is.
        share = max(share, _LEAST_SHARE * (max(max(xs) - min(xs), max(ys) - min(ys)) / 2 / _LONG) ** 2)
        found[body.id] = max(1e-6, min(share, found.get(body.id, 1.0)))
    return found


def _assembled(plan: ScenePlan, groups: Sequence[Cluster], tree: Tree, aspect: float, spread: float) -> list[Body]:
    """All bodies: groups on the ground packed, then those of the sky above them."""
    standing = [group for group in groups if not group.airborne]
    flying = [group for group in groups if group.airborne]
    blocks = [_block(plan, group, tree) for group in standing]
    bodies: list[Body] = []
    crowd = len(standing) > 1 and sum(len(group.bodies) for group in standing) > _CROWD
    for group, move in zip(standing, pack(blocks, aspect, spread, crowd), strict=True):
        bodies.extend(group.moved(*move).bodies)
    if not flying:
        return bodies
    moves = pack([_block(plan, group, tree) for group in flying], aspect, spread)
    top = max((body.z + body.size[2] for body in bodies), default=0.0)
    middle = bounds(bodies) if bodies else None
    for group, (dx, dy) in zip(flying, moves, strict=True):
        height = group.rect.top
        shift = (middle.y0 + middle.y1) / 2 if middle else 0.0
        lift = top + height * _LIFT if middle else height * _LIFT
        bodies.extend(group.moved(dx, dy + shift, lift).bodies)
    return bodies


def _centred(bodies: list[Body]) -> list[Body]:
    """About the origin, where the light and the backdrop are."""
    if not bodies:
        return bodies
    whole = bounds(bodies)
    return [body.moved(-(whole.x0 + whole.x1) / 2, -(whole.y0 + whole.y1) / 2) for body in bodies]


def _block(plan: ScenePlan, group: Cluster, tree: Tree) -> Block:
    side = layer = 0
    for relation in plan.relations:
        if relation.targets or relation.subject not in group.names:
            continue
        side += {RelationKind.LEFT_OF: -1, RelationKind.RIGHT_OF: 1}.get(relation.kind, 0)
        layer += {RelationKind.IN_FRONT_OF: -1, RelationKind.BEHIND: 1}.get(relation.kind, 0)
    return Block(group.rect, side, layer)


def _camera(plan: ScenePlan, bodies: Sequence[Body], pitch: float, aspect: float) -> View:
    points = [corner for body in bodies for corner in body.corners()] or [(-0.5, -0.5, 0.0), (0.5, 0.5, 1.0)]
    points.extend(_elsewhere(plan, bodies))
    shot = plan.camera.shot
    lens = plan.camera.lens_mm
    if lens == _USUAL_LENS:
        lens = _LENSES[shot]
    return fit_view(points, pitch, lens, aspect, _MARGINS[shot], plan.camera.orthographic)


def _elsewhere(plan: ScenePlan, bodies: Sequence[Body]) -> list[tuple[float, float, float]]:
    """Points that keep a part of the picture free: "a dog on the left" with nothing to its right."""
    if not bodies:
        return []
    whole = bounds(bodies)
    found: list[tuple[float, float, float]] = []
    for relation in plan.relations:
        if relation.targets:
            continue
        box = bounds([body for body in bodies if body.id == relation.subject])
        middle, centre = (box.x0 + box.x1) / 2, (whole.x0 + whole.x1) / 2
        room = whole.width * 0.45 + box.width * 0.75
        if relation.kind is RelationKind.LEFT_OF and middle >= centre - whole.width * 0.15:
            found.append((middle + room * 1.6, box.y0, 0.0))
        elif relation.kind is RelationKind.RIGHT_OF and middle <= centre + whole.width * 0.15:
            found.append((middle - room * 1.6, box.y0, 0.0))
        elif relation.kind is RelationKind.ABOVE:
            found.append((middle, (whole.y0 + whole.y1) / 2, 0.0))
    return found


def _focus(plan: ScenePlan, attempt: _Attempt) -> float | None:
    if not plan.camera.depth_of_field or not attempt.bodies:
        return None
    main = attempt.bodies[0]
    return attempt.view.project((main.x, main.y, main.z + main.size[2] / 2))[2]


def _placement(body: Body, facts: Mapping[str, Facts]) -> Placement:
    return Placement(
        object_id=body.id,
        instance=body.instance,
        recipe=facts[body.id].recipe,
        position=(body.x, body.y, body.z),
        rotation_z=body.yaw,
        scale=body.scale,
        size=body.size,
        supported_by=body.supported_by,
        worn=body.worn,
    )


def _sentence(relation: Relation, plan: ScenePlan) -> str:
    nouns = {thing.id: thing.noun for thing in plan.objects} | {item.id: item.text for item in plan.texts}
    words = relation.kind.value.replace("_", " ")
    targets = " and ".join(nouns[name] for name in relation.targets) or "the picture"
    return f"{nouns[relation.subject]} {words} {targets}: there is no place where this and the rest can be seen."
