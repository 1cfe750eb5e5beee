"""Smooth unions of ellipsoids and limbs: a distance field on a grid, and the surface where it is zero.

Distances of ellipsoids are the usual first-order estimate; the union is the quadratic smooth minimum; the surface
comes from naive surface nets (one vertex for each cell the surface passes through). Main thread (numpy only).
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ...catalogue import Chosen
from ...models.parts import Ball, Blend, Limb
from .mesh_data import Floats, MeshData, rotation_matrix
from .outlines import smooth_curve
from .surface_nets import surface_nets

__all__ = ["blend"]

_FAR = 1e3


@dataclass(frozen=True)
class _Element:
    """One solid of the field: its box, how softly it joins, and its distance at points (…, 3 arrays)."""

    low: Floats
    high: Floats
    softness: float
    cut: bool
    distance: Callable[[Floats, Floats, Floats], Floats]


def blend(part: Blend, source: Blend | None, form: Chosen) -> MeshData:
    """The blend's surface, where its numbers say; ``source``: the blend that ``of`` names. ``ValueError`` if empty."""
    softness = form.number(part.blend)
    elements = _elements(part, form, softness)
    if source is not None:
        elements = _elements(source, form, form.number(source.blend)) + elements
    region = [item for ball in part.within for item in _ball(ball, form, 0.0, symmetric=part.symmetric)]
    inflate = form.number(part.inflate)
    solid = [element for element in elements if not element.cut]
    if not solid:
        raise ValueError(f"part {part.name!r}: a blend needs at least one ball or limb that is not cut")
    bounded = region or solid
    low = np.min([element.low for element in bounded], axis=0) - inflate
    high = np.max([element.high for element in bounded], axis=0) + inflate
    if region:
        low = np.maximum(low, np.min([element.low for element in solid], axis=0) - inflate - softness)
        high = np.minimum(high, np.max([element.high for element in solid], axis=0) + inflate + softness)
    cell = float((high - low).max()) / part.resolution
    # Two cells of air all round, and a grid that lies evenly about the middle plane for symmetric things.
    counts = np.ceil((high - low) / cell).astype(int) + 5
    start = (low + high) / 2 - (counts - 1) * cell / 2
    # Off the round numbers that people write: a grid point that lies on the surface makes faces without area.
    start = start - cell * np.array([0, 0.31, 0.17])
    axes = [start[axis] + cell * np.arange(counts[axis]) for axis in range(3)]
    field = _field(elements, axes, cell) - inflate
    if region:
        field = np.maximum(field, _field(region, axes, cell))
    return surface_nets(field, start, cell)


def _elements(part: Blend, form: Chosen, softness: float) -> list[_Element]:
    elements = []
    for ball in part.balls:
        elements += _ball(ball, form, softness, symmetric=part.symmetric)
    for limb in part.limbs:
        elements += _limb(limb, form, softness, symmetric=part.symmetric)
    # Cuts come last: what is cut away stays away.
    return sorted(elements, key=lambda element: element.cut)


def _ball(ball: Ball, form: Chosen, softness: float, *, symmetric: bool) -> list[_Element]:
    centre, radii = np.array(form.vector(ball.at)), np.maximum(np.array(form.vector(ball.r)), 1e-4)
    own = softness if ball.blend is None else form.number(ball.blend)
    out = []
    both = symmetric and ball.mirror and abs(centre[0]) > 1e-9
    for sign in (1, -1) if both else (1,):
        flip = np.array([sign, 1, 1])
        x, y, z = form.vector(ball.rotate)
        turn = rotation_matrix((x, y * sign, z * sign))
        reach = np.sqrt(((turn * radii) ** 2).sum(axis=1))
        middle = centre * flip
        out.append(_Element(middle - reach, middle + reach, own, ball.cut, _ellipsoid(middle, radii, turn)))
    return out


def _ellipsoid(centre: Floats, radii: Floats, turn: Floats) -> Callable[[Floats, Floats, Floats], Floats]:
    def distance(x: Floats, y: Floats, z: Floats) -> Floats:
        x, y, z = x - centre[0], y - centre[1], z - centre[2]
        k0: Floats | float = 0.0
        k1: Floats | float = 0.0
        for axis in range(3):
            local = (turn[0, axis] * x + turn[1, axis] * y + turn[2, axis] * z) / radii[axis]
            k0 = k0 + local**2
            k1 = k1 + (local / radii[axis]) ** 2
        length = np.sqrt(k0)
        return np.asarray(length * (length - 1) / np.maximum(np.sqrt(k1), 1e-9))

    return distance


def _limb(limb: Limb, form: Chosen, softness: float, *, symmetric: bool) -> list[_Element]:
    path = np.array([[form.number(value) for value in point] for point in limb.path])
    if len(path) > 2:
        path = smooth_curve(path, steps=3)
    own = softness if limb.blend is None else form.number(limb.blend)
    out = []
    for sign in (1, -1) if symmetric and limb.mirror and np.abs(path[:, 0]).max() > 1e-9 else (1,):
        points: Floats = path * np.array([sign, 1.0, 1.0, 1.0])
        low = (points[:, :3] - points[:, 3:]).min(axis=0)
        high = (points[:, :3] + points[:, 3:]).max(axis=0)
        out.append(_Element(low, high, own, limb.cut, _chain(points)))
    return out


def _chain(points: Floats) -> Callable[[Floats, Floats, Floats], Floats]:
    def distance(x: Floats, y: Floats, z: Floats) -> Floats:
        nearest: Floats | None = None
        for (ax, ay, az, ar), (bx, by, bz, br) in pairwise(points):
            dx, dy, dz = bx - ax, by - ay, bz - az
            length = max(dx * dx + dy * dy + dz * dz, 1e-12)
            t = np.clip(((x - ax) * dx + (y - ay) * dy + (z - az) * dz) / length, 0, 1)
            away = np.sqrt((x - ax - t * dx) ** 2 + (y - ay - t * dy) ** 2 + (z - az - t * dz) ** 2)
            here = away - (ar + t * (br - ar))
            nearest = here if nearest is None else np.minimum(nearest, here)
        assert nearest is not None
        return nearest

    return distance


def _field(elements: list[_Element], axes: list[Floats], cell: float) -> Floats:
    """Signed distances on the grid, computed for each element only where it can matter."""
    field = np.full([len(axis) for axis in axes], _FAR)
    for element in elements:
        margin = element.softness + 2 * cell
        cut = [
            slice(int(np.searchsorted(axis, low - margin)), int(np.searchsorted(axis, high + margin)))
            for axis, low, high in zip(axes, element.low, element.high, strict=True)
        ]
        x, y, z = axes[0][cut[0], None, None], axes[1][None, cut[1], None], axes[2][None, None, cut[2]]
        there = field[cut[0], cut[1], cut[2]]
        if there.size == 0:
            continue
        new = element.distance(x, y, z)
        if element.cut:
            there[...] = -_smooth_minimum(-there, new, element.softness)
        else:
            there[...] = _smooth_minimum(there, new, element.softness)
    return field


def _smooth_minimum(a: Floats, b: Floats, softness: float) -> Floats:
    if softness <= 0:
        return np.minimum(a, b)
    overlap = np.maximum(softness - np.abs(a - b), 0) / softness
    return np.asarray(np.minimum(a, b) - overlap**2 * (softness / 4))
