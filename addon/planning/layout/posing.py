"""How things are turned and how steeply the camera looks down. Pure; any thread."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import atan2, degrees

from ...models.plan import Arrangement, Facing, RelationKind, ScenePlan, TimeOfDay, ViewAngle
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


def yaw_for(plan: ScenePlan, name: str, facts: Facts, carries: bool, seed_flip: bool) -> float:
    """A thing's turn in degrees: three-quarter by default, so that its depth is seen.

    What is longer than wide is turned further, as its front alone would not show what it is.
    """
    facing = next((thing.facing for thing in plan.objects if thing.id == name), Facing.VIEWER)
    if facing is not Facing.VIEWER:
        return _FACINGS[facing]
    sign = 1.0 if seed_flip else -1.0
    angle = plan.camera.angle
    if facts.recipe == "text":
        alone = len(plan.objects) + len(plan.texts) == 1
        return -16.0 if alone and angle is ViewAngle.THREE_QUARTER else 0.0
    if angle in _VIEW_YAWS:
        return _VIEW_YAWS[angle] * sign
    if plan.camera.orthographic:
        return sign * 45.0
    if carries:
        return sign * 12.0
    return sign * (58.0 if facts.size[1] > facts.size[0] * _LONG else 24.0)


def pitch_for(plan: ScenePlan, tree: Tree, facts: Mapping[str, Facts]) -> float:
    """Degrees by which the camera looks down."""
    if plan.camera.orthographic and plan.camera.angle is ViewAngle.HIGH:
        return _ISOMETRIC
    if plan.camera.angle in _PITCHES:
        return _PITCHES[plan.camera.angle]
    modes = {mode for _, mode in tree.parents.values()}
    kinds = {relation.kind for relation in plan.relations if relation.targets}
    if Mode.UNDER in modes:
        return 8.0
    crowded = any(
        thing.count > 3 and thing.arrangement not in (Arrangement.ROW, Arrangement.STACK) for thing in plan.objects
    )
    pitch = 12.0 if plan.texts and not plan.objects else 15.0
    if RelationKind.HIDDEN_BY in kinds:
        pitch = 11.0
    if kinds & {RelationKind.IN_FRONT_OF, RelationKind.BEHIND} or Mode.ON in modes:
        pitch = max(pitch, 18.0)
    if crowded or len(plan.objects) > 4 or modes & {Mode.INSIDE, Mode.AROUND}:
        pitch = 27.0
    if (
        all(
            thing_facts.size[2] < 0.25 * max(thing_facts.size[:2])
            for thing_facts in facts.values()
            if thing_facts.recipe != "text"
        )
        and plan.objects
    ):
        # Flat things are seen only from above.
        pitch = max(pitch, 42.0)
    if plan.environment.time is TimeOfDay.SUNSET:
        # A low sun is worth a horizon.
        pitch = min(pitch, 16.0)
    return pitch


def face_targets(plan: ScenePlan, bodies: Sequence[Body]) -> list[Body]:
    """Turn what faces something towards it, where that takes no more room than there is."""
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
            if body.id != relation.subject:
                continue
            turned = replace(body, yaw=degrees(atan2(x - body.x, body.y - y)))
            others = [other for other in found if other is not body and other.supported_by != body.id]
            if body.supported_by or all(overlap_depth(turned, other) <= 1e-6 for other in others):
                found[number] = turned
    return found
