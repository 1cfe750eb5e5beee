"""How things are turned and how steeply the camera looks down. Pure; any thread."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import atan2, degrees

from ...models.plan import Arrangement, EnvironmentKind, Facing, RelationKind, ScenePlan, ViewAngle
from .facts import Facts
from .geometry import Body, overlap_depth
from .tree import Mode, Tree

__all__ = ["face_targets", "pitch_for", "yaw_for"]

_LONG = 1.35
_PITCHES = {
    ViewAngle.FRONT: 5.0,
    ViewAngle.SIDE: 8.0,
    ViewAngle.BACK: 10.0,
    ViewAngle.TOP: 85.0,
    ViewAngle.LOW: 1.5,
    ViewAngle.HIGH: 38.0,
}
_FACINGS = {Facing.AWAY: 180.0, Facing.LEFT: -75.0, Facing.RIGHT: 75.0, Facing.TARGET: 75.0}
_VIEW_YAWS = {ViewAngle.FRONT: 0.0, ViewAngle.TOP: 0.0, ViewAngle.SIDE: 90.0, ViewAngle.BACK: 160.0}
_ISOMETRIC = 35.264
_TEXT = 4.0
"""Letters are read from the front."""
_OVER_ROWS = 2.0
_HORIZON = {
    EnvironmentKind.OUTDOOR: (5.0, 6.5, 8.0, 9.5),
    EnvironmentKind.UNDERWATER: (7.0, 9.0, 11.0),
    EnvironmentKind.INDOOR: (10.0, 12.0, 14.0),
}
"""With the usual lens a horizon is at the picture's upper edge at 11 degrees, at its upper third at 4; a room shows
its back wall from 14 degrees down."""


def yaw_for(plan: ScenePlan, name: str, facts: Facts, carries: bool, seed_flip: bool) -> float:
    """A thing's turn in degrees: three-quarter by default, so that its depth is seen.

    What is longer than wide is turned further, as its front alone would not show what it is.
    """
    facing = next((thing.facing for thing in plan.objects if thing.id == name), Facing.VIEWER)
    if facing is not Facing.VIEWER:
        return _FACINGS[facing]
    sign = 1.0 if seed_flip else -1.0
    angle = plan.camera.angle
    if facts.frontal:
        alone = len(plan.objects) + len(plan.texts) == 1
        return -9.0 if alone and angle is ViewAngle.THREE_QUARTER else 0.0
    if angle in _VIEW_YAWS:
        return _VIEW_YAWS[angle] * sign
    if plan.camera.orthographic:
        return sign * 45.0
    long = facts.size[1] > facts.size[0] * _LONG
    if carries:
        return sign * (50.0 if long else 12.0)
    return sign * (58.0 if long else 24.0)


def pitch_for(plan: ScenePlan, tree: Tree, facts: Mapping[str, Facts], attempt: int = 0) -> float:
    """Degrees by which the camera looks down.

    Under the open sky it looks so little down that the horizon and the sky are in the picture; ``attempt`` counts
    from 0, and the later ones look from higher, for relations that are not seen from there.
    """
    if plan.camera.orthographic and plan.camera.angle is ViewAngle.HIGH:
        return _ISOMETRIC
    if plan.camera.angle in _PITCHES:
        return _PITCHES[plan.camera.angle]
    usual = _studio_pitch(plan, tree, facts)
    if _all_flat(plan, facts):
        # Flat things are seen only from above.
        return max(usual, 42.0)
    # A picture behind everything has a horizon of its own.
    has_backdrop = any(picture.kind == "backdrop" for picture in plan.pictures)
    is_open = has_backdrop or (plan.environment.kind is EnvironmentKind.SPACE and plan.has_ground)
    limits = _HORIZON.get(EnvironmentKind.OUTDOOR if is_open else plan.environment.kind)
    if limits is None or plan.camera.orthographic or attempt >= len(limits):
        return usual
    # From above no window would be seen, of which the prompt speaks.
    over = _OVER_ROWS if _is_crowded(plan) and "window" not in plan.surroundings else 1.0
    return min(usual, limits[attempt] * over)


def _studio_pitch(plan: ScenePlan, tree: Tree, facts: Mapping[str, Facts]) -> float:
    """The pitch by what stands where, with nothing but a backdrop behind it."""
    modes = {mode for _, mode in tree.parents.values()}
    kinds = {relation.kind for relation in plan.relations if relation.targets}
    if Mode.UNDER in modes:
        return 8.0
    pitch = 15.0
    if RelationKind.HIDDEN_BY in kinds:
        pitch = 11.0
    if kinds & {RelationKind.IN_FRONT_OF, RelationKind.BEHIND} or Mode.ON in modes:
        pitch = max(pitch, 18.0)
    if _is_crowded(plan) or _is_many(plan) or modes & {Mode.INSIDE, Mode.AROUND}:
        pitch = 27.0
    if plan.texts and not plan.objects:
        pitch = _TEXT
    return pitch


def _is_crowded(plan: ScenePlan) -> bool:
    """Whether something stands in several rows, which must be seen over each other."""
    rows = (Arrangement.ROW, Arrangement.STACK)
    return any(thing.count > 3 and thing.arrangement not in rows for thing in plan.objects)


def _is_many(plan: ScenePlan) -> bool:
    """Whether there is so much that it stands in several rows."""
    return len(plan.objects) > 1 and sum(thing.count for thing in plan.objects) > 4


def _all_flat(plan: ScenePlan, facts: Mapping[str, Facts]) -> bool:
    known = [facts[thing.id] for thing in plan.objects]
    # A boat is flat too, but belongs before its horizon.
    return bool(known) and all(one.size[2] < 0.25 * max(one.size[:2]) and not one.draught for one in known)


def face_targets(plan: ScenePlan, bodies: Sequence[Body], facts: Mapping[str, Facts]) -> list[Body]:
    """Turn what faces something towards it, where that takes no more room than there is. Who sits on a seat looks
    where the seat does."""
    found = list(bodies)
    for relation in plan.relations:
        if relation.kind is not RelationKind.FACING or not relation.targets:
            continue
        targets = [body for body in found if body.id == relation.targets[0]]
        if not targets:
            continue
        x = sum(body.x for body in targets) / len(targets)
        y = sum(body.y for body in targets) / len(targets)
        for number, body in enumerate(found):
            if body.id != relation.subject or (body.supported_by and facts[body.id].rests is not None):
                continue
            turned = replace(body, yaw=degrees(atan2(x - body.x, body.y - y)))
            others = [other for other in found if other is not body and other.supported_by != body.id]
            if body.supported_by or all(overlap_depth(turned, other) <= 1e-6 for other in others):
                found[number] = turned
    return found
