"""What a GLB's scene shows: its nodes from the roots down, and the box around their meshes. Any thread."""

from array import array
from collections.abc import Mapping, Sequence
from typing import Any

from .bounds import MAX_FACES, Box, box_of, joined
from .glb_data import Buffers
from .problem import FileProblem

__all__ = ["scene_box"]

Matrix = Sequence[float]
"""Sixteen numbers, column after column, as glTF has them."""

_IDENTITY: Matrix = (1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1)
_DEPTH_MAX = 200
_TRIANGLES = 4


def scene_box(document: Mapping[str, Any], buffers: Buffers) -> Box:
    """The box around all meshes where their nodes put them. Raises ``FileProblem``."""
    meshes = [_mesh_box(mesh, buffers) for mesh in document.get("meshes", [])]
    nodes = document.get("nodes", [])
    boxes, shown = [], 0
    waiting = [(root, _IDENTITY, 0) for root in _roots(document, nodes)]
    seen: set[int] = set()
    while waiting:
        index, above, depth = waiting.pop()
        if index in seen or not 0 <= index < len(nodes):
            raise FileProblem("has nodes that are not a tree, or are not there")
        if depth > _DEPTH_MAX:
            raise FileProblem(f"has nodes more than {_DEPTH_MAX} deep")
        seen.add(index)
        node = nodes[index]
        here = _times(above, _matrix(node))
        if "mesh" in node:
            box, faces = meshes[node["mesh"]]
            shown += faces
            boxes.append(_moved(box, here))
        waiting.extend((child, here, depth + 1) for child in node.get("children", []))
    if not boxes:
        raise FileProblem("shows no mesh")
    if shown > MAX_FACES:
        raise FileProblem(f"shows {shown} triangles; at most {MAX_FACES} are taken")
    return joined(boxes)


def _roots(document: Mapping[str, Any], nodes: Sequence[Any]) -> list[int]:
    scenes = document.get("scenes", [])
    if scenes:
        return list(scenes[document.get("scene", 0)].get("nodes", []))
    children = {child for node in nodes for child in node.get("children", [])}
    return [index for index in range(len(nodes)) if index not in children]


def _mesh_box(mesh: Mapping[str, Any], buffers: Buffers) -> tuple[Box, int]:
    """The box around a mesh and how many triangles it has."""
    boxes, triangles = [], 0
    for primitive in mesh["primitives"]:
        attributes = primitive["attributes"]
        points = buffers.points(attributes["POSITION"])
        boxes.append(buffers.box(attributes["POSITION"]))
        for name, index in attributes.items():
            if name != "POSITION":
                buffers.check_finite(index, points)
        for target in primitive.get("targets", []):
            for index in target.values():
                buffers.check_finite(index, points)
        corners = buffers.check_indices(primitive["indices"], points) if "indices" in primitive else points
        triangles += corners // 3 if primitive.get("mode", _TRIANGLES) == _TRIANGLES else max(0, corners - 2)
    return joined(boxes), triangles


def _matrix(node: Mapping[str, Any]) -> Matrix:
    if "matrix" in node:
        return _numbers(node["matrix"], 16)
    x, y, z, w = _numbers(node.get("rotation", (0, 0, 0, 1)), 4)
    across, up, along = _numbers(node.get("scale", (1, 1, 1)), 3)
    at = _numbers(node.get("translation", (0, 0, 0)), 3)
    return (
        (1 - 2 * (y * y + z * z)) * across, 2 * (x * y + z * w) * across, 2 * (x * z - y * w) * across, 0,
        2 * (x * y - z * w) * up, (1 - 2 * (x * x + z * z)) * up, 2 * (y * z + x * w) * up, 0,
        2 * (x * z + y * w) * along, 2 * (y * z - x * w) * along, (1 - 2 * (x * x + y * y)) * along, 0,
        *at, 1,
    )  # fmt: skip


def _numbers(values: Any, count: int) -> Sequence[float]:
    numbers = array("d", values)
    if len(numbers) != count or not all(abs(number) < 1e9 for number in numbers):
        raise FileProblem("has a node that stands nowhere: its numbers are missing or not finite")
    return numbers


def _times(left: Matrix, right: Matrix) -> Matrix:
    return [sum(left[4 * k + row] * right[4 * column + k] for k in range(4)) for column in range(4) for row in range(4)]


def _moved(box: Box, matrix: Matrix) -> Box:
    corners = [(box[i & 1][0], box[i >> 1 & 1][1], box[i >> 2][2]) for i in range(8)]
    return box_of(
        [
            matrix[axis] * x + matrix[4 + axis] * y + matrix[8 + axis] * z + matrix[12 + axis]
            for x, y, z in corners
            for axis in range(3)
        ]
    )
