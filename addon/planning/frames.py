"""Whose left and right: relations in a thing's own frame → the picture's, which layout and review know. Pure.

"To the man's left" is on the picture's right while he faces the viewer. The world's axes are the picture's.
"""

from ..models.plan import Facing, Frame, Relation, RelationKind, ScenePlan

__all__ = ["in_picture"]

_LEFT, _RIGHT = RelationKind.LEFT_OF, RelationKind.RIGHT_OF
_FRONT, _BEHIND = RelationKind.IN_FRONT_OF, RelationKind.BEHIND
_TURNED: dict[Facing, dict[RelationKind, RelationKind]] = {
    Facing.VIEWER: {_LEFT: _RIGHT, _RIGHT: _LEFT},
    Facing.AWAY: {_FRONT: _BEHIND, _BEHIND: _FRONT},
    Facing.LEFT: {_FRONT: _LEFT, _BEHIND: _RIGHT, _LEFT: _FRONT, _RIGHT: _BEHIND},
    Facing.RIGHT: {_FRONT: _RIGHT, _BEHIND: _LEFT, _LEFT: _BEHIND, _RIGHT: _FRONT},
}
"""What a thing that faces so calls a direction, and what the picture calls it."""


def in_picture(plan: ScenePlan) -> ScenePlan:
    """The plan with every relation in the picture's frame; the same plan where they all are."""
    if all(relation.frame is Frame.PICTURE for relation in plan.relations):
        return plan
    facing = {thing.id: thing.facing for thing in plan.objects}
    return plan.model_copy(update={"relations": [_turned(relation, facing) for relation in plan.relations]})


def _turned(relation: Relation, facing: dict[str, Facing]) -> Relation:
    kind = relation.kind
    if relation.frame is Frame.OBJECT and relation.targets:
        looks = facing.get(relation.targets[0], Facing.VIEWER)
        # Where a thing looks at another is found in placing it; until then it counts as facing the viewer.
        kind = _TURNED.get(looks, _TURNED[Facing.VIEWER]).get(kind, kind)
    return relation.model_copy(update={"kind": kind, "frame": Frame.PICTURE})
