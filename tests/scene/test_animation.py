"""The turntable: frames that are kept, a video that plays, a scene left as it was."""

from pathlib import Path

import bpy

from addon.models.session import Options

from .conftest import Stage
from .pixels import pixels

OPTIONS = Options(resolution=(160, 90), samples=2, frames=4)


def test_frames_and_video_are_made_and_kept(stage: Stage, tmp_path: Path) -> None:
    stage.make(
        [stage.ball(color="#d02020")],
        [stage.place("sphere", 0.8, 0, 1)],
        options=OPTIONS,
        environment={"kind": "indoor"},
    )
    camera = [tuple(row) for row in bpy.context.scene.camera.matrix_world]
    heard: list[float] = []
    made = stage.backend.animate(stage.plan, stage.layout, OPTIONS, tmp_path, lambda share, _: heard.append(share))
    names = [path.name for path in made]
    assert names == ["frame_0001.png", "frame_0002.png", "frame_0003.png", "frame_0004.png", "animation.mp4"]
    assert heard == sorted(heard) and heard[-1] == 1.0
    assert len({pixels(path) for path in made[:4]}) == 4
    assert made[4].read_bytes()[4:8] == b"ftyp"
    bpy.context.view_layer.update()
    after = [tuple(row) for row in bpy.context.scene.camera.matrix_world]
    assert all(abs(a - b) < 1e-4 for old, new in zip(camera, after, strict=True) for a, b in zip(old, new, strict=True))
    assert [scene.name for scene in bpy.data.scenes] == [bpy.context.scene.name]


def test_only_missing_and_damaged_frames_are_rendered_again(stage: Stage, tmp_path: Path) -> None:
    stage.simple(OPTIONS)
    made = stage.backend.animate(stage.plan, stage.layout, OPTIONS, tmp_path, lambda *_: None)
    first, second, third, _fourth, _video = made
    before = first.stat().st_mtime_ns
    good = second.read_bytes()
    second.write_bytes(good[: len(good) // 2])
    third.unlink()
    stage.backend.animate(stage.plan, stage.layout, OPTIONS, tmp_path, lambda *_: None)
    assert first.stat().st_mtime_ns == before
    assert second.read_bytes() == good
    assert third.exists()
