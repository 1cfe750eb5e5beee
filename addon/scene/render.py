"""Rendering one picture, with progress as a heartbeat and proof that it was finished. Main thread.

The render_stats handler is called on Cycles' thread; it only parses text and reports.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import bpy

from ..models.errors import StageFailed
from ..worker.backend import Report
from .context import current_scene
from .disk import writing_error
from .pictures import is_whole_png, strip_texts

__all__ = ["Progress", "parse_samples", "render_picture", "watched"]

SAMPLE = re.compile(r"\bSample (\d+)/(\d+)")
TILES = re.compile(r"\bRendered (\d+)/(\d+) Tiles")


def parse_samples(line: str) -> float | None:
    """Fraction 0..1 in a line of render statistics; ``None`` where it tells none."""
    sample, tiles = SAMPLE.search(line), TILES.search(line)
    done = int(sample[1]) / max(1, int(sample[2])) if sample else None
    if tiles is None:
        return done
    return min(1.0, (int(tiles[1]) + (done or 0.0)) / max(1, int(tiles[2])))


class Progress:
    """What the statistics said so far. ``broken`` tells that the render ended before its last sample."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.fraction = 0.0
        self.counted = False
        self.finished = False

    def __call__(self, *arguments: Any) -> None:
        """The render_stats handler: (statistics, None)."""
        line = str(arguments[0]) if arguments else ""
        done = parse_samples(line)
        if done is not None:
            self.counted = True
            self.fraction = done
        if line.rstrip().endswith("| Finished") or line.strip() == "Finished":
            self.finished = True
        self.report(min(1.0, self.fraction), line.rsplit("|", 1)[-1].strip() or "Rendering")

    @property
    def broken(self) -> bool:
        """Whether samples were counted and neither the last one nor the end was seen."""
        return self.counted and not (self.finished or self.fraction >= 1.0)


@contextmanager
def watched(report: Report) -> Iterator[Progress]:
    """Report render statistics while the block runs; the handler is gone afterwards in any case."""
    progress = Progress(report)
    handlers: Any = bpy.app.handlers.render_stats
    handlers.append(progress)
    try:
        yield progress
    finally:
        handlers.remove(progress)


def render_picture(path: Path, report: Report) -> None:
    """Render the scene's current frame to a PNG at ``path``.

    Raises ``StageFailed`` that says in a sentence why it could not, ``OSError`` when the disk is full or refuses.
    """
    scene = current_scene()
    if scene.camera is None:
        raise StageFailed("The scene has no camera to render from.", "render_failed")
    image, before = scene.render.image_settings, scene.render.filepath
    if hasattr(image, "media_type"):
        image.media_type = "IMAGE"
    image.file_format, image.color_mode, image.color_depth = "PNG", "RGB", "8"
    image.compression = 15
    scene.render.use_file_extension = True
    scene.render.filepath = str(path)
    path.unlink(missing_ok=True)
    try:
        with watched(report) as progress:
            result: Any = bpy.ops.render.render(write_still=True)
    except RuntimeError as error:
        raise writing_error(path) or StageFailed(_reason(str(error)), "render_failed") from error
    finally:
        scene.render.filepath = before
    if "FINISHED" not in result or progress.broken:
        raise StageFailed("The render was broken off before its last sample.", "render_interrupted")
    if not is_whole_png(path):
        raise writing_error(path) or StageFailed("Blender could not write the picture.", "render_not_written")
    strip_texts(path)


def _reason(text: str) -> str:
    """A sentence for a person from what Blender says."""
    lower = text.lower()
    if "out of memory" in lower or "system is out of" in lower:
        return "The render ran out of memory; a smaller resolution needs less."
    if "denois" in lower:
        return "The denoiser could not run in this Blender."
    if "engine" in lower or "gpu" in lower or "opengl" in lower:
        return "The render engine cannot run on this machine."
    return "Blender could not render the scene."
