"""A picture on a thing: a net of points laid on its surface by rays, so that it follows every shape. Main thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import bpy
from mathutils import Vector
from mathutils.bvhtree import BVHTree

from ...models.sources import PlacedPicture
from ..context import refresh
from .files import Files, upload_file
from .picture import load_picture, picture_material, turned_uv

__all__ = ["lay_decal"]

_FINE, _COARSE = 48, 7
_SHARES = (0.62, 0.5, 0.36, 0.24)
_SPOTS = tuple((x, z) for z in (0.5, 0.6, 0.4, 0.72, 0.28) for x in (0.5, 0.42, 0.58, 0.34, 0.66))
"""Where its middle may be, as shares of the thing's width and height."""
_STEEP = 0.35
"""Least cosine between the view and the surface: what turns away further shows no picture."""
_JUMP = 0.12
"""How far neighbouring points may lie apart in depth, in widths of the decal: more is an edge."""
_LIFT = 0.0035
_FLAT = 0.35


@dataclass(frozen=True)
class _Side:
    """From where it is laid on: towards ``along``, with the picture's right and up. The thing's own axes."""

    along: Vector
    right: Vector
    up: Vector


_FRONT = _Side(Vector((0, 1, 0)), Vector((1, 0, 0)), Vector((0, 0, 1)))
_TOP = _Side(Vector((0, 0, -1)), Vector((1, 0, 0)), Vector((0, 1, 0)))


def lay_decal(picture: PlacedPicture, files: Files, roots: Sequence[Any]) -> bool:
    """Lay the picture on the front of each root's thing, or on its top where that is what one sees of it.

    False: there is no place on it that is even enough. Raises ``StageFailed`` where the picture cannot be read.
    """
    path = upload_file(files, picture.file)
    refresh()
    material: Any = None
    for root in roots:
        tree, low, high = _surface(root)
        found = _best_place(tree, low, high, picture.aspect)
        if found is None:
            return False
        material = material or picture_material(load_picture(path), f"Decal {path.stem}")
        mesh = _net(tree, found, picture, f"{root.name}.decal")
        mesh.materials.append(material)
        part: Any = bpy.data.objects.new(mesh.name, mesh)
        part.parent = root
        for collection in root.users_collection:
            collection.objects.link(part)
    return bool(roots)


def _surface(root: Any) -> tuple[Any, Vector, Vector]:
    """All faces below a root in its own axes, and the box around them."""
    back = root.matrix_world.inverted()
    points: list[Any] = []
    faces: list[tuple[int, ...]] = []
    for part in root.children_recursive:
        if part.type != "MESH":
            continue
        place, start = back @ part.matrix_world, len(points)
        points += [place @ vertex.co for vertex in part.data.vertices]
        faces += [tuple(index + start for index in face.vertices) for face in part.data.polygons]
    low = Vector([min(point[axis] for point in points) for axis in range(3)])
    high = Vector([max(point[axis] for point in points) for axis in range(3)])
    return BVHTree.FromPolygons(points, faces), low, high


@dataclass(frozen=True)
class _Place:
    side: _Side
    corner: Vector
    """Where the picture's lower left is, before the surface."""
    width: float
    height: float


def _best_place(tree: Any, low: Vector, high: Vector, aspect: float) -> _Place | None:
    """The largest even place near the middle of the front; of the top first where the thing is flat."""
    size = high - low
    flat = size.z < _FLAT * min(size.x, size.y)
    for side in (_TOP, _FRONT) if flat else (_FRONT, _TOP):
        for share in _SHARES:
            for spot in _SPOTS:
                place = _place(low, high, side, share, spot, aspect)
                if _is_even(tree, place):
                    return place
    return None


def _place(low: Vector, high: Vector, side: _Side, share: float, spot: tuple[float, float], aspect: float) -> _Place:
    size = high - low
    across, up = abs(size.dot(side.right)), abs(size.dot(side.up))
    width = min(share * across, share * up * aspect)
    middle = (low + high) / 2 + side.right * ((spot[0] - 0.5) * across) + side.up * ((spot[1] - 0.5) * up)
    # As far out as the box's face, and a little further.
    start = middle - side.along * (abs(size.dot(side.along)) * 0.5 + 0.01 * size.length)
    tall = width / aspect
    return _Place(side, start - side.right * (width / 2) - side.up * (tall / 2), width, tall)


def _hit(tree: Any, place: _Place, u: float, v: float) -> Any:
    """Where the surface is; None where there is none, or it turns away."""
    start = place.corner + place.side.right * (u * place.width) + place.side.up * (v * place.height)
    where, normal, _, _ = tree.ray_cast(start, place.side.along)
    if where is None or normal is None or -normal.dot(place.side.along) < _STEEP:
        return None
    return where


def _is_even(tree: Any, place: _Place) -> bool:
    steps = [step / (_COARSE - 1) for step in range(_COARSE)]
    net = [[_hit(tree, place, u, v) for u in steps] for v in steps]
    depths = [[None if point is None else point.dot(place.side.along) for point in row] for row in net]
    if any(depth is None for row in depths for depth in row):
        return False
    limit = 2.5 * _JUMP * place.width
    pairs = [(row[i], row[i + 1]) for row in depths for i in range(_COARSE - 1)]
    pairs += [(depths[j][i], depths[j + 1][i]) for j in range(_COARSE - 1) for i in range(_COARSE)]
    return all(abs(one - other) <= limit for one, other in pairs if one is not None and other is not None)


def _net(tree: Any, place: _Place, picture: PlacedPicture, name: str) -> Any:
    lift = place.side.along * (-_LIFT * max(place.width, place.height))
    points: list[Vector] = []
    coordinates: list[tuple[float, float]] = []
    index: dict[tuple[int, int], int] = {}
    for row in range(_FINE + 1):
        for column in range(_FINE + 1):
            u, v = column / _FINE, row / _FINE
            where = _hit(tree, place, u, v)
            if where is not None:
                index[column, row] = len(points)
                points.append(where + lift)
                coordinates.append(turned_uv(u, v, picture.orientation))
    faces = []
    for row in range(_FINE):
        for column in range(_FINE):
            corners = [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)]
            if all(corner in index for corner in corners):
                faces.append([index[corner] for corner in corners])
    mesh: Any = bpy.data.meshes.new(name)
    mesh.from_pydata([point[:] for point in points], [], faces)
    layer = mesh.uv_layers.new(name="UVMap")
    for loop in mesh.loops:
        layer.uv[loop.index].vector = coordinates[loop.vertex_index]
    mesh.shade_smooth()
    return mesh
