"""Is a GLB whole and harmless? Container, then every reference that leads to bytes of it. Any thread.

Source of the rules: glTF 2.0, sections 3 and 4.4; nothing outside of the file is ever followed.
"""

import json
import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

from .bounds import Box
from .glb_data import Buffers
from .glb_scene import scene_box
from .problem import FileProblem

__all__ = ["read_glb"]

_JSON, _BIN = 0x4E4F534A, 0x004E4942
_JSON_MAX = 8 << 20
_ITEMS_MAX = 20_000
_IMAGES_MAX, _PIXELS_MAX = 64, 100_000_000
_READ = frozenset(
    {
        "KHR_materials_anisotropy", "KHR_materials_clearcoat", "KHR_materials_emissive_strength", "KHR_materials_ior",
        "KHR_materials_sheen", "KHR_materials_specular", "KHR_materials_transmission", "KHR_materials_unlit",
        "KHR_materials_variants", "KHR_materials_volume", "KHR_texture_transform", "KHR_lights_punctual",
        "EXT_texture_webp",
    }
)  # fmt: skip
"""Extensions that a file may require."""


def read_glb(data: bytes, pixels_of: Callable[[bytes], float]) -> Box:
    """The box around what its scene shows, in metres, y up. ``pixels_of`` raises for a picture that is not whole.

    Raises ``FileProblem``.
    """
    document, binary = _chunks(data)
    _check_lists(document)
    required = document.get("extensionsRequired", [])
    for name in required if isinstance(required, list) else _wrong("extensionsRequired"):
        if name not in _READ:
            raise FileProblem(f"needs the extension {str(name)[:60]!r}, which is not read here: export it without")
    try:
        buffers = Buffers(document, binary)
        _check_images(document.get("images", []), buffers, pixels_of)
        return scene_box(document, buffers)
    except FileProblem:
        raise
    except (KeyError, IndexError, TypeError, AttributeError, ValueError, struct.error, OverflowError) as error:
        raise FileProblem(f"has a part that is missing or not what glTF asks for ({type(error).__name__})") from None


def _chunks(data: bytes) -> tuple[dict[str, Any], bytes]:
    if len(data) < 20 or data[:4] != b"glTF":
        raise FileProblem("is not a GLB")
    version, whole, length, kind = struct.unpack_from("<IIII", data, 4)
    if version != 2:
        raise FileProblem(f"is a GLB of version {version}; version 2 is read")
    if whole != len(data) or kind != _JSON or 20 + length > whole or length > _JSON_MAX:
        raise FileProblem("is not whole, or begins with something else than its description")
    binary = b""
    at = 20 + length
    if at + 8 <= whole:
        size, kind = struct.unpack_from("<II", data, at)
        if kind == _BIN:
            binary = data[at + 8 : at + 8 + size]
            if len(binary) != size:
                raise FileProblem("ends too early")
    try:
        document = json.loads(data[20 : 20 + length].decode("utf-8"), parse_constant=_wrong)
    except RecursionError:
        raise FileProblem("is nested too deeply") from None
    except ValueError:
        raise FileProblem("has a description that is not JSON") from None
    if not isinstance(document, dict) or not isinstance(document.get("asset"), dict):
        raise FileProblem("has no description of itself")
    return document, binary


def _check_images(images: Sequence[Any], buffers: Buffers, pixels_of: Callable[[bytes], float]) -> None:
    if any("uri" in image for image in images):
        raise FileProblem("leads to a picture outside of the file: export it with everything inside")
    # The same bytes may be named often, and would be decoded as often.
    pixels = sum(pixels_of(buffers.view(view)) for view in sorted({image["bufferView"] for image in images}))
    if pixels > _PIXELS_MAX or len(images) > _IMAGES_MAX:
        raise FileProblem(f"has more than {_IMAGES_MAX} pictures or {_PIXELS_MAX // 1_000_000} million pixels in them")


def _check_lists(document: Mapping[str, Any]) -> None:
    for name in (
        "buffers", "bufferViews", "accessors", "meshes", "nodes", "scenes", "materials", "textures", "images",
        "samplers", "skins", "animations", "cameras",
    ):  # fmt: skip
        items = document.get(name, [])
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            _wrong(name)
        if len(items) > _ITEMS_MAX:
            raise FileProblem(f"has more than {_ITEMS_MAX} {name}")
    for number, buffer in enumerate(document.get("buffers", [])):
        if "uri" in buffer or number:
            raise FileProblem("keeps data outside of the file: export it as one GLB with everything inside")


def _wrong(name: str) -> NoReturn:
    raise FileProblem(f"has {name[:40]} that are not what glTF asks for")
