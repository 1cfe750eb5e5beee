"""A video from finished frames, through Blender's own encoder. Main thread."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import bpy

from ..models.errors import StageFailed
from ..worker.backend import Report
from .disk import writing_error

__all__ = ["can_encode", "encode"]


def can_encode() -> bool:
    """Whether this build can write video files."""
    return bool(getattr(bpy.app.build_options, "codec_ffmpeg", False))


def encode(frames: Sequence[Path], path: Path, size: tuple[int, int], frames_per_second: int, report: Report) -> None:
    """Write ``frames`` (PNG, all of ``size``) as MP4 with H.264 that browsers play. ``StageFailed`` when it cannot."""
    window_scene = bpy.context.scene
    scene: Any = bpy.data.scenes.new("Video")
    try:
        _strip(scene, frames)
        _format(scene, path, size, frames_per_second, len(frames))
        scene.render.engine = "BLENDER_WORKBENCH" if not hasattr(scene, "cycles") else "CYCLES"
        report(0.97, "Encoding the video")
        with bpy.context.temp_override(scene=scene):
            bpy.ops.render.render(animation=True, scene=scene.name)
    except RuntimeError as error:
        raise _failure(path) from error
    finally:
        images = [image for image in bpy.data.images if image.source == "SEQUENCE"]
        for image in images:
            bpy.data.images.remove(image)
        bpy.data.scenes.remove(scene)
    assert bpy.context.scene == window_scene
    if not path.is_file() or path.stat().st_size == 0:
        raise _failure(path)


def _failure(path: Path) -> Exception:
    return writing_error(path) or StageFailed("The frames could not be encoded as a video.", "video_failed")


def _strip(scene: Any, frames: Sequence[Path]) -> None:
    editor = scene.sequence_editor_create()
    # Sequences became strips in 4.4.
    strips = editor.strips if hasattr(editor, "strips") else editor.sequences
    strip = strips.new_image("Frames", str(frames[0]), channel=1, frame_start=1)
    for frame in frames[1:]:
        strip.elements.append(frame.name)


def _format(scene: Any, path: Path, size: tuple[int, int], frames_per_second: int, count: int) -> None:
    render = scene.render
    render.resolution_x, render.resolution_y, render.resolution_percentage = *size, 100
    render.fps, render.use_file_extension = frames_per_second, False
    scene.frame_start, scene.frame_end = 1, count
    render.filepath = str(path)
    render.use_sequencer, render.use_compositing = True, False
    # The frames are finished pictures: a second view transform would change them.
    scene.view_settings.view_transform = "Standard"
    image = render.image_settings
    if hasattr(image, "media_type"):
        image.media_type = "VIDEO"
    image.file_format = "FFMPEG"
    encoder = render.ffmpeg
    encoder.format, encoder.codec, encoder.audio_codec = "MPEG4", "H264", "NONE"
    encoder.constant_rate_factor, encoder.ffmpeg_preset, encoder.gopsize = "HIGH", "GOOD", 12
