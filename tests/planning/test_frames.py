"""Left and right as a thing itself has them, turned into the picture's."""

import pytest

from addon.models.plan import Facing, Frame, PlanObject, Relation, RelationKind, ScenePlan
from addon.planning import OfflinePlanner, lay_out
from addon.planning.frames import in_picture
from tests.planning.boxes import boxes

PLANNER = OfflinePlanner(boxes())


def turned(kind: RelationKind, facing: Facing, frame: Frame = Frame.OBJECT) -> RelationKind:
    plan = ScenePlan(
        objects=[
            PlanObject(id="dog", recipe="dog", noun="dog"),
            PlanObject(id="man", recipe="man", noun="man", facing=facing),
        ],
        relations=[Relation(kind=kind, subject="dog", targets=["man"], frame=frame)],
    )
    relation = in_picture(plan).relations[0]
    assert relation.frame is Frame.PICTURE
    return relation.kind


@pytest.mark.parametrize(
    ("facing", "own", "picture"),
    [
        (Facing.VIEWER, "left_of", "right_of"),
        (Facing.VIEWER, "behind", "behind"),
        (Facing.AWAY, "left_of", "left_of"),
        (Facing.AWAY, "in_front_of", "behind"),
        (Facing.LEFT, "in_front_of", "left_of"),
        (Facing.LEFT, "left_of", "in_front_of"),
        (Facing.RIGHT, "right_of", "in_front_of"),
        (Facing.RIGHT, "behind", "left_of"),
        (Facing.VIEWER, "on", "on"),
    ],
)
def test_a_things_own_directions_turn_with_it(facing: Facing, own: str, picture: str) -> None:
    assert turned(RelationKind(own), facing) == picture


def test_the_world_is_the_pictures() -> None:
    assert turned(RelationKind.LEFT_OF, Facing.AWAY, Frame.WORLD) is RelationKind.LEFT_OF


@pytest.mark.parametrize(
    "prompt", ["a box to the dog's left", "a dog with a box on his left", "a box on the dog's left side"]
)
def test_a_dogs_left_is_the_pictures_right_when_it_faces_the_viewer(prompt: str) -> None:
    plan, layout = lay_out(PLANNER.plan(prompt, 0), boxes())
    assert [(one.kind, one.subject, one.targets) for one in plan.relations] == [("right_of", "box", ["dog"])]
    x = {one.object_id: one.position[0] for one in layout.placements}
    assert x["box"] > x["dog"]


def test_a_tables_left_is_the_pictures() -> None:
    plan, _ = lay_out(PLANNER.plan("a chair to the table's left", 0), boxes())
    assert [one.kind for one in plan.relations] == ["left_of"]
