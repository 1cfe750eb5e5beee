"""A picture behind everything: an upright sheet that fills the camera's view down to the ground. Main thread."""

from typing import Any

import bpy
from mathutils import Vector

from ...models.layout import Layout
from ...models.sources import PlacedPicture
from ..extent import extent_of
from ..graph import Graph
from ..ground import COLLECTION, PART
from .files import Files, upload_file
from .picture import load_picture, turned_uv

__all__ = ["build_backdrop", "fit_backdrop"]

_NAME = "Backdrop picture"
_BEHIND = 1.9
"""How far behind the scene's middle it stands, in radii of the scene: inside of a studio's bowl and a room's walls."""
_MARGIN = 1.04
_ASPECT, _ORIENTATION = "aspect", "orientation"


def build_backdrop(picture: PlacedPicture, files: Files) -> None:
    """The sheet with its picture; ``fit_backdrop`` gives it its place. Raises ``StageFailed``."""
    path = upload_file(files, picture.file)
    mesh: Any = bpy.data.meshes.new(_NAME)
    mesh.from_pydata([(-1, 0, 0), (1, 0, 0), (1, 0, 1), (-1, 0, 1)], [], [(0, 1, 2, 3)])
    mesh.uv_layers.new(name="UVMap")
    mesh.materials.append(_material(load_picture(path)))
    sheet: Any = bpy.data.objects.new(_NAME, mesh)
    sheet[PART] = "picture"
    sheet[_ASPECT], sheet[_ORIENTATION] = picture.aspect, picture.orientation
    # It is seen, and does nothing else to the light.
    sheet.visible_shadow = sheet.visible_diffuse = sheet.visible_glossy = False
    ground: Any = bpy.data.collections[COLLECTION]
    ground.objects.link(sheet)


def _material(image: Any) -> Any:
    """The picture as it is, whatever light falls on it."""
    material: Any = bpy.data.materials.new(_NAME)
    graph = Graph.of(material)
    texture = graph.add("TexImage", {"Vector": graph.add("UVMap", uv_map="UVMap").outputs[0]})
    texture.image, texture.extension = image, "EXTEND"
    glow = graph.add("Emission", {"Color": texture.outputs["Color"], "Strength": 1.0})
    graph.arrange(graph.add("OutputMaterial", {"Surface": glow.outputs[0]}))
    return material


def fit_backdrop(scene: Any, layout: Layout) -> None:
    """Stand the sheet, where there is one, behind everything and across the camera's view; cut, never stretched."""
    sheet: Any = bpy.data.objects.get(_NAME)
    if sheet is None:
        return
    extent, camera = extent_of(layout), scene.camera
    place = camera.matrix_world
    along: Any = place.to_3x3() @ Vector((0, 0, -1))
    along.z = 0
    along = along.normalized() if along.length > 1e-3 else Vector((0, 1, 0))
    right: Any = along.cross(Vector((0, 0, 1)))
    middle = Vector(extent.centre) + along * (_BEHIND * extent.radius)
    spots = [_where(place, corner, camera, middle, along) for corner in camera.data.view_frame(scene=scene)]
    across = [(spot - middle).dot(right) for spot in spots]
    heights = [spot.z for spot in spots]
    half = _MARGIN * max(map(abs, across))
    low = 0.0 if min(heights) < extent.low[2] else min(heights)
    high = low + _MARGIN * max(max(heights) - low, 0.3 * half)
    base = Vector((middle.x, middle.y, 0))
    corners = [
        base + right * (side * half) + Vector((0, 0, z)) for side, z in ((-1, low), (1, low), (1, high), (-1, high))
    ]
    for vertex, corner in zip(sheet.data.vertices, corners, strict=True):
        vertex.co = corner
    _cover(sheet, 2 * half / (high - low))


def _where(place: Any, corner: Vector, camera: Any, middle: Vector, along: Vector) -> Vector:
    """Where the line of sight through a corner of the picture meets the sheet."""
    seen = place @ corner
    eye = place.translation
    ray = seen - eye
    if camera.data.type == "ORTHO":
        eye, ray = seen, place.to_3x3() @ Vector((0, 0, -1))
    step = ray.dot(along)
    distance = (middle - eye).dot(along) / step if step > 1e-4 else 1e3
    return Vector(eye + ray * min(distance, 1e4))


def _cover(sheet: Any, aspect: float) -> None:
    """UVs that show as much of the picture as fits, cut evenly on both sides."""
    own = float(sheet[_ASPECT])
    across, up = min(1.0, aspect / own), min(1.0, own / aspect)
    layer = sheet.data.uv_layers["UVMap"]
    for index, (u, v) in enumerate(((0, 0), (1, 0), (1, 1), (0, 1))):
        at = (0.5 + (u - 0.5) * across, 0.5 + (v - 0.5) * up)
        layer.uv[index].vector = turned_uv(*at, int(sheet[_ORIENTATION]))
