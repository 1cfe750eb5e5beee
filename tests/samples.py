"""Small files of every type that may be sent, made here: no artwork of others."""

import io
import json
import math
import struct
from collections.abc import Sequence

from PIL import Image, ImageDraw

__all__ = ["LOGO", "cube_points", "glb", "jpeg", "obj", "picture", "stl", "stl_text", "svg", "textured_glb", "webp"]

LOGO = """
<circle cx="100" cy="100" r="90" fill="#1e3a8a"/>
<path d="M100 30 L118 82 L172 82 L128 114 L145 166 L100 134 L55 166 L72 114 L28 82 L82 82 Z" fill="#fbbf24"/>
<path d="M60 180 A50 50 0 0 0 140 180" stroke="white" stroke-width="8" fill="none"/>
"""


def svg(body: str = LOGO, head: str = "", attributes: str = 'viewBox="0 0 200 200"') -> bytes:
    """An SVG with this body; ``head`` goes before its root."""
    return f'<?xml version="1.0"?>{head}<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{body}</svg>'.encode()


def picture(width: int = 160, height: int = 100) -> Image.Image:
    """A sun over a sea: top and bottom, left and right can be told apart."""
    image = Image.new("RGB", (width, height), "#7dd3fc")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, height * 0.6, width, height), fill="#1d4ed8")
    draw.ellipse((width * 0.65, height * 0.12, width * 0.65 + height * 0.3, height * 0.42), fill="#fde047")
    draw.polygon(
        [(width * 0.15, height * 0.6), (width * 0.25, height * 0.2), (width * 0.35, height * 0.6)], fill="#f8fafc"
    )
    return image


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def jpeg(width: int = 160, height: int = 100, orientation: int = 1) -> bytes:
    """A JPEG; ``orientation`` goes into its Exif."""
    image = picture(width, height)
    exif = Image.Exif()
    exif[274] = orientation
    return _saved(image, "JPEG", exif=exif, quality=92)


def webp(width: int = 160, height: int = 100, *, lossless: bool = False) -> bytes:
    """A WebP."""
    return _saved(picture(width, height), "WEBP", lossless=lossless)


def png(width: int = 160, height: int = 100) -> bytes:
    """A PNG."""
    return _saved(picture(width, height), "PNG")


def cube_points(size: Sequence[float] = (1.0, 1.0, 1.0)) -> list[tuple[float, float, float]]:
    """The corners of a box about the origin."""
    x, y, z = (side / 2 for side in size)
    return [(sx * x, sy * y, sz * z) for sz in (-1, 1) for sy in (-1, 1) for sx in (-1, 1)]


_QUADS = ((0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (2, 6, 7, 3), (0, 4, 6, 2), (1, 3, 7, 5))
TRIANGLES = [corner for a, b, c, d in _QUADS for corner in (a, b, c, a, c, d)]


def glb(
    size: Sequence[float] = (0.4, 0.8, 0.2),
    *,
    change: dict[str, object] | None = None,
    points: Sequence[tuple[float, float, float]] | None = None,
    indices: Sequence[int] = TRIANGLES,
) -> bytes:
    """A box in green as GLB, metres, y up. ``change`` replaces parts of its description."""
    corners = points or cube_points(size)
    data = b"".join(struct.pack("<3f", *point) for point in corners)
    start = len(data)
    data += struct.pack(f"<{len(indices)}H", *indices)
    data += b"\0" * (-len(data) % 4)
    document: dict[str, object] = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1, "material": 0}]}],
        "materials": [{"pbrMetallicRoughness": {"baseColorFactor": [0.05, 0.6, 0.1, 1.0], "metallicFactor": 0.0}}],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": len(corners), "type": "VEC3",
             "min": [_finite(min, corners, i) for i in range(3)], "max": [_finite(max, corners, i) for i in range(3)]},
            {"bufferView": 1, "componentType": 5123, "count": len(indices), "type": "SCALAR"},
        ],
        "bufferViews": [
            {"buffer": 0, "byteOffset": 0, "byteLength": start},
            {"buffer": 0, "byteOffset": start, "byteLength": 2 * len(indices)},
        ],
        "buffers": [{"byteLength": len(data)}],
    }  # fmt: skip
    return packed(document | (change or {}), data)


def textured_glb(images: int = 1) -> bytes:
    """A square with a picture in it, which is named ``images`` times."""
    corners = [(-0.5, 0.0, 0.0), (0.5, 0.0, 0.0), (0.5, 1.0, 0.0), (-0.5, 1.0, 0.0)]
    blocks = [
        b"".join(struct.pack("<3f", *point) for point in corners),
        struct.pack("<8f", 0, 1, 1, 1, 1, 0, 0, 0),
        struct.pack("<6H", 0, 1, 2, 0, 2, 3),
        png(64, 64),
    ]
    views, data = [], b""
    for block in blocks:
        views.append({"buffer": 0, "byteOffset": len(data), "byteLength": len(block)})
        data += block + b"\0" * (-len(block) % 4)
    primitive = {"attributes": {"POSITION": 0, "TEXCOORD_0": 1}, "indices": 2, "material": 0}
    document: dict[str, object] = {
        "asset": {"version": "2.0"},
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [primitive]}],
        "materials": [{"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}, "metallicFactor": 0}}],
        "textures": [{"source": 0}],
        "images": [{"bufferView": 3, "mimeType": "image/png"}] * images,
        "accessors": [
            {
                "bufferView": 0,
                "componentType": 5126,
                "count": 4,
                "type": "VEC3",
                "min": [-0.5, 0, 0],
                "max": [0.5, 1, 0],
            },
            {"bufferView": 1, "componentType": 5126, "count": 4, "type": "VEC2"},
            {"bufferView": 2, "componentType": 5123, "count": 6, "type": "SCALAR"},
        ],
        "bufferViews": views,
        "buffers": [{"byteLength": len(data)}],
    }  # fmt: skip
    return packed(document, data)


def _finite(pick: object, corners: Sequence[tuple[float, float, float]], axis: int) -> float:
    values = [corner[axis] for corner in corners if math.isfinite(corner[axis])]
    return float(pick(values))  # type: ignore[operator]


def packed(document: dict[str, object], data: bytes) -> bytes:
    """A GLB of a description and its data."""
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    body = struct.pack("<II", len(text), 0x4E4F534A) + text + struct.pack("<II", len(data), 0x004E4942) + data
    return struct.pack("<4sII", b"glTF", 2, 12 + len(body)) + body


def obj(size: Sequence[float] = (1.0, 2.0, 1.0), extra: str = "") -> bytes:
    """A box as OBJ, y up."""
    lines = ["# a box", "mtllib ../../etc/passwd", "o box", extra]
    lines += [f"v {x} {y} {z}" for x, y, z in cube_points(size)]
    lines += ["usemtl paint"]
    lines += [f"f {a + 1} {b + 1} {c + 1} {d + 1}" for a, b, c, d in _QUADS]
    return "\n".join(lines).encode()


def stl(size: Sequence[float] = (20.0, 20.0, 40.0)) -> bytes:
    """A box as binary STL, z up."""
    corners = cube_points(size)
    facets = [TRIANGLES[at : at + 3] for at in range(0, len(TRIANGLES), 3)]
    body = b"".join(
        struct.pack("<3f", 0, 0, 0) + b"".join(struct.pack("<3f", *corners[i]) for i in facet) + b"\0\0"
        for facet in facets
    )
    return b"a box".ljust(80) + struct.pack("<I", len(facets)) + body


def stl_text(size: Sequence[float] = (20.0, 20.0, 40.0)) -> bytes:
    """The same as text."""
    corners = cube_points(size)
    lines = ["solid box"]
    for at in range(0, len(TRIANGLES), 3):
        lines += ["facet normal 0 0 0", "outer loop"]
        lines += ["vertex {} {} {}".format(*corners[i]) for i in TRIANGLES[at : at + 3]]
        lines += ["endloop", "endfacet"]
    return "\n".join([*lines, "endsolid box", ""]).encode()
