"""The render: progress that is a heartbeat, pictures that repeat, failures that say why."""

from pathlib import Path

import bpy
import pytest

from addon.models.errors import StageFailed
from addon.models.session import Options
from addon.scene.render import Progress, parse_samples

from .conftest import TINY, Stage, quiet
from .pixels import pixels


@pytest.mark.parametrize(
    ("line", "fraction"),
    [
        ("Mem: 6M | Sample 12/32", 0.375),
        ("Remaining: 00:00.30 | Mem: 6M | Sample 1/12", 1 / 12),
        ("Fra:1 Mem:12.04M (Peak 12.04M) | Time:00:00.04 | Mem:2.17M | Scene, ViewLayer | Sample 32/32", 1.0),
        ("Mem: 90M | Rendered 1/4 Tiles, Sample 8/16", 0.375),
        ("Mem: 1M | Updating Scene BVH | Building BVH 0%", None),
        ("Mem: 6M | Finished", None),
        ("", None),
    ],
)
def test_statistics_are_read(line: str, fraction: float | None) -> None:
    assert parse_samples(line) == (pytest.approx(fraction) if fraction is not None else None)


def test_a_render_that_stopped_early_is_broken() -> None:
    progress = Progress(quiet)
    progress("Mem: 6M | Sample 21/300", None)
    assert progress.broken
    progress("Mem: 6M | Sample 300/300", None)
    assert not progress.broken


def test_progress_rises_and_ends_at_one(stage: Stage, tmp_path: Path) -> None:
    stage.simple()
    heard: list[tuple[float, str]] = []
    stage.backend.render(tmp_path / "render.png", TINY, lambda fraction, message: heard.append((fraction, message)))
    fractions = [fraction for fraction, _ in heard]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert len(heard) > 10
    assert all(message for _, message in heard)


def test_no_camera_is_told_and_no_handler_is_left(stage: Stage, tmp_path: Path) -> None:
    handlers = len(bpy.app.handlers.render_stats)
    stage.simple()
    bpy.data.objects.remove(bpy.context.scene.camera)
    with pytest.raises(StageFailed, match="no camera"):
        stage.render(tmp_path / "render.png")
    assert len(bpy.app.handlers.render_stats) == handlers


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_picture(stage: Stage, tmp_path: Path) -> None:
    stage.simple()
    first = stage.render(tmp_path / "first.png").read_bytes()
    stage.backend.reset()
    stage.simple()
    assert stage.render(tmp_path / "second.png").read_bytes() == first
    stage.backend.stage(stage.plan, stage.layout, TINY.model_copy(update={"seed": 7}))
    assert pixels(stage.render(tmp_path / "third.png")) != pixels(tmp_path / "first.png")


def test_the_saved_file_renders_the_same_picture(stage: Stage, tmp_path: Path) -> None:
    stage.simple(environment={"kind": "outdoor"})
    stage.backend.save(tmp_path / "scene.blend")
    stage.render(tmp_path / "first.png")
    stage.backend.open(tmp_path / "scene.blend")
    bpy.context.scene.render.filepath = str(tmp_path / "again.png")
    bpy.ops.render.render(write_still=True)
    assert pixels(tmp_path / "again.png") == pixels(tmp_path / "first.png")


def test_options_decide_size_and_samples(stage: Stage) -> None:
    stage.simple(Options(preset="final"))
    scene = bpy.context.scene
    assert (scene.render.resolution_x, scene.render.resolution_y) == (1920, 1080)
    assert scene.cycles.samples >= 128
    stage.backend.stage(stage.plan, stage.layout, Options(preset="draft", resolution=(200, 100), samples=3, seed=5))
    assert (scene.render.resolution_x, scene.render.resolution_y) == (200, 100)
    assert (scene.cycles.samples, scene.cycles.seed) == (3, 5)


def test_a_gpu_that_is_not_there_is_a_warning(stage: Stage) -> None:
    warnings = stage.simple(Options(resolution=(64, 64), device="gpu"))
    has_gpu = len(stage.backend.info().devices) > 1
    assert bpy.context.scene.cycles.device == ("GPU" if has_gpu else "CPU")
    assert any("no GPU" in warning for warning in warnings) is not has_gpu


def test_unknown_materials_are_told(stage: Stage) -> None:
    warnings = stage.make([stage.ball(material="unobtainium")], [stage.place("sphere", 0, 0, 1)])
    assert any("unobtainium" in warning for warning in warnings)
