"""Shapes as grids of cells: triangles drawn flat, pieces, holes, outlines. Pure numbers; any thread."""

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

__all__ = ["Grid", "drawn", "holes", "hull", "hull_area", "pieces", "sides"]

Array = NDArray[np.float64]
Grid = NDArray[np.bool_]


def drawn(places: Array, faces: NDArray[np.int32], columns: int, rows: int) -> Grid:
    """The cells that triangles cover; ``places`` (n, 2) are in cells. Small ones count by their middle."""
    corners = places[faces]
    low, high = corners.min(axis=1), corners.max(axis=1)
    inside = np.all(np.isfinite(low), axis=1) & np.all(high >= 0, axis=1)
    inside &= (low[:, 0] <= columns) & (low[:, 1] <= rows)
    corners, extent = corners[inside], (high - low)[inside].max(axis=1) if inside.any() else np.zeros(0)
    picture = Image.new("1", (columns, rows))
    draw = ImageDraw.Draw(picture)
    for triangle in (corners[extent > 1.0] - 0.5).reshape(-1, 6).tolist():
        draw.polygon(triangle, fill=1)
    grid = np.array(picture, dtype=bool)
    spots = corners[extent <= 1.0].mean(axis=1)
    spots = spots[np.all((spots >= 0) & (spots < (columns, rows)), axis=1)].astype(int)
    grid[spots[:, 1], spots[:, 0]] = True
    return grid


def pieces(grid: Grid, least: int = 1) -> list[int]:
    """Sizes in cells of the separate pieces (eight neighbours), largest first, without those below ``least``."""
    return sorted((size for size, _ in _regions(grid, diagonal=True) if size >= least), reverse=True)


def holes(grid: Grid, least: int = 4) -> int:
    """How many separate openings of at least ``least`` cells one sees through."""
    return sum(size >= least and not edge for size, edge in _regions(~grid, diagonal=False))


def _regions(grid: Grid, diagonal: bool) -> list[tuple[int, bool]]:
    """Size and whether it reaches the grid's edge, of every connected region."""
    rows, columns = grid.shape
    left = grid.copy()
    steps = [(-1, 0), (1, 0), (0, -1), (0, 1)] + ([(-1, -1), (-1, 1), (1, -1), (1, 1)] if diagonal else [])
    found = []
    for start in map(tuple, np.argwhere(grid).tolist()):
        if not left[start]:
            continue
        left[start] = False
        waiting, size, edge = [start], 0, False
        while waiting:
            y, x = waiting.pop()
            size += 1
            edge |= y in (0, rows - 1) or x in (0, columns - 1)
            for dy, dx in steps:
                if 0 <= y + dy < rows and 0 <= x + dx < columns and left[y + dy, x + dx]:
                    left[y + dy, x + dx] = False
                    waiting.append((y + dy, x + dx))
        found.append((size, edge))
    return found


def hull(points: Array) -> Array:
    """The convex hull of points (n, 2), counter-clockwise."""
    ordered = sorted(map(tuple, np.unique(points.round(9), axis=0).tolist()))
    if len(ordered) < 3:
        return np.array(ordered)

    def chain(run: list[tuple[float, float]]) -> list[tuple[float, float]]:
        found: list[tuple[float, float]] = []
        for x, y in run:
            while len(found) > 1:
                (ax, ay), (bx, by) = found[-2], found[-1]
                if (bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0:
                    break
                found.pop()
            found.append((x, y))
        return found[:-1]

    return np.array(chain(ordered) + chain(ordered[::-1]))


def hull_area(outline: Array) -> float:
    """The area within a polygon."""
    if len(outline) < 3:
        return 0.0
    x, y = outline[:, 0], outline[:, 1]
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)


def sides(outline: Array, slack: float = 0.06) -> int:
    """How many corners a convex outline has when bends within ``slack`` of its size are straightened."""
    points = [tuple(point) for point in outline.tolist()]
    if len(points) < 3:
        return len(points)
    size = float(np.ptp(outline, axis=0).max())
    while len(points) > 3:
        # The corner whose loss changes the outline least goes first.
        costs = [_off(points[i - 1], points[i], points[(i + 1) % len(points)]) for i in range(len(points))]
        least = min(range(len(points)), key=costs.__getitem__)
        if costs[least] > slack * size:
            break
        points.pop(least)
    return len(points)


def _off(before: tuple[float, ...], point: tuple[float, ...], after: tuple[float, ...]) -> float:
    """How far a point is from the line between its neighbours."""
    dx, dy = after[0] - before[0], after[1] - before[1]
    length = math.hypot(dx, dy)
    if length == 0:
        return math.dist(before, point)
    return abs(dx * (point[1] - before[1]) - dy * (point[0] - before[0])) / length
