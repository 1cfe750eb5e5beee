"""What a file is, by its content alone, and whether it is whole. Any thread; reads its bytes from memory."""

import io
from dataclasses import dataclass

from ..models.uploads import UploadKind
from .bounds import size_of
from .glb import read_glb
from .jpeg import read_jpeg
from .obj import is_obj, read_obj
from .png import SIGNATURE, check_png
from .problem import FileProblem
from .stl import is_stl, read_stl
from .svg import is_svg, read_svg
from .webp import read_webp

__all__ = ["MAX_BYTES", "Inspected", "inspect"]

MAX_BYTES = 32 << 20
_SVG_MAX_BYTES = 2 << 20
_PIXELS_MAX = 50_000_000
_SIDE_MAX = 16_384


@dataclass(frozen=True)
class Inspected:
    """A whole and harmless file. ``extent`` as in ``models.uploads.Upload``; ``suffix`` is of the content's type."""

    kind: UploadKind
    media_type: str
    suffix: str
    extent: tuple[float, float, float]
    orientation: int = 1
    colors: tuple[str, ...] = ()


def inspect(data: bytes) -> Inspected:
    """What ``data`` is. Raises ``FileProblem`` for what is none of the types taken, damaged, or more than a drawing,
    picture or shape.
    """
    if len(data) > MAX_BYTES:
        raise FileProblem(f"has more than {MAX_BYTES >> 20} MB")
    if data.startswith(SIGNATURE) or data.startswith(b"\xff\xd8") or data[:4] == b"RIFF":
        return _picture(data)
    if data.startswith(b"glTF"):
        x, y, z = size_of(read_glb(data, _pixels))
        return Inspected(UploadKind.MODEL, "model/gltf-binary", ".glb", (x, z, y))
    if is_svg(data):
        return _logo(data)
    if is_stl(data):
        return Inspected(UploadKind.MODEL, "model/stl", ".stl", size_of(read_stl(data)))
    if is_obj(data):
        x, y, z = size_of(read_obj(data))
        return Inspected(UploadKind.MODEL, "model/obj", ".obj", (x, z, y))
    raise FileProblem("is none of the types that are taken: SVG, PNG, JPEG, WebP, GLB, OBJ, STL")


def _picture(data: bytes) -> Inspected:
    orientation = 1
    if data.startswith(SIGNATURE):
        media_type, suffix = "image/png", ".png"
        width, height = check_png(io.BytesIO(data), max_pixels=_PIXELS_MAX)
    elif data.startswith(b"\xff\xd8"):
        media_type, suffix = "image/jpeg", ".jpg"
        width, height, orientation = read_jpeg(data)
    else:
        media_type, suffix = "image/webp", ".webp"
        width, height = read_webp(data)
    if width * height > _PIXELS_MAX or max(width, height) > _SIDE_MAX:
        raise FileProblem(f"is too large: {width} × {height} pixels; at most {_PIXELS_MAX // 1_000_000} million")
    # From 5 on, the picture lies on its side.
    across, up = (height, width) if orientation >= 5 else (width, height)
    return Inspected(UploadKind.PICTURE, media_type, suffix, (across, 0.0, up), orientation)


def _pixels(data: bytes) -> float:
    """How many pixels a whole picture has."""
    width, _, height = _picture(data).extent
    return width * height


def _logo(data: bytes) -> Inspected:
    if len(data) > _SVG_MAX_BYTES:
        raise FileProblem(f"has more than {_SVG_MAX_BYTES >> 20} MB, which no logo has")
    patches = read_svg(data)
    points = [point for patch in patches for outline in patch.outlines for point in outline]
    sides = [max(axis) - min(axis) for axis in zip(*points, strict=True)]
    if min(sides) <= 1e-6 * max(sides):
        raise FileProblem("paints nothing that has both width and height")
    colors = tuple(dict.fromkeys(patch.color for patch in patches))
    return Inspected(UploadKind.LOGO, "image/svg+xml", ".svg", (sides[0], 0.0, sides[1]), colors=colors)
