"""Floating, sunk and interpenetrating things are found by their meshes, and moved into contact."""

from pathlib import Path

import bpy
import pytest

from addon.models.layout import Placement
from addon.models.plan import Relation
from tests.scene.conftest import Stage

from .scenes import BALL, BOX, codes, prepared, reviewed

pytestmark = pytest.mark.blender


def lifted(place: Placement, by: float, on: str | None = None) -> Placement:
    x, y, z = place.position
    return place.model_copy(update={"position": (x, y, z + by), "supported_by": on})


def height(name: str) -> float:
    """How high the lowest point of a thing is."""
    root = bpy.data.objects[name]
    return min((part.matrix_world @ corner.co).z for part in root.children_recursive for corner in part.data.vertices)


def on_box(stage: Stage, gap: float) -> None:
    places = [lifted(stage.place("sphere", 0, 0, 0.5), 1 + gap, "cube"), stage.place("cube", 0, 0, 1)]
    on = Relation(kind="on", subject="sphere", targets=["cube"])
    stage.make([BALL, BOX], places, relations=[on.model_dump()])


@pytest.mark.parametrize("gap", [0.0, 0.005, -0.005])
def test_contact_within_a_centimetre_is_left_alone(stage: Stage, gap: float) -> None:
    on_box(stage, gap)
    before = height("ball 1")
    review = prepared(stage)
    assert (review.findings, review.corrected) == ((), ())
    assert height("ball 1") == before


@pytest.mark.parametrize("gap", [0.06, 0.4])
def test_what_floats_is_lowered_onto_what_carries_it(stage: Stage, gap: float) -> None:
    on_box(stage, gap)
    review = prepared(stage)
    assert review.findings == ()
    assert review.corrected == ("The ball was lowered until it stands on the box.",)
    assert height("ball 1") == pytest.approx(1.0, abs=0.01)


def test_what_is_sunk_is_raised(stage: Stage) -> None:
    on_box(stage, -0.08)
    review = prepared(stage)
    assert review.findings == ()
    assert "raised" in review.corrected[0]
    assert height("ball 1") == pytest.approx(1.0, abs=0.015)


def test_what_floats_above_the_ground_is_lowered_with_what_it_carries(stage: Stage) -> None:
    on_box(stage, 0.0)
    box = bpy.data.objects["box 1"]
    for root in (box, bpy.data.objects["ball 1"]):
        root.location.z += 0.3
    bpy.context.view_layer.update()
    assert prepared(stage).findings == ()
    assert height("box 1") == pytest.approx(0.0, abs=0.001)
    assert height("ball 1") == pytest.approx(1.0, abs=0.01)


def test_what_the_layout_puts_into_the_air_stays_there(stage: Stage) -> None:
    stage.make([BALL], [lifted(stage.place("sphere", 0, 0, 0.5), 0.8)])
    assert (prepared(stage).findings, prepared(stage).corrected) == ((), ())
    assert height("ball 1") == pytest.approx(0.8, abs=0.001)


def test_things_that_run_into_each_other_are_moved_apart(stage: Stage) -> None:
    stage.make([BALL, BOX], [stage.place("sphere", -0.4, 0, 0.8), stage.place("cube", 0.4, 0, 1)])
    review = prepared(stage)
    assert review.findings == ()
    assert review.corrected == ("The ball was moved away from the box.",)
    assert bpy.data.objects["box 1"].location.x == pytest.approx(0.4)
    assert bpy.data.objects["ball 1"].location.x < -0.48
    # The camera must not have been touched for it.
    assert tuple(bpy.context.scene.camera.location) == pytest.approx(stage.layout.camera.position, abs=1e-5)


def test_what_lies_wholly_in_another_is_found(stage: Stage, tmp_path: Path) -> None:
    stage.make([BALL, BOX], [stage.place("sphere", 0, 0, 0.4), stage.place("cube", 0, 0, 1)])
    assert {code for code, _ in codes(reviewed(stage, tmp_path / "a.png"))} >= {"overlap", "hidden"}


def test_neighbours_that_touch_are_left_alone(stage: Stage) -> None:
    stage.make(
        [BOX.model_copy(update={"count": 2})], [stage.place("cube", -0.5, 0, 1), stage.place("cube", 0.5, 0, 1, 2)]
    )
    assert (prepared(stage).findings, prepared(stage).corrected) == ((), ())


def test_a_heap_settles_as_a_whole(stage: Stage) -> None:
    three = BALL.model_copy(update={"count": 3})
    places = [
        lifted(stage.place("sphere", -0.15, 0, 0.3, 1), 1.2, "cube"),
        lifted(stage.place("sphere", 0.15, 0, 0.3, 2), 1.2, "cube"),
        lifted(stage.place("sphere", 0, 0, 0.3, 3), 1.2 + 0.26, "cube"),
        stage.place("cube", 0, 0, 1),
    ]
    stage.make([three, BOX], places)
    before = height("ball 3") - height("ball 1")
    review = prepared(stage)
    assert review.corrected == ("The ball 1, the ball 2 and the ball 3 were lowered until they stand on the box.",)
    assert height("ball 1") == pytest.approx(1.0, abs=0.01)
    assert height("ball 3") - height("ball 1") == pytest.approx(before)


def test_what_leans_against_its_back_is_not_sunk(stage: Stage) -> None:
    # A seat with a back that reaches a little into the sitter: raising would lift it off the seat.
    stage.make([BALL, BOX], [lifted(stage.place("sphere", 0, 0, 0.5), 1, "cube"), stage.place("cube", 0, 0, 1)])
    back = bpy.data.objects.new("back", bpy.data.objects["box 1"].children[0].data)
    back.parent = bpy.data.objects["box 1"]
    back.location, back.scale = (0.0, 0.7, 1.0), (1.0, 1.0, 2.0)
    bpy.context.scene.collection.objects.link(back)
    bpy.context.view_layer.update()
    prepared(stage)
    assert height("ball 1") == pytest.approx(1.0, abs=0.001)
