"""The finished picture: black, burnt out and flat ones are found and mended, good ones are left alone."""

from pathlib import Path

import bpy
import pytest

from addon.models.errors import StageFailed
from addon.models.plan import PlanObject
from addon.worker.backend import Review
from tests.scene.conftest import Stage
from tests.scene.pixels import patch

from .scenes import BALL, BOX, SMALL, codes, reviewed

pytestmark = pytest.mark.blender


def corrected(stage: Stage, path: Path) -> Review:
    """Correct the picture at most twice; what is left."""
    review = reviewed(stage, path)
    for _ in range(2):
        if not review.wants_correction:
            break
        assert stage.backend.correct(stage.plan, stage.layout, review)
        review = reviewed(stage, path)
    return review


@pytest.mark.parametrize(("exposure", "code"), [(-6.0, "too_dark"), (4.0, "blown_out")])
def test_wrong_exposure_is_found_and_mended(stage: Stage, tmp_path: Path, exposure: float, code: str) -> None:
    paper = {"background": "#d9dbde"}
    stage.make([BALL], [stage.place("sphere", 0, 0, 1)], options=SMALL, environment=paper)
    bpy.context.scene.view_settings.exposure = exposure
    wrong = reviewed(stage, tmp_path / "a.png")
    assert codes(wrong) == {(code, None)}
    right = corrected(stage, tmp_path / "a.png")
    assert codes(right) == set()
    assert right.fault < wrong.fault


def test_a_washed_out_picture_is_found_and_mended(stage: Stage, tmp_path: Path) -> None:
    stage.make([BOX.model_copy(update={"color": "#c8a070"})], [stage.place("cube", 0, 0, 1)], options=SMALL)
    bpy.context.scene.view_settings.exposure = 3.0
    wrong = reviewed(stage, tmp_path / "a.png")
    assert [finding.code for finding in wrong.findings] == ["blown_out"]
    assert "washed out" in wrong.findings[0].message
    assert codes(corrected(stage, tmp_path / "a.png")) == set()


def test_a_picture_without_any_light_is_too_dark(stage: Stage, tmp_path: Path) -> None:
    stage.make([BALL], [stage.place("sphere", 0, 0, 1)], options=SMALL, environment={"kind": "space"})
    for light in bpy.data.lights:
        light.energy = 0
    bpy.context.scene.world = None
    assert ("too_dark", None) in codes(reviewed(stage, tmp_path / "a.png"))


def dissolved(stage: Stage, value: float, **plan: object) -> PlanObject:
    """A box that is the colour of the floor, in the same even light from everywhere."""
    box = BOX.model_copy(update={"color": "#ffffff"})
    stage.make([box], [stage.place("cube", 0, 0, 1)], options=SMALL, **plan)
    for thing in bpy.data.objects:
        if thing.type == "MESH":
            tree = thing.data.materials[0].node_tree
            shader = next(node for node in tree.nodes if node.bl_idname == "ShaderNodeBsdfPrincipled")
            for link in list(shader.inputs["Base Color"].links) + list(shader.inputs["Emission Color"].links):
                tree.links.remove(link)
            for link in list(shader.inputs["Emission Strength"].links):
                tree.links.remove(link)
            shader.inputs["Base Color"].default_value = (0, 0, 0, 1)
            shader.inputs["Specular IOR Level"].default_value = 0.0
            shader.inputs["Emission Color"].default_value = (value, value, value, 1)
            shader.inputs["Emission Strength"].default_value = 1.0
            # Paper is two shaders, one of which glows by itself.
            end = next(node for node in tree.nodes if node.bl_idname == "ShaderNodeOutputMaterial")
            tree.links.new(shader.outputs[0], end.inputs["Surface"])
    for light in bpy.data.lights:
        light.energy = 0
    bpy.context.scene.world = None
    return box


def test_a_light_thing_before_a_light_ground_gets_a_darker_ground(stage: Stage, tmp_path: Path) -> None:
    dissolved(stage, 0.6)
    wrong = reviewed(stage, tmp_path / "a.png")
    assert codes(wrong) == {("low_contrast", "cube")}
    assert "The box hardly stands out" in wrong.findings[0].message
    before = patch(tmp_path / "a.png", (0.1, 0.1), 0.05)
    assert codes(corrected(stage, tmp_path / "a.png")) == set()
    assert sum(patch(tmp_path / "a.png", (0.1, 0.1), 0.05)) < 0.8 * sum(before)


def test_a_dark_thing_before_a_dark_ground_gets_light(stage: Stage, tmp_path: Path) -> None:
    dissolved(stage, 0.02, environment={"mood": "dark"})
    bpy.context.scene.view_settings.exposure = 1.0
    before = reviewed(stage, tmp_path / "a.png")
    assert before.wants_correction
    shown = patch(tmp_path / "a.png", (0.1, 0.1), 0.05)
    assert stage.backend.correct(stage.plan, stage.layout, before)
    reviewed(stage, tmp_path / "a.png")
    assert sum(patch(tmp_path / "a.png", (0.1, 0.1), 0.05)) > 1.1 * sum(shown)


def test_a_ground_whose_colour_was_asked_for_is_left_alone(stage: Stage, tmp_path: Path) -> None:
    dissolved(stage, 0.6, ground={"color": "#e0e0e0"})
    review = reviewed(stage, tmp_path / "a.png")
    assert codes(review) == {("low_contrast", "cube")}
    assert not review.wants_correction


def test_a_picture_that_does_not_decode_is_told(stage: Stage, tmp_path: Path) -> None:
    stage.simple(SMALL)
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(StageFailed):
        stage.backend.review(stage.plan, stage.layout, tmp_path / "a.png", None)


def test_a_review_of_the_same_scene_is_not_looked_at_again(stage: Stage, tmp_path: Path) -> None:
    stage.make([BALL, BOX], [stage.place("sphere", -1, 0, 1), stage.place("cube", 1, 0, 1)], options=SMALL)
    before = stage.backend.prepare(stage.plan, stage.layout)
    stage.render(tmp_path / "a.png")
    after = stage.backend.review(stage.plan, stage.layout, tmp_path / "a.png", before)
    assert after.sight is before.sight
    alone = stage.backend.review(stage.plan, stage.layout, tmp_path / "a.png", None)
    assert (after.findings, dict(after.measures)) == (alone.findings, dict(alone.measures))
