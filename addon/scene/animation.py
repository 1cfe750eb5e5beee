"""The animation stage: a turntable as frames that are kept when it is resumed, then a video. Main thread."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import bpy

from ..models.layout import Layout
from ..models.session import Options
from ..worker.backend import Report
from .context import current_scene, refresh
from .extent import extent_of
from .ground import open_walls
from .pictures import is_whole_png
from .render import render_picture
from .settings import resolution_of
from .video import can_encode, encode

__all__ = ["animate"]

FRAMES_PER_SECOND = 24
PIVOT = "Turntable"


def animate(layout: Layout, options: Options, folder: Path, report: Report) -> list[Path]:
    """Frames ``frame_0001.png`` … in ``folder``, and ``animation.mp4`` where this Blender can encode it.

    The turn stays in the scene as keyframes that begin with the picture's own view.
    """
    folder.mkdir(parents=True, exist_ok=True)
    scene = current_scene()
    _turn_camera(scene, layout, options.frames)
    made = []
    with _smaller(scene, options):
        for number in range(1, options.frames + 1):
            path = folder / f"frame_{number:04d}.png"
            start = (number - 1) / (options.frames + 1)
            if not is_whole_png(path):
                scene.frame_set(number)
                open_walls(scene)
                render_picture(path, _part(report, start, 1 / (options.frames + 1), f"Frame {number}"))
            report(number / (options.frames + 1), f"Frame {number} of {options.frames}")
            made.append(path)
        scene.frame_set(1)
        open_walls(scene)
        width, height = _half(resolution_of(options))
    if can_encode():
        video = folder / "animation.mp4"
        encode(made, video, (width, height), FRAMES_PER_SECOND, report)
        made.append(video)
    report(1.0, "Animated")
    return made


def _part(report: Report, start: float, share: float, what: str) -> Report:
    return lambda fraction, message: report(start + 0.99 * share * fraction, f"{what}: {message}")


def _half(resolution: tuple[int, int]) -> tuple[int, int]:
    """Half of each side, even, because H.264 has no odd ones."""
    width, height = (max(16, side // 4 * 2) for side in resolution)
    return width, height


@contextmanager
def _smaller(scene: Any, options: Options) -> Iterator[None]:
    """Half the size and a quarter of the samples while the block runs."""
    render, cycles = scene.render, scene.cycles
    before = render.resolution_x, render.resolution_y, cycles.samples
    render.resolution_x, render.resolution_y = _half(resolution_of(options))
    cycles.samples = max(4, before[2] // 4)
    try:
        yield
    finally:
        render.resolution_x, render.resolution_y, cycles.samples = before


def _turn_camera(scene: Any, layout: Layout, frames: int) -> None:
    """Parent the camera to a pivot that turns once around, seamlessly: the frame after the last is the first."""
    scene.frame_start, scene.frame_end = 1, frames
    scene.render.fps = FRAMES_PER_SECOND
    pivot = bpy.data.objects.get(PIVOT)
    if pivot is None:
        pivot = bpy.data.objects.new(PIVOT, None)
        scene.collection.objects.link(pivot)
    pivot.animation_data_clear()
    pivot.location, pivot.rotation_euler = extent_of(layout).centre, (0.0, 0.0, 0.0)
    camera = scene.camera
    scene.frame_set(1)
    refresh()
    if camera.parent != pivot:
        place = camera.matrix_world.copy()
        camera.parent = pivot
        camera.matrix_parent_inverse = pivot.matrix_world.inverted()
        camera.matrix_world = place
    for frame, turn in ((1, 0.0), (frames + 1, math.tau)):
        pivot.rotation_euler.z = turn
        pivot.keyframe_insert("rotation_euler", index=2, frame=frame)
    for point in _keys(pivot):
        point.interpolation = "LINEAR"


def _keys(thing: Any) -> Iterator[Any]:
    """Keyframes of an object; from 4.4 on they lie in the layers of a slotted action."""
    action = thing.animation_data.action
    if hasattr(action, "layers"):
        for layer in action.layers:
            for strip in layer.strips:
                bag = strip.channelbag(thing.animation_data.action_slot)
                for curve in bag.fcurves:
                    yield from curve.keyframe_points
        return
    for curve in action.fcurves:
        yield from curve.keyframe_points
