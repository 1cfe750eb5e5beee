"""A z-buffer in numpy: which pixels triangles cover, and how close they are there. Pure; any thread.

Every pixel that a triangle touches counts, not only those whose middle it covers: a hair must not fall between pixels.
Closeness is a number that grows towards the camera and is linear in the picture (``view`` says which).
"""

from collections.abc import Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["Closeness", "Floats", "Ints", "draw", "quartered"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Closeness = NDArray[np.float32]

LARGEST = 32
"""Pixels: larger triangles are divided, so that what lies outside can be left out."""
_STEPS = np.array([2, 3, 4, 6, 8, 11, 16, 23, LARGEST])
_AT_ONCE = 1 << 16


def draw(buffer: Closeness, points: Floats, triangles: Ints, loose: Floats, *, edge: bool = False) -> None:
    """Draw into ``buffer`` (rows, columns), which holds the greatest closeness of each pixel so far.

    ``points`` (n, 3) are x and y in pixels from the lower left and closeness; ``triangles`` (m, 3) index them;
    ``loose`` (k, 3, 3) are further triangles. ``edge``: points outside are drawn at the edge, so that nothing is lost.
    """
    rows, columns = buffer.shape
    flat = buffer.reshape(-1)
    x, y = np.floor(points[:, 0]), np.floor(points[:, 1])
    if edge:
        x, y = np.clip(x, 0, columns - 1), np.clip(y, 0, rows - 1)
    inside = (x >= 0) & (x < columns) & (y >= 0) & (y < rows)
    index = y[inside].astype(np.int64) * columns + x[inside].astype(np.int64)
    np.maximum.at(flat, index, points[inside, 2].astype(np.float32))
    # The corners cover what is no larger than a pixel.
    wide = _extent(points[:, 0], triangles) > 1
    high = _extent(points[:, 1], triangles) > 1
    large = np.concatenate([points[triangles[wide | high]], loose])
    for some in _divided(large, rows, columns):
        for index, closeness in _samples(some, rows, columns):
            np.maximum.at(flat, index, closeness)


def quartered(triangles: Floats) -> Floats:
    """Each triangle (m, 3, 3) as four, through the middles of its sides."""
    a, b, c = triangles[:, 0], triangles[:, 1], triangles[:, 2]
    ab, bc, ca = (a + b) / 2, (b + c) / 2, (c + a) / 2
    parts = ((a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca))
    return np.concatenate([np.stack(part, axis=1) for part in parts])


def _extent(values: Floats, triangles: Ints) -> Floats:
    a, b, c = values[triangles[:, 0]], values[triangles[:, 1]], values[triangles[:, 2]]
    return np.asarray(np.maximum(np.maximum(a, b), c) - np.minimum(np.minimum(a, b), c))


def _divided(triangles: Floats, rows: int, columns: int) -> Iterator[Floats]:
    """Triangles that touch the picture, none larger than ``LARGEST``."""
    while len(triangles):
        low, high = triangles[:, :, :2].min(axis=1), triangles[:, :, :2].max(axis=1)
        triangles = triangles[np.all((high >= 0) & (low < (columns, rows)), axis=1)]
        size = np.ptp(triangles[:, :, :2], axis=1).max(axis=1) if len(triangles) else np.zeros(0)
        yield triangles[size <= LARGEST]
        triangles = quartered(triangles[size > LARGEST])


def _samples(triangles: Floats, rows: int, columns: int) -> Iterator[tuple[Ints, Closeness]]:
    """Pixels that the triangles touch, and their closeness at the pixels' middles."""
    size = np.ptp(triangles[:, :, :2], axis=1).max(axis=1) if len(triangles) else np.zeros(0)
    steps = _STEPS[np.searchsorted(_STEPS, np.clip(size, 2, LARGEST))]
    for step in np.unique(steps):
        chosen, grid = triangles[steps == step], _grid(int(step))
        each = max(1, _AT_ONCE // len(grid))
        for start in range(0, len(chosen), each):
            yield _pixels(chosen[start : start + each], grid, rows, columns)


def _pixels(some: Floats, grid: Closeness, rows: int, columns: int) -> tuple[Ints, Closeness]:
    small = some.astype(np.float32)
    # One product of two matrices for all of them: (places, 3) by (3, triangles).
    x, y, near = (grid @ small[:, :, axis].T for axis in range(3))
    column, row = np.floor(x), np.floor(y)
    slope = _slopes(some).astype(np.float32)
    near += slope[:, 0] * (column + 0.5 - x) + slope[:, 1] * (row + 0.5 - y)
    # Beyond its corners a triangle seen from the side would reach anywhere.
    np.clip(near, small[:, :, 2].min(axis=1), small[:, :, 2].max(axis=1), out=near)
    inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
    return (row * columns + column)[inside].astype(np.int64), near[inside]


def _slopes(some: Floats) -> Floats:
    """How closeness changes with a pixel to the right and up, (m, 2); nothing where the triangle is a line."""
    first, second = some[:, 1] - some[:, 0], some[:, 2] - some[:, 0]
    area = first[:, 0] * second[:, 1] - second[:, 0] * first[:, 1]
    safe = np.where(np.abs(area) > 1e-9, area, np.inf)
    right = (first[:, 2] * second[:, 1] - second[:, 2] * first[:, 1]) / safe
    up = (second[:, 2] * first[:, 0] - first[:, 2] * second[:, 0]) / safe
    return np.stack([right, up], axis=1)


@cache
def _grid(step: int) -> Closeness:
    """Barycentric places at every pixel or closer, corners among them (g, 3)."""
    pairs = [(i / step, j / step) for i in range(step + 1) for j in range(step + 1 - i)]
    return np.array([(1 - u - v, u, v) for u, v in pairs], dtype=np.float32)
