"""The bytes of a GLB: buffer views and accessors, each held to its bounds before anything is read. Any thread."""

import struct
import sys
from array import array
from collections.abc import Mapping, Sequence
from typing import Any

from .bounds import MAX_FACES, MAX_POINTS, Box, box_of
from .problem import FileProblem

__all__ = ["Buffers"]

_BYTES = {5120: 1, 5121: 1, 5122: 2, 5123: 2, 5125: 4, 5126: 4}
_CODES = {5120: "b", 5121: "B", 5122: "h", 5123: "H", 5125: "I", 5126: "f"}
_PARTS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
_FLOAT = 5126
_ZEROS_MAX = 3 * MAX_FACES


class Buffers:
    """What a description's numbers lead to. Raises ``FileProblem``; ``KeyError`` and the like for what is missing."""

    def __init__(self, document: Mapping[str, Any], binary: bytes) -> None:
        self._views = document.get("bufferViews", [])
        self._accessors = document.get("accessors", [])
        sizes = [_count(item["byteLength"]) for item in document.get("buffers", [])]
        if sizes and sizes[0] > len(binary):
            raise FileProblem("ends too early: its data is shorter than it says")
        self._binary = binary[: sizes[0]] if sizes else b""
        # Many meshes may name the same data, which is looked at once.
        self._checked: set[int] = set()
        self._boxes: dict[int, Box] = {}
        self._highest: dict[int, int] = {}
        for index in range(len(self._views)):
            self.view(index)
        for index in range(len(self._accessors)):
            self._check(index)

    def view(self, index: int) -> bytes:
        """The bytes of a view."""
        view = self._views[_count(index)]
        start, length = _count(view.get("byteOffset", 0)), _count(view["byteLength"])
        if view["buffer"] != 0 or length == 0 or start + length > len(self._binary):
            raise FileProblem("has a view beyond its data")
        return self._binary[start : start + length]

    def box(self, index: int) -> Box:
        """The box around an accessor's points."""
        if index in self._boxes:
            return self._boxes[index]
        accessor = self._accessors[_count(index)]
        if accessor["type"] != "VEC3" or accessor["componentType"] != _FLOAT:
            raise FileProblem("has points that are not three floats each: export it without quantization")
        if _count(accessor["count"]) > MAX_POINTS:
            raise FileProblem(f"has more than {MAX_POINTS} points in one mesh")
        self._boxes[index] = box_of(self._values(index))
        return self._boxes[index]

    def points(self, index: int) -> int:
        """How many elements an accessor has."""
        return _count(self._accessors[_count(index)]["count"])

    def check_indices(self, index: int, points: int) -> int:
        """How many there are; each must name one of ``points``."""
        accessor = self._accessors[_count(index)]
        if accessor["type"] != "SCALAR" or accessor["componentType"] not in (5121, 5123, 5125):
            raise FileProblem("has indices that are not whole numbers")
        if _count(accessor["count"]) > 3 * MAX_FACES:
            raise FileProblem(f"has more than {MAX_FACES} faces in one mesh")
        if index not in self._highest:
            self._highest[index] = max(self._values(index))
        if self._highest[index] >= points:
            raise FileProblem("has a face that names a point that is not there")
        return _count(accessor["count"])

    def check_finite(self, index: int, count: int) -> None:
        """Another attribute of ``count`` points: as many, and numbers."""
        accessor = self._accessors[_count(index)]
        if _count(accessor["count"]) != count:
            raise FileProblem("has points whose normals, colours or the like are not as many as they")
        if accessor["componentType"] == _FLOAT and index not in self._checked:
            self._checked.add(index)
            values = self._values(index)
            box_of([*values, *([0.0] * (-len(values) % 3))])

    def _check(self, index: int) -> None:
        accessor = self._accessors[index]
        count = _count(accessor["count"])
        if "bufferView" in accessor:
            self._place(accessor, count, _PARTS[accessor["type"]], accessor["componentType"])
        elif count > _ZEROS_MAX:
            # Without data it is all zeros, and costs the file nothing.
            raise FileProblem("has more numbers than are taken")
        sparse = accessor.get("sparse")
        if sparse is not None:
            changed = _count(sparse["count"])
            self._place(sparse["values"], changed, _PARTS[accessor["type"]], accessor["componentType"])
            if max(self._read(sparse["indices"], changed, 1, sparse["indices"]["componentType"])) >= count:
                raise FileProblem("has sparse data for what is not there")

    def _place(self, owner: Mapping[str, Any], count: int, parts: int, kind: int) -> tuple[int, int]:
        """Where an accessor's data starts, and its stride; all of ``count`` elements lie in its view."""
        size = parts * _BYTES[kind]
        view = self._views[_count(owner["bufferView"])]
        offset = _count(owner.get("byteOffset", 0))
        stride = _count(view.get("byteStride", size))
        if count == 0 or stride < size or offset + stride * (count - 1) + size > view["byteLength"]:
            raise FileProblem("has data that is longer than its place")
        return _count(view.get("byteOffset", 0)) + offset, stride

    def _read(self, owner: Mapping[str, Any], count: int, parts: int, kind: int) -> "array[Any]":
        start, stride = self._place(owner, count, parts, kind)
        code = _CODES[kind]
        if stride == parts * _BYTES[kind]:
            values = array(code, self._binary[start : start + count * stride])
            if sys.byteorder == "big":
                values.byteswap()
            return values
        element = struct.Struct(f"<{parts}{code}")
        values = array(code)
        for at in range(start, start + count * stride, stride):
            values.extend(element.unpack_from(self._binary, at))
        return values

    def _values(self, index: int) -> Sequence[Any]:
        """All numbers that an accessor may show: its own, and those that replace some of them."""
        accessor = self._accessors[index]
        parts, kind, count = _PARTS[accessor["type"]], accessor["componentType"], _count(accessor["count"])
        if "bufferView" in accessor:
            values = self._read(accessor, count, parts, kind)
        else:
            values = array(_CODES[kind], bytes(parts * _BYTES[kind]))
        if "sparse" in accessor:
            sparse = accessor["sparse"]
            values.extend(self._read(sparse["values"], _count(sparse["count"]), parts, kind))
        return values


def _count(value: Any) -> int:
    """A number that counts or names something. ``TypeError`` for anything else."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31:
        raise TypeError("no count")
    return value
