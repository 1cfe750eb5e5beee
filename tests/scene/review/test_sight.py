"""The index pass: what is seen of each thing, against what Cycles shows and what can be worked out."""

from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest
from PIL import Image

from addon.models.layout import CameraPlacement
from addon.scene.graph import Graph
from addon.scene.review.view import AREA
from tests.scene.conftest import CAMERA, Stage

from .scenes import BALL, BOX, LOW, ROD, looked

pytestmark = pytest.mark.blender


def cycles_index(path: Path, columns: int, rows: int) -> Any:
    """Which thing Cycles shows in each pixel, rows from below: a flat render with numbers as colours."""
    scene: Any = bpy.context.scene
    roots = sorted(
        (one for one in bpy.data.objects if "plan_id" in one), key=lambda one: (one["plan_id"], one["instance"])
    )
    for number, root in enumerate(roots, start=1):
        for part in root.children_recursive:
            part.pass_index = number
    material: Any = bpy.data.materials.new("numbers")
    tree = Graph.of(material).tree
    info, flat, out = (tree.nodes.new(f"ShaderNode{name}") for name in ("ObjectInfo", "Emission", "OutputMaterial"))
    share = tree.nodes.new("ShaderNodeMath")
    share.operation, share.inputs[1].default_value = "DIVIDE", 10.0
    tree.links.new(info.outputs["Object Index"], share.inputs[0])
    tree.links.new(share.outputs[0], flat.inputs[0])
    tree.links.new(flat.outputs[0], out.inputs[0])
    bpy.context.view_layer.material_override = material
    scene.render.resolution_x, scene.render.resolution_y = columns, rows
    scene.cycles.samples, scene.cycles.use_denoising, scene.cycles.filter_width = 1, False, 0.01
    scene.cycles.pixel_filter_type = "BOX"
    scene.view_settings.view_transform, scene.world, scene.render.dither_intensity = "Raw", None, 0
    scene.render.filepath, scene.render.image_settings.file_format = str(path), "PNG"
    bpy.ops.render.render(write_still=True)
    with Image.open(path) as image:
        values = np.asarray(image.convert("RGB"))[::-1, :, 0]
    return np.round(values / 25.5).astype(int)


@pytest.mark.parametrize("orthographic", [False, True])
def test_it_shows_what_cycles_shows(stage: Stage, tmp_path: Path, orthographic: bool) -> None:
    camera = CAMERA.model_copy(update={"orthographic": orthographic, "ortho_scale": 5.0 if orthographic else None})
    places = [
        stage.place("sphere", -0.7, -1, 1),
        stage.place("cube", 0.2, 0.3, 1.2),
        stage.place("cylinder", 1.5, -0.5, 0.6),
    ]
    stage.make([BALL, BOX, ROD], places, camera=camera)
    index = looked().index
    rows, columns = index.shape
    assert rows * columns == pytest.approx(AREA, rel=0.01)
    theirs = cycles_index(tmp_path / "index.png", columns, rows)
    for number in (1, 2, 3):
        ours, real = index == number, theirs == number
        assert real.sum() > 500
        # Ours counts every pixel that is touched, so its outlines are up to a pixel wider.
        assert (ours & real).sum() > 0.97 * real.sum()
        assert ours.sum() < 1.08 * real.sum()


def test_a_thing_alone_is_wholly_seen(stage: Stage) -> None:
    stage.simple()
    (seen,) = looked().seen
    assert (seen.visible, seen.inside) == (1.0, 1.0)
    assert seen.hidden_by is None


def test_the_share_that_is_covered_is_known(stage: Stage) -> None:
    # Half of the box behind is covered by the one in front, seen by parallel lines from the front.
    camera = CameraPlacement(position=(0, -8, 0.5), target=(0, 0, 0.5), lens_mm=50, orthographic=True, ortho_scale=4)
    stage.make(
        [BOX.model_copy(update={"count": 2})],
        [stage.place("cube", 0, 2, 1), stage.place("cube", 0.5, 0, 1, 2)],
        camera=camera,
    )
    behind, front = looked().seen
    assert behind.visible == pytest.approx(0.5, abs=0.03)
    assert front.visible == pytest.approx(1.0, abs=0.03)
    assert behind.hidden_by == "box"
    assert behind.near == pytest.approx(9.5, abs=0.05)


def test_the_share_that_is_cut_off_is_known(stage: Stage) -> None:
    camera = CameraPlacement(position=(0, -8, 0.5), target=(0, 0, 0.5), lens_mm=50, orthographic=True, ortho_scale=4)
    stage.make([BOX], [stage.place("cube", 2, 0, 1)], camera=camera)
    (seen,) = looked().seen
    assert seen.inside == pytest.approx(0.5, abs=0.03)
    assert seen.box[2] == pytest.approx(1.125, abs=0.02)


def test_what_is_far_outside_is_known_to_be_outside(stage: Stage) -> None:
    stage.make([BOX], [stage.place("cube", -60, 0, 1)])
    (seen,) = looked().seen
    assert (seen.inside, seen.pixels) == (0.0, 0)


def test_what_is_behind_the_camera_is_outside(stage: Stage) -> None:
    stage.make([BOX, BALL], [stage.place("cube", 0, -30, 1), stage.place("sphere", 0, 0, 1)])
    box, ball = sorted(looked().seen, key=lambda one: one.plan_id)
    assert box.inside == 0.0
    assert ball.visible == 1.0


def test_one_sees_through_glass_and_the_glass_too(stage: Stage) -> None:
    glass = BOX.model_copy(update={"material": "glass", "color": None})
    stage.make([BALL, glass], [stage.place("sphere", 0, 1.6, 0.5), stage.place("cube", 0, 0, 1.2)])
    assert all(seen.visible > 0.95 for seen in looked().seen)


def test_what_is_sunk_into_the_ground_is_hidden_by_it(stage: Stage) -> None:
    place = stage.place("cube", 0, 0, 1).model_copy(update={"position": (0.0, 0.0, -0.5)})
    stage.make([BOX], [place], camera=LOW)
    (seen,) = looked().seen
    assert seen.visible < 0.6
    assert seen.hidden_by is None
    (front,) = {one.name for one in bpy.data.objects if one.get("scenekeeper_ground") == "backdrop"}
    bpy.data.objects[front].visible_camera = False
    assert looked().seen[0].visible == 1.0


def test_the_same_scene_is_seen_the_same_way(stage: Stage) -> None:
    stage.make([BALL, BOX], [stage.place("sphere", -1, 0, 1), stage.place("cube", 1, 0, 1)])
    first, second = looked(), looked()
    assert first.seen == second.seen
    assert np.array_equal(first.index, second.index)


def test_grass_hides_nothing(stage: Stage) -> None:
    stage.make([BALL], [stage.place("sphere", 0, 0, 0.3)], environment={"kind": "outdoor"})
    (seen,) = looked().seen
    assert seen.visible > 0.95
