"""Outlines given thickness, tubes along paths, and convex hulls. Main thread: mathutils and bmesh."""

import bmesh
import numpy as np
from mathutils import Vector
from mathutils.geometry import delaunay_2d_cdt

from ...catalogue import Chosen
from ...models.parts import Extrude, Hull, Tube
from .mesh_data import Bools, Floats, Ints, MeshData, bridge_rings, join
from .outlines import area, inset, round_corners, smooth_curve, svg_outlines, without_repeats

__all__ = ["are_inside", "extrude", "hull", "solid_of_outlines", "tube", "welded"]

_BLOCK = 1_000_000
"""So many pairs of a point and an edge at once."""


def extrude(part: Extrude, form: Chosen) -> MeshData:
    """Outlines in x and z with thickness along y, bevelled; the middle of the thickness is y = 0."""
    return solid_of_outlines(_outlines(part, form), form.number(part.depth), form.number(part.bevel))


def solid_of_outlines(outlines: list[Floats], depth: float, bevel: float, weight: float = 0.0) -> MeshData:
    """Closed (x, z) outlines, any way round, those within others being holes, as a solid ``depth`` thick along y.

    ``weight`` moves every outline outwards, as far as it has room for.
    """
    turned = [outline if area(outline) > 0 else outline[::-1] for outline in outlines]
    meshes = []
    for outer, holes in _grouped(turned):
        loops = [outer, *(hole[::-1] for hole in holes)]
        meshes.append(_slab(_grown(loops, weight), depth, min(bevel, 0.499 * depth)))
    return join(meshes)


def _grown(loops: list[Floats], weight: float) -> list[Floats]:
    for share in (1, 0.6, 0.3) if weight > 0 else ():
        heavier = [inset(loop, -weight * share) for loop in loops]
        if _tessellated(heavier) is not None:
            return heavier
    return loops


def _outlines(part: Extrude, form: Chosen) -> list[Floats]:
    if part.path is not None:
        outlines = svg_outlines(part.path)
        if part.path_size is not None:
            every = np.concatenate(outlines)
            low, high = every.min(axis=0), every.max(axis=0)
            size = np.array([form.number(value) for value in part.path_size])
            outlines = [(outline - (low + high) / 2) * (size / (high - low)) for outline in outlines]
    else:
        given = [part.outline, *part.holes]
        outlines = [np.array([[form.number(x), form.number(z)] for x, z in points]) for points in given]
    if part.smooth:
        outlines = [smooth_curve(outline, closed=True) for outline in outlines]
    radius = form.number(part.round)
    return [round_corners(without_repeats(outline, closed=True), radius, closed=True) for outline in outlines]


def _grouped(outlines: list[Floats]) -> list[tuple[Floats, list[Floats]]]:
    """Outer outlines with the holes in them; what lies in a hole is an outer outline again."""
    groups: list[tuple[Floats, list[Floats]]] = []
    firsts = np.array([outline[0] for outline in outlines])
    within = [are_inside(firsts, other) for other in outlines]
    around = [
        [other for k, other in enumerate(outlines) if k != index and within[k][index]] for index in range(len(outlines))
    ]
    for outline, outside in zip(outlines, around, strict=True):
        if len(outside) % 2 == 0:
            groups.append((outline, []))
    for outline, outside in zip(outlines, around, strict=True):
        if len(outside) % 2:
            nearest = min(outside, key=lambda other: abs(area(other)))
            next(holes for outer, holes in groups if outer is nearest).append(outline)
    return groups


def are_inside(points: Floats, *outlines: Floats) -> Bools:
    """Which of ``points`` (n, 2) lie within an odd number of closed outlines (m, 2): (n,)."""
    starts = np.concatenate(outlines)
    ends = np.concatenate([np.roll(outline, -1, axis=0) for outline in outlines])
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = (ends[:, 0] - starts[:, 0]) / (ends[:, 1] - starts[:, 1])
    # In blocks: a logo of many thousand points would fill the memory with its square.
    block = max(1, _BLOCK // len(starts))
    inside = [_odd(points[k : k + block], starts, ends, slope) for k in range(0, len(points), block)]
    return np.concatenate([np.zeros(0, dtype=bool), *inside])


def _odd(points: Floats, starts: Floats, ends: Floats, slope: Floats) -> Bools:
    """Whether a ray to the right of each point crosses an odd number of edges."""
    x, y = points[:, :1], points[:, 1:]
    crosses = (starts[:, 1] > y) != (ends[:, 1] > y)
    with np.errstate(invalid="ignore"):
        right = starts[:, 0] + (y - starts[:, 1]) * slope > x
    return np.asarray(np.count_nonzero(crosses & right, axis=1) % 2 == 1)


def _slab(loops: list[Floats], depth: float, bevel: float) -> MeshData:
    """One outline with its holes, bevelled as far as the outline has room for."""
    for share in (1, 0.5, 0.25, 0):
        triangles = _tessellated([inset(loop, bevel * share) for loop in loops])
        if triangles is not None:
            return _walls_and_caps(loops, depth, bevel * share, triangles)
    raise ValueError("the outline crosses itself")


def _walls_and_caps(loops: list[Floats], depth: float, bevel: float, triangles: Ints) -> MeshData:
    arc = np.linspace(0, np.pi / 2, 4) if bevel > 0 else np.array([np.pi / 2])
    front = [(bevel * (1 - float(np.sin(a))), -depth / 2 + bevel * (1 - float(np.cos(a)))) for a in arc]
    layers = front + [(distance, -y) for distance, y in reversed(front)]
    pieces, caps, start = [], [], 0
    for loop in loops:
        rings = []
        for distance, y in layers:
            flat = inset(loop, distance)
            rings.append(np.stack([flat[:, 0], np.full(len(flat), y), flat[:, 1]], axis=1))
        pieces.append(bridge_rings(rings).flipped())
        caps.append((start + np.arange(len(loop)), start + (len(layers) - 1) * len(loop) + np.arange(len(loop))))
        start += len(loop) * len(layers)
    walls = join(pieces)
    first = np.concatenate([low for low, _ in caps])
    last = np.concatenate([high for _, high in caps])
    cap = np.concatenate([first[triangles], last[triangles[:, ::-1]]])
    corners = np.concatenate([walls.corners, cap.reshape(-1)])
    return MeshData(walls.points, corners, np.concatenate([walls.counts, np.full(len(cap), 3)])).outward()


def _tessellated(loops: list[Floats]) -> Ints | None:
    """Anticlockwise triangles over the points of an outline and its holes; None where lines cross."""
    flat = np.concatenate(loops)
    edges: list[tuple[int, int]] = []
    for loop in loops:
        first, count = len(edges), len(loop)
        edges += [(first + i, first + (i + 1) % count) for i in range(count)]
    inside = 1
    points, _, faces, origin, _, _ = delaunay_2d_cdt(
        [Vector(point) for point in flat.tolist()], edges, [], inside, 1e-9
    )
    if len(points) != len(flat) or any(len(where) != 1 for where in origin):
        return None
    triangles = np.array([[origin[index][0] for index in face] for face in faces], dtype=np.int64).reshape(-1, 3)
    # The triangulation fills holes; those triangles have an even number of lines around them.
    middles = flat[triangles].mean(axis=1)
    triangles = triangles[are_inside(middles, *loops)]
    a, b, c = (flat[triangles[:, k]] for k in range(3))
    cross = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    triangles[cross < 0] = triangles[cross < 0][:, ::-1]
    return triangles if len(triangles) == len(flat) + 2 * (len(loops) - 2) else None


def tube(part: Tube, form: Chosen) -> MeshData:
    """A tube along its path, ends rounded, or joined where ``closed``."""
    path = np.array([[form.number(value) for value in point] for point in part.path])
    if part.smooth and len(path) > 2:
        path = smooth_curve(path, closed=part.closed, steps=5)
    centre, radius = path[:, :3], np.maximum(path[:, 3], 0)
    along, side, up = _frames(centre, closed=part.closed)
    section = np.array([form.number(value) for value in part.section])
    angles = np.linspace(0, 2 * np.pi, part.sides, endpoint=False)
    circle = np.cos(angles)[:, None, None] * side * section[0] + np.sin(angles)[:, None, None] * up * section[1]
    rings = [centre[i] + circle[:, i] * radius[i] for i in range(len(centre))]
    if part.closed:
        return bridge_rings(rings, closed=True).outward()
    rings = [ring if radius[i] > 1e-6 else centre[i : i + 1] for i, ring in enumerate(rings)]
    steps = np.linspace(0, np.pi / 2, 5)[1:] if part.round_ends else np.array([np.pi / 2])
    bulge = float(min(section)) if part.round_ends else 0.0
    for end, sign in ((0, -1), (-1, 1)):
        if radius[end] <= 1e-6:
            continue
        caps = []
        for angle in steps:
            middle = centre[end] + along[end] * (sign * bulge * radius[end] * np.sin(angle))
            share = np.cos(angle)
            caps.append(middle + circle[:, end] * radius[end] * share if share > 1e-6 else middle[None])
        rings = caps[::-1] + rings if end == 0 else rings + caps
    return bridge_rings(rings).outward()


def _frames(centre: Floats, *, closed: bool) -> tuple[Floats, Floats, Floats]:
    """Tangents, and two directions across them that do not twist along the path."""
    along = np.roll(centre, -1, axis=0) - np.roll(centre, 1, axis=0) if closed else np.gradient(centre, axis=0)
    along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-12)
    # The reference is an axis far from the path's mean plane, so that `section` means the same all along it.
    spread = np.abs(along).sum(axis=0)
    reference = np.eye(3)[int(np.argmin(spread))]
    side = np.zeros_like(centre)
    previous = np.cross(along[0], reference)
    for i, tangent in enumerate(along):
        across = previous - tangent * float(previous @ tangent)
        side[i] = across / max(float(np.linalg.norm(across)), 1e-12)
        previous = side[i]
    return along, side, np.cross(along, side)


def hull(part: Hull, form: Chosen) -> MeshData:
    """The convex hull of points and spheres."""
    cloud: list[Floats] = []
    unit = _fibonacci_sphere(90)
    for given in part.points:
        values = np.array([form.number(value) for value in given])
        for sign in (1, -1) if part.mirrored and values[0] != 0 else (1,):
            centre: Floats = values[:3] * np.array([sign, 1.0, 1.0])
            cloud.append(centre + unit * values[3] if len(values) == 4 else centre[None])
    solid = bmesh.new()
    try:
        for point in np.concatenate(cloud):
            solid.verts.new(point)
        found = bmesh.ops.convex_hull(solid, input=solid.verts[:])
        unused = {item for key in ("geom_interior", "geom_unused") for item in found[key]}
        loose = [item for item in unused if isinstance(item, bmesh.types.BMVert) and item.is_valid]
        bmesh.ops.delete(solid, geom=loose, context="VERTS")
        bevel = form.number(part.bevel)
        if bevel > 0:
            bmesh.ops.dissolve_limit(solid, angle_limit=0.02, verts=solid.verts[:], edges=solid.edges[:])
            bmesh.ops.bevel(
                solid, geom=solid.edges[:], offset=bevel, segments=2, profile=0.5, affect="EDGES", clamp_overlap=True
            )
        return welded(solid, 1e-5).outward()
    finally:
        solid.free()


def welded(solid: bmesh.types.BMesh, distance: float) -> MeshData:
    """A bmesh as MeshData: near points merged, faces with more than four corners cut into triangles."""
    bmesh.ops.remove_doubles(solid, verts=solid.verts[:], dist=distance)
    bmesh.ops.triangulate(solid, faces=[face for face in solid.faces if len(face.verts) > 4])
    solid.verts.index_update()
    points = np.array([vertex.co[:] for vertex in solid.verts], dtype=np.float64)
    counts = np.array([len(face.verts) for face in solid.faces], dtype=np.int64)
    corners = np.array([vertex.index for face in solid.faces for vertex in face.verts], dtype=np.int64)
    return MeshData(points, corners, counts)


def _fibonacci_sphere(count: int) -> Floats:
    z = 1 - 2 * (np.arange(count) + 0.5) / count
    angle = np.arange(count) * np.pi * (3 - np.sqrt(5))
    radius = np.sqrt(1 - z**2)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle), z], axis=1)
