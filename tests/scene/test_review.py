"""The reviewer finds what is wrong with a picture, and its corrections mend it."""

from pathlib import Path

import bpy
import pytest

from addon.models.layout import CameraPlacement
from addon.models.plan import PlanObject, Relation
from addon.models.session import Options
from addon.worker.backend import Finding, Review

from .conftest import CAMERA, Stage
from .pixels import patch

BALL = PlanObject(id="sphere", recipe="sphere", noun="ball", color="#d02020")
BOX = PlanObject(id="cube", recipe="cube", noun="box", color="#2050c0")
SMALL = Options(resolution=(160, 90), samples=1)


def codes(stage: Stage, path: Path) -> set[tuple[str, str | None]]:
    """Render, review, and give (code, object) of every finding."""
    stage.render(path)
    review = stage.backend.review(stage.plan, stage.layout, path)
    return {(finding.code, finding.object_id) for finding in review.findings}


def corrected(stage: Stage, path: Path) -> set[tuple[str, str | None]]:
    """Correct at most twice; what is left."""
    for _ in range(2):
        stage.render(path)
        review = stage.backend.review(stage.plan, stage.layout, path)
        if not review.wants_correction:
            break
        assert stage.backend.correct(stage.plan, stage.layout, review)
    return codes(stage, path)


def test_a_good_picture_has_no_findings(stage: Stage, tmp_path: Path) -> None:
    stage.make([BALL, BOX], [stage.place("sphere", -1, 0, 1), stage.place("cube", 1, 0, 1)], options=SMALL)
    assert codes(stage, tmp_path / "a.png") == set()


@pytest.mark.parametrize("kind", ["studio", "outdoor", "indoor"])
def test_a_thing_outside_the_frame_is_brought_in(stage: Stage, tmp_path: Path, kind: str) -> None:
    places = [stage.place("sphere", -4, 0, 1), stage.place("cube", 1, 0, 1)]
    stage.make([BALL, BOX], places, options=SMALL, environment={"kind": kind})
    assert ("out_of_frame", "sphere") in codes(stage, tmp_path / "a.png")
    assert corrected(stage, tmp_path / "a.png") == set()


def test_an_orthographic_camera_is_widened(stage: Stage, tmp_path: Path) -> None:
    camera = CAMERA.model_copy(update={"orthographic": True, "ortho_scale": 2.0})
    stage.make([BALL, BOX], [stage.place("sphere", -4, 0, 1), stage.place("cube", 1, 0, 1)], camera=camera)
    assert ("out_of_frame", "sphere") in codes(stage, tmp_path / "a.png")
    assert corrected(stage, tmp_path / "a.png") == set()


def test_a_hidden_thing_is_found_and_uncovered(stage: Stage, tmp_path: Path) -> None:
    low = CameraPlacement(position=(0.0, -7.0, 0.7), target=(0.0, 0.0, 0.5), lens_mm=40)
    places = [stage.place("sphere", 0, 1.6, 0.6), stage.place("cube", 0, 0, 0.75)]
    stage.make([BALL, BOX], places, camera=low, options=SMALL)
    assert ("hidden", "sphere") in codes(stage, tmp_path / "a.png")
    assert ("hidden", "sphere") not in corrected(stage, tmp_path / "a.png")


def test_a_thing_that_shall_be_hidden_is_no_finding(stage: Stage, tmp_path: Path) -> None:
    relation = Relation(kind="hidden_by", subject="sphere", targets=["cube"])
    places = [stage.place("sphere", 0.5, 1.6, 0.6), stage.place("cube", 0, 0, 1)]
    stage.make([BALL, BOX], places, options=SMALL, relations=[relation.model_dump()])
    assert codes(stage, tmp_path / "a.png") == set()


def test_what_is_swallowed_by_what_it_is_in_is_found(stage: Stage, tmp_path: Path) -> None:
    relation = Relation(kind="inside", subject="sphere", targets=["cube"])
    places = [stage.place("sphere", 0, 0, 0.5), stage.place("cube", 0, 0, 1)]
    stage.make([BALL, BOX], places, options=SMALL, relations=[relation.model_dump()])
    assert ("hidden", "sphere") in codes(stage, tmp_path / "a.png")


def test_one_sees_through_glass(stage: Stage, tmp_path: Path) -> None:
    glass = BOX.model_copy(update={"material": "glass", "color": None})
    stage.make([BALL, glass], [stage.place("sphere", 0, 1.6, 0.5), stage.place("cube", 0, 0, 1.2)], options=SMALL)
    assert ("hidden", "sphere") not in codes(stage, tmp_path / "a.png")


def test_a_tiny_thing_is_told(stage: Stage, tmp_path: Path) -> None:
    stage.make([BALL, BOX], [stage.place("sphere", -1, 0, 0.02), stage.place("cube", 0.6, 0, 1)], options=SMALL)
    assert ("too_small", "sphere") in codes(stage, tmp_path / "a.png")


@pytest.mark.parametrize(("exposure", "code"), [(-6.0, "too_dark"), (4.0, "blown_out")])
def test_wrong_exposure_is_found_and_mended(stage: Stage, tmp_path: Path, exposure: float, code: str) -> None:
    stage.make([BALL], [stage.place("sphere", 0, 0, 1)], options=SMALL)
    bpy.context.scene.view_settings.exposure = exposure
    assert (code, None) in codes(stage, tmp_path / "a.png")
    assert corrected(stage, tmp_path / "a.png") == set()


def test_a_thing_like_its_background_gets_contrast(stage: Stage, tmp_path: Path) -> None:
    above = CameraPlacement(position=(0.0, -0.01, 6.0), target=(0.0, 0.0, 0.0), lens_mm=50)
    stage.make([stage.ball(color="#d02020")], [stage.place("sphere", 0, 0, 0.3)], camera=above, options=SMALL)
    review = Review((Finding("low_contrast", "flat", None, True),), {})
    before = ground_color(stage, tmp_path)
    assert stage.backend.correct(stage.plan, stage.layout, review)
    assert sum(ground_color(stage, tmp_path)) < 0.8 * sum(before)


def test_a_dark_thing_before_a_dark_background_gets_light(stage: Stage, tmp_path: Path) -> None:
    stage.make([stage.ball(color="#181818")], [stage.place("sphere", 0, 0, 1)], options=SMALL)
    before = ground_color(stage, tmp_path)
    review = Review((Finding("low_contrast", "flat", None, True),), {"brightness_high": 0.1})
    assert stage.backend.correct(stage.plan, stage.layout, review)
    assert sum(ground_color(stage, tmp_path)) > 1.1 * sum(before)


def ground_color(stage: Stage, folder: Path) -> tuple[float, float, float]:
    """The ground's colour near the corner of the picture."""
    return patch(stage.render(folder / "a.png"), (0.1, 0.1), 0.05)


def test_something_planned_but_not_built_is_told(stage: Stage, tmp_path: Path) -> None:
    warnings = stage.make([BALL, BOX], [stage.place("cube", 0, 0, 1)], options=SMALL)
    assert any("ball" in warning for warning in warnings)
    assert ("missing", "sphere") in codes(stage, tmp_path / "a.png")
