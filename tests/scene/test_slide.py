"""What hides or stands before another is moved until the silhouettes show it."""

import bpy
import pytest

from addon.models.plan import PlanObject, Relation, RelationKind
from addon.scene.review.sight import Seen, look_at
from addon.scene.review.solids import camera_view, placed_things

from .conftest import Stage

pytestmark = pytest.mark.blender


def thing(name: str) -> PlanObject:
    return PlanObject(id=name, recipe=name, noun=name)


def seen(stage: Stage, kind: RelationKind, ball_x: float, **more: object) -> dict[str, Seen]:
    """A ball behind a cylinder, ``kind`` said of the ball."""
    places = [stage.place("sphere", ball_x, 1.5, 0.8), stage.place("cylinder", 0, 0, 1)]
    relation = Relation(kind=kind, subject="sphere", targets=["cylinder"])
    stage.make([thing("sphere"), thing("cylinder")], places, relations=[relation.model_dump()], **more)
    return {one.plan_id: one for one in look_at(placed_things(), (), camera_view()).seen}


@pytest.mark.parametrize("ball_x", [-2.0, -0.9, 0.0, 1.4])
def test_what_is_hidden_is_partly_seen(stage: Stage, ball_x: float) -> None:
    assert 0.25 <= seen(stage, RelationKind.HIDDEN_BY, ball_x)["sphere"].visible <= 0.72


def test_what_is_behind_overlaps_and_is_seen(stage: Stage) -> None:
    found = seen(stage, RelationKind.BEHIND, 2.2)
    ball, drum = found["sphere"], found["cylinder"]
    assert min(ball.box[2], drum.box[2]) > max(ball.box[0], drum.box[0])
    assert ball.visible >= 0.6


def test_what_shows_it_already_stays(stage: Stage) -> None:
    seen(stage, RelationKind.HIDDEN_BY, 0.55)
    (ball,) = (root for root in bpy.data.objects if root.get("thing") == "sphere")
    assert ball.location.x == pytest.approx(0.55)


def test_nothing_is_moved_into_a_third(stage: Stage) -> None:
    places = [
        stage.place("sphere", -2.0, 1.5, 0.8), stage.place("cylinder", 0, 0, 1), stage.place("cube", -0.6, 1.5, 0.9),
    ]  # fmt: skip
    relation = Relation(kind=RelationKind.HIDDEN_BY, subject="sphere", targets=["cylinder"])
    stage.make([thing("sphere"), thing("cylinder"), thing("cube")], places, relations=[relation.model_dump()])
    boxes = {one.plan_id: one.bounds for one in placed_things()}
    (low, high), (other_low, other_high) = boxes["sphere"], boxes["cube"]
    assert (high < other_low).any() or (other_high < low).any()
