"""A recipe in one form → its parts' meshes, placed and fitted to the recipe's size. Main thread.

The result is arrays only, kept for a while by recipe and form, because one picture often shows a thing many times.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...catalogue import Chosen
from ...models.lines import in_lines
from ...models.parts import Array, Blend, Part, TextSolid
from ...models.recipe import Recipe
from . import solids, sweeps
from .blends import blend
from .booleans import cut_away
from .deform import deformed
from .lettering import letters
from .mesh_data import Floats, MeshData, join, rotation_matrix
from .mould import moulded
from .posing import Skeleton

__all__ = ["Assembly", "Piece", "assemble"]

_KEPT = 64
_WEIGHT = 0.02
"""By how much the strokes of words on things grow on each side, as a share of a capital's height."""
_cache: OrderedDict[tuple[object, ...], tuple[Recipe, "Assembly"]] = OrderedDict()
_KEPT_UNPOSED = 6
_unposed_cache: OrderedDict[tuple[object, ...], tuple[Recipe, "_Made"]] = OrderedDict()


_Made = list[tuple[Part, MeshData]]


@dataclass(frozen=True)
class Piece:
    """A finished part: its mesh in the thing's axes, metres."""

    name: str
    slot: str
    mesh: MeshData
    flat: bool
    sharp_angle: float


@dataclass(frozen=True)
class Assembly:
    """A finished thing. ``natural`` is its size before it was fitted, which tells how much the fit stretched it."""

    pieces: tuple[Piece, ...]
    natural: tuple[float, float, float]


def assemble(form: Chosen) -> Assembly:
    """All parts of a recipe in this form, standing on z = 0, centred, exactly of the form's size.

    Raises ``ValueError`` that names the recipe and part where a shape cannot be made.
    """
    key = (id(form.recipe), *form.key)
    kept = _cache.get(key)
    # The recipe is kept with its parts, so that its id cannot become another's.
    if kept is not None and kept[0] is form.recipe:
        _cache.move_to_end(key)
        return kept[1]
    made = _posed(form)
    assembly = _fitted(form, made, [mesh.bounds() for _, mesh in _body(form, made)])
    _cache[key] = (form.recipe, assembly)
    while len(_cache) > _KEPT:
        _cache.popitem(last=False)
    return assembly


def _body(form: Chosen, made: _Made) -> _Made:
    """The parts of the same form with nothing on: clothes leave a body as large as it is."""
    bare = replace(form, worn=frozenset())
    own = {id(part) for part in bare.parts() if not part.cutter}
    shown = [(part, mesh) for part, mesh in made if id(part) in own]
    return shown if len(shown) == len(own) else _posed(bare)


def _posed(form: Chosen) -> _Made:
    pose = form.recipe.poses.get(form.pose) if form.pose else None
    if pose is None or not (pose.turn or any(pose.rotate)):
        return _Workshop(form).run()
    skeleton = Skeleton(form.recipe.joints, pose)
    return [(part, mesh.moved(skeleton.moved(mesh.points, part.joint, part.apart))) for part, mesh in _unposed(form)]


def _unposed(form: Chosen) -> _Made:
    """The parts before a pose turns them, which poses have in common where they do not differ otherwise."""
    parts = tuple(part.name for part in form.parts())
    key = (id(form.recipe), form.variant, parts, tuple(sorted(form.values.items())))
    kept = _unposed_cache.get(key)
    if kept is not None and kept[0] is form.recipe:
        return kept[1]
    made = _Workshop(form).run()
    _unposed_cache[key] = (form.recipe, made)
    while len(_unposed_cache) > _KEPT_UNPOSED:
        _unposed_cache.popitem(last=False)
    return made


class _Workshop:
    """Parts so far, for those that refer to earlier ones."""

    def __init__(self, form: Chosen) -> None:
        self.form = form
        self.parts: dict[str, Part] = {}
        self.boxes: dict[str, tuple[Floats, Floats, Floats]] = {}
        self.cutters: dict[str, MeshData] = {}

    def run(self) -> _Made:
        parts = self.form.parts()
        # Cutters may come after what they cut: a hole is described where it is made.
        for part in parts:
            if part.cutter:
                self.cutters[part.name] = self._made(part)
        return [(part, self._made(part)) for part in parts if not part.cutter]

    def _made(self, part: Part) -> MeshData:
        try:
            with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
                mesh = self._placed(part)
            if not len(mesh.counts) or not np.isfinite(mesh.points).all():
                # Blender's boolean never returns from a mesh that is not finite.
                raise ValueError("its numbers make no shape")
        except (ValueError, KeyError) as error:
            raise ValueError(f"recipe {self.form.recipe.name!r}, part {part.name!r}: {error}") from error
        if part.cut:
            mesh = cut_away(mesh, [self.cutters[name] for name in part.cut if name in self.cutters])
        for array in part.array:
            mesh = self._copies(mesh, array)
        for axis in part.mirror:
            sign = np.where(np.arange(3) == "xy".index(axis), -1.0, 1.0)
            mesh = join([mesh, mesh.moved(mesh.points * sign).flipped()])
        return mesh

    def _placed(self, part: Part) -> MeshData:
        mesh = deformed(self._shape(part), part, self.form)
        place = part
        if isinstance(part, Blend) and part.of is not None:
            place = self.parts[part.of]
        points = mesh.points - _pivot(place, mesh)
        points = points @ rotation_matrix(self.form.vector(place.rotate)).T
        at = np.array(self.form.vector(place.at))
        if place.to is not None:
            at = at + self._anchor(place.to)
        mesh = mesh.moved(points + at)
        self.parts[part.name] = part
        self.boxes[part.name] = (*mesh.bounds(), at)
        return mesh

    def _anchor(self, name: str) -> Floats:
        part, _, side = name.partition(".")
        low, high, origin = self.boxes[part]
        if side == "origin":
            return origin
        point = (low + high) / 2
        for word, axis, end in _SIDES:
            if side == word:
                point[axis] = (low, high)[end][axis]
        return point

    def _copies(self, mesh: MeshData, array: Array) -> MeshData:
        copies = []
        angle = self.form.number(array.angle)
        centre = np.array(self.form.vector(array.around))
        step = angle / array.count if abs(angle) >= 360 else angle / max(array.count - 1, 1)
        for i in range(array.count):
            points = mesh.points
            if array.axis is not None:
                turned = [step * i if axis == array.axis else 0.0 for axis in "xyz"]
                matrix = rotation_matrix((turned[0], turned[1], turned[2]))
                points = (points - centre) @ matrix.T + centre
            if array.offset is not None:
                points = points + np.array(self.form.vector(array.offset)) * i
            copies.append(mesh.moved(points))
        return join(copies)

    def _shape(self, part: Part) -> MeshData:
        if isinstance(part, Blend):
            source = self.parts[part.of] if part.of else None
            return blend(part, source if isinstance(source, Blend) else None, self.form)
        if isinstance(part, TextSolid):
            return _words(part, self.form)
        return _SHAPES[part.shape](part, self.form)


def _words(part: TextSolid, form: Chosen) -> MeshData:
    height, depth, bevel = (form.number(value) for value in (part.height, part.depth, part.bevel))
    own = letters(part.text, height, depth, bevel, _WEIGHT * height)
    if form.text is None or part.room is None:
        return own
    width, tall = (form.number(value) for value in part.room)
    asked = letters("\n".join(in_lines(form.text, width / tall)), height, depth, bevel, _WEIGHT * height)
    low, high = asked.bounds()
    scale = min(width / (high - low)[0], tall / (high - low)[2])
    # Bevels shrink with letters, but their thickness is the thing's.
    points = (asked.points - (low + high) / 2) * (scale, 1, scale)
    return asked.moved(points + np.mean(own.bounds(), axis=0))


_SHAPES: dict[str, Callable[[Any, Chosen], MeshData]] = {
    "box": solids.box,
    "cylinder": solids.cylinder,
    "cone": solids.cone,
    "sphere": solids.sphere,
    "torus": solids.torus,
    "capsule": solids.capsule,
    "lathe": solids.lathe,
    "extrude": sweeps.extrude,
    "tube": sweeps.tube,
    "hull": sweeps.hull,
}
_SIDES = (("left", 0, 0), ("right", 0, 1), ("front", 1, 0), ("back", 1, 1), ("bottom", 2, 0), ("top", 2, 1))
_CENTRED = {"box", "cylinder", "cone", "sphere", "torus", "capsule"}


def _pivot(part: Part, mesh: MeshData) -> Floats:
    pivot = part.pivot or ("center" if part.shape in _CENTRED else "origin")
    if pivot == "origin":
        return np.zeros(3)
    low, high = mesh.bounds()
    point = (low + high) / 2
    if pivot != "center":
        point[2] = low[2] if pivot == "bottom" else high[2]
    return point


def _fitted(form: Chosen, made: _Made, boxes: Sequence[tuple[Floats, Floats]]) -> Assembly:
    """``boxes``: of the parts that shall fill the form's size."""
    low = np.min([box[0] for box in boxes], axis=0)
    high = np.max([box[1] for box in boxes], axis=0)
    natural = high - low
    scale = np.array(form.size) / np.maximum(natural, 1e-9)
    base = np.array([(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, low[2]])
    meshes = [mesh.moved((mesh.points - base) * scale) for _, mesh in made]
    if form.mould is not None:
        meshes = moulded(meshes, form.mould, form.size)
    pieces = tuple(
        Piece(part.name, part.slot, mesh, part.flat, part.sharp_angle)
        for (part, _), mesh in zip(made, meshes, strict=True)
    )
    return Assembly(pieces, (float(natural[0]), float(natural[1]), float(natural[2])))
