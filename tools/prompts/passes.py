"""A pass of object indices and depths, exact in every pixel, and a small picture. Main thread.

One Cycles sample per pixel through a pixel filter of no width, every surface glowing in its object's index: about
0.2 s at 480 x 270. The scene in memory is spoilt by it; open the file again to go on.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from numpy.typing import NDArray

from .blend import Thing

__all__ = ["COLUMNS", "PICTURE_COLUMNS", "Passes", "render_passes", "render_picture"]

COLUMNS = 480
PICTURE_COLUMNS = 240
"""Colours are judged in a smaller picture: each of its pixels costs a hundred times one of a pass."""


@dataclass(frozen=True)
class Passes:
    """Object indices (0: none of a thing) and distances in metres (inf: nothing), rows from the top.

    ``through`` are the indices with everything clear taken away: what is seen through glass.
    """

    indices: NDArray[np.int32]
    depth: NDArray[np.float32]
    through: NDArray[np.int32]


def render_picture(scene: Any, columns: int = PICTURE_COLUMNS) -> NDArray[np.uint8]:
    """The scene as it is lit and seen, (rows, columns, 3) in display values, rows from the top."""
    scene.cycles.samples = 4
    _size(scene, columns)
    image = scene.render.image_settings
    image.file_format, image.color_mode, image.color_depth = "PNG", "RGB", "8"
    pixels = _rendered(scene, ".png")
    return np.asarray(np.clip(np.rint(pixels * 255), 0, 255), dtype=np.uint8)


def render_passes(scene: Any, things: list[Thing]) -> Passes:
    """The passes of the scene; its parts' object indices are those that ``read_things`` gave them."""
    _prepare(scene)
    indices, depth = _indices(scene)
    clear = {part.index for thing in things for part in thing.parts if part.surface.clear}
    through = indices
    if clear & set(np.unique(indices).tolist()):
        for one in scene.objects:
            if one.pass_index in clear:
                one.hide_render = True
        through, _ = _indices(scene)
    return Passes(indices, depth, through)


def _indices(scene: Any) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    pixels = _rendered(scene, ".exr")
    depth = np.where(pixels[..., 2] > 0.5, pixels[..., 1], np.inf)
    return np.rint(pixels[..., 0]).astype(np.int32), depth.astype(np.float32)


def _prepare(scene: Any) -> None:
    for one in scene.objects:
        if one.type in ("LIGHT", "VOLUME"):
            one.hide_render = True
    bpy.context.view_layer.material_override = _glowing()
    scene.world = None
    scene.camera.data.dof.use_dof = False
    scene.render.engine = "CYCLES"
    cycles = scene.cycles
    cycles.samples, cycles.max_bounces, cycles.use_denoising, cycles.use_adaptive_sampling = 1, 0, False, False
    cycles.pixel_filter_type, cycles.filter_width = "BOX", 0.01
    scene.render.film_transparent = True
    scene.render.use_motion_blur = scene.render.use_compositing = scene.render.use_sequencer = False
    settings = scene.view_settings
    settings.view_transform, settings.look, settings.exposure, settings.gamma = "Raw", "None", 0.0, 1.0
    settings.use_curve_mapping = False
    image = scene.render.image_settings
    image.file_format, image.color_depth, image.color_mode, image.exr_codec = "OPEN_EXR", "32", "RGB", "NONE"
    _size(scene, COLUMNS)


def _glowing() -> Any:
    """A material that shows (object index, distance along the view, 1)."""
    material: Any = bpy.data.materials.new("index")
    if material.node_tree is None:
        material.use_nodes = True
    tree = material.node_tree
    tree.nodes.clear()
    kinds = ("ShaderNodeObjectInfo", "ShaderNodeCameraData", "ShaderNodeCombineXYZ", "ShaderNodeEmission")
    info, camera, joined, light = (tree.nodes.new(kind) for kind in kinds)
    joined.inputs[2].default_value = 1.0
    output = tree.nodes.new("ShaderNodeOutputMaterial")
    tree.links.new(info.outputs["Object Index"], joined.inputs[0])
    tree.links.new(camera.outputs["View Z Depth"], joined.inputs[1])
    tree.links.new(joined.outputs[0], light.inputs["Color"])
    tree.links.new(light.outputs[0], output.inputs["Surface"])
    return material


def _size(scene: Any, columns: int) -> None:
    render = scene.render
    aspect = render.resolution_y / max(1, render.resolution_x)
    render.resolution_x, render.resolution_y, render.resolution_percentage = columns, round(columns * aspect), 100
    render.use_border = False


def _rendered(scene: Any, suffix: str) -> NDArray[np.float32]:
    """Render and read back: (rows, columns, 3), rows from the top."""
    render = scene.render
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"pass{suffix}"
        render.filepath = str(path)
        bpy.ops.render.render(write_still=True)
        image = bpy.data.images.load(str(path))
        image.colorspace_settings.name = "Non-Color"
        pixels = np.empty(render.resolution_x * render.resolution_y * 4, dtype=np.float32)
        image.pixels.foreach_get(pixels)
        bpy.data.images.remove(image)
    return pixels.reshape(render.resolution_y, render.resolution_x, 4)[::-1, :, :3]
