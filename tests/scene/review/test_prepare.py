"""Before a picture is taken: the camera is corrected where that helps, and left alone where all is well."""

from pathlib import Path

import bpy
import pytest

from addon.models.plan import Relation
from tests.scene.conftest import CAMERA, Stage

from .scenes import BALL, BOX, LOW, SMALL, codes, looked, prepared, reviewed

pytestmark = pytest.mark.blender


def camera_at() -> tuple[float, ...]:
    return tuple(round(value, 6) for row in bpy.context.scene.camera.matrix_world for value in row)


def test_a_good_scene_is_left_alone(stage: Stage, tmp_path: Path) -> None:
    stage.make([BALL, BOX], [stage.place("sphere", -1, 0, 1), stage.place("cube", 1, 0, 1)], options=SMALL)
    before = camera_at()
    review = prepared(stage)
    assert (review.findings, review.corrected) == ((), ())
    assert camera_at() == before
    assert codes(reviewed(stage, tmp_path / "a.png")) == set()


@pytest.mark.parametrize("kind", ["studio", "outdoor", "indoor"])
def test_a_thing_outside_the_frame_is_brought_in(stage: Stage, tmp_path: Path, kind: str) -> None:
    places = [stage.place("sphere", -4, 0, 1), stage.place("cube", 1, 0, 1)]
    stage.make([BALL, BOX], places, options=SMALL, environment={"kind": kind})
    assert looked().seen[1].inside < 0.5
    review = prepared(stage)
    assert review.findings == ()
    assert review.corrected == ("The camera was moved until everything is in the picture.",)
    assert all(seen.inside == 1.0 for seen in looked().seen)
    assert codes(reviewed(stage, tmp_path / "a.png")) == set()


def test_an_orthographic_camera_is_widened(stage: Stage) -> None:
    camera = CAMERA.model_copy(update={"orthographic": True, "ortho_scale": 2.0})
    stage.make([BALL, BOX], [stage.place("sphere", -4, 0, 1), stage.place("cube", 1, 0, 1)], camera=camera)
    assert prepared(stage).findings == ()
    assert bpy.context.scene.camera.data.ortho_scale > 5


def test_the_focus_follows_the_camera(stage: Stage) -> None:
    camera = CAMERA.model_copy(update={"focus_distance": 6.1})
    stage.make([BALL, BOX], [stage.place("sphere", -4, 0, 1), stage.place("cube", 1, 0, 1)], camera=camera)
    assert prepared(stage).findings == ()
    assert bpy.context.scene.camera.data.dof.focus_distance > 7


def test_a_hidden_thing_is_uncovered_and_all_stays_in_the_frame(stage: Stage) -> None:
    places = [stage.place("sphere", 0, 1.6, 0.6), stage.place("cube", 0, 0, 0.75)]
    stage.make([BALL, BOX], places, camera=LOW)
    assert looked().seen[1].visible < 0.05
    review = prepared(stage)
    assert review.findings == ()
    assert "to show what was hidden" in review.corrected[0]
    assert all(seen.inside == 1.0 and seen.visible > 0.3 for seen in looked().seen)


def test_what_no_angle_shows_is_told_and_the_camera_stays(stage: Stage) -> None:
    # A ball in a closed box, said to be in it, so that neither of them may be moved.
    inside = Relation(kind="inside", subject="sphere", targets=["cube"])
    places = [stage.place("sphere", 0, 0, 0.5), stage.place("cube", 0, 0, 1)]
    stage.make([BALL, BOX], places, relations=[inside.model_dump()])
    before = camera_at()
    review = prepared(stage)
    assert camera_at() == before
    assert review.corrected == ()
    assert "The ball is hidden by the box from every angle tried." in {one.message for one in review.findings}
    assert not any(one.correctable for one in review.findings if one.code == "hidden")


def test_a_thing_that_shall_be_hidden_is_no_finding(stage: Stage) -> None:
    relation = Relation(kind="hidden_by", subject="sphere", targets=["cube"])
    places = [stage.place("sphere", 0.5, 1.6, 0.6), stage.place("cube", 0, 0, 1)]
    stage.make([BALL, BOX], places, relations=[relation.model_dump()])
    assert (prepared(stage).findings, prepared(stage).corrected) == ((), ())


def test_a_tiny_thing_is_told(stage: Stage) -> None:
    stage.make([BALL, BOX], [stage.place("sphere", -1, 0, 0.02), stage.place("cube", 0.6, 0, 1)])
    assert ("too_small", "sphere") in codes(prepared(stage))


def test_something_planned_but_not_built_is_told(stage: Stage) -> None:
    warnings = stage.make([BALL, BOX], [stage.place("cube", 0, 0, 1)])
    assert any("ball" in warning for warning in warnings)
    assert ("missing", "sphere") in codes(prepared(stage))


def test_things_that_hide_each_other_are_counted(stage: Stage) -> None:
    three = BOX.model_copy(update={"count": 3})
    places = [stage.place("cube", 0, 2.0 * number, 1, number + 1) for number in range(3)]
    stage.make([three], places, camera=LOW)
    assert sum(one.visible > 0.3 for one in looked().seen) == 1
    review = prepared(stage)
    assert all(one.visible > 0.3 for one in looked().seen)
    assert review.findings == ()


def test_a_relation_that_the_picture_does_not_show_is_told(stage: Stage) -> None:
    left = Relation(kind="left_of", subject="sphere", targets=["cube"])
    places = [stage.place("sphere", 1, 0, 1), stage.place("cube", -1, 0, 1)]
    stage.make([BALL, BOX], places, relations=[left.model_dump()])
    review = prepared(stage)
    assert [one.message for one in review.findings] == ["In the picture the ball is not to the left of the box."]
    assert review.corrected == ()


def test_correcting_is_deterministic(stage: Stage) -> None:
    places = [stage.place("sphere", 0, 1.6, 0.6), stage.place("cube", 0, 0, 0.75)]
    results = set()
    for _ in range(2):
        stage.backend.reset()
        stage.make([BALL, BOX], places, camera=LOW)
        review = prepared(stage)
        results.add((review.corrected, camera_at()))
    assert len(results) == 1


def test_a_corrected_scene_needs_nothing_more(stage: Stage) -> None:
    places = [stage.place("sphere", -4, 1.6, 0.6), stage.place("cube", 0, 0, 0.75)]
    stage.make([BALL, BOX], places, camera=LOW)
    assert prepared(stage).corrected
    before = camera_at()
    assert prepared(stage).corrected == ()
    assert camera_at() == before
