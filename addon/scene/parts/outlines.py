"""Curves through points: smooth ones, rounded corners, and SVG paths as polygons. Main thread (numpy only)."""

import math

import numpy as np

from ...formats.svg_path import path_lines
from .mesh_data import Floats

__all__ = ["area", "inset", "round_corners", "smooth_curve", "svg_outlines", "without_repeats"]


def without_repeats(points: Floats, *, closed: bool = False) -> Floats:
    """Without points that lie on the one before."""
    keep = np.ones(len(points), dtype=bool)
    keep[1:] = np.linalg.norm(np.diff(points, axis=0), axis=1) > 1e-7
    if closed and len(points) > 1 and np.linalg.norm(points[0] - points[-1]) < 1e-7:
        keep[-1] = False
    return np.asarray(points[keep])


def smooth_curve(points: Floats, *, closed: bool = False, steps: int = 6) -> Floats:
    """A centripetal Catmull-Rom curve through ``points`` (any number of columns); a point given twice is a corner."""
    pieces = _split_at_corners(points)
    if len(pieces) == 1 and closed:
        loop = without_repeats(points, closed=True)
        padded = np.concatenate([loop[-1:], loop, loop[:2]])
        return _through(padded, steps)[:-1]
    if closed:
        # The corner chain starts at its first point, which therefore is a corner as well.
        pieces[-1] = np.concatenate([pieces[-1], points[:1]])
    curves = []
    for piece in pieces:
        if len(piece) < 3:
            curves.append(piece)
            continue
        padded = np.concatenate([2 * piece[:1] - piece[1:2], piece, 2 * piece[-1:] - piece[-2:-1]])
        curves.append(_through(padded, steps))
    return without_repeats(np.concatenate(curves), closed=closed)


def _split_at_corners(points: Floats) -> list[Floats]:
    twice = np.flatnonzero(np.linalg.norm(np.diff(points, axis=0), axis=1) < 1e-9) + 1
    return [piece for piece in np.split(points, twice) if len(piece)]


def _through(padded: Floats, steps: int) -> Floats:
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    out = []
    for i in range(1, len(padded) - 2):
        p0, p1, p2, p3 = padded[i - 1 : i + 3]
        d1 = max(float(np.linalg.norm(p1 - p0)), 1e-9) ** 0.5
        d2 = max(float(np.linalg.norm(p2 - p1)), 1e-9) ** 0.5
        d3 = max(float(np.linalg.norm(p3 - p2)), 1e-9) ** 0.5
        m1 = d2 * ((p1 - p0) / d1**2 * d2 + (p2 - p1) / d2**2 * d1) / (d1 + d2) * d2
        m2 = d2 * ((p2 - p1) / d2**2 * d3 + (p3 - p2) / d3**2 * d2) / (d2 + d3) * d2
        h = (2 * t**3 - 3 * t**2 + 1, t**3 - 2 * t**2 + t, -2 * t**3 + 3 * t**2, t**3 - t**2)
        out.append(h[0] * p1 + h[1] * m1 + h[2] * p2 + h[3] * m2)
    out.append(padded[-2:-1])
    return np.concatenate(out)


def round_corners(points: Floats, radius: float, *, closed: bool = False, steps: int = 4) -> Floats:
    """A polyline (n, 2) with its corners rounded by arcs of ``radius``, less where an edge is too short for it."""
    points = without_repeats(points, closed=closed)
    if radius <= 0 or len(points) < 3:
        return points
    out: list[Floats] = []
    count = len(points)
    for i, corner in enumerate(points):
        if not closed and i in (0, count - 1):
            out.append(corner[None])
            continue
        before, after = points[i - 1] - corner, points[(i + 1) % count] - corner
        long_before, long_after = float(np.linalg.norm(before)), float(np.linalg.norm(after))
        before, after = before / long_before, after / long_after
        cosine = float(np.clip(before @ after, -1, 1))
        half = math.acos(cosine) / 2
        if half > math.radians(87) or half < math.radians(4):
            out.append(corner[None])
            continue
        # Neighbouring corners share an edge, so each may take a little less than half of it.
        reach = min(radius / math.tan(half), 0.49 * long_before, 0.49 * long_after)
        fillet = reach * math.tan(half)
        middle = corner + (before + after) / np.linalg.norm(before + after) * (fillet / math.sin(half))
        start, end = corner + before * reach - middle, corner + after * reach - middle
        turn = math.atan2(start[0] * end[1] - start[1] * end[0], float(start @ end))
        angles = np.linspace(0, turn, steps + 1)
        cos, sin = np.cos(angles), np.sin(angles)
        out.append(middle + np.stack([start[0] * cos - start[1] * sin, start[0] * sin + start[1] * cos], axis=1))
    return without_repeats(np.concatenate(out), closed=closed)


def area(outline: Floats) -> float:
    """Signed area of a closed polygon; positive when anticlockwise."""
    x, y = outline[:, 0], outline[:, 1]
    return float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y) / 2)


def inset(outline: Floats, distance: float) -> Floats:
    """An anticlockwise polygon moved inwards by ``distance`` (mitred, at most twice as far)."""
    if distance == 0:
        return outline
    edge = np.roll(outline, -1, axis=0) - outline
    edge /= np.maximum(np.linalg.norm(edge, axis=1, keepdims=True), 1e-12)
    normal = np.stack([-edge[:, 1], edge[:, 0]], axis=1)
    both = normal + np.roll(normal, 1, axis=0)
    scale = np.maximum((both**2).sum(axis=1, keepdims=True) / 2, 0.5)
    return np.asarray(outline + distance * both / scale)


def svg_outlines(path: str, steps: int = 8) -> list[Floats]:
    """The closed outlines of an SVG path, y turned upwards. Raises ``ValueError`` where it is none."""
    lines = [np.array(points, dtype=np.float64) for points, _ in path_lines(path, steps)]
    outlines = [without_repeats(line, closed=True) * (1, -1) for line in lines]
    return [outline for outline in outlines if len(outline) > 2]
