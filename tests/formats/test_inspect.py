"""Files are known by their content, measured, and refused where they are damaged or more than they should be."""

import json
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addon.formats import FileProblem, inspect
from tests.samples import cube_points, glb, jpeg, obj, packed, png, stl, stl_text, svg, textured_glb, webp

WHOLE = {
    "svg": (svg(), "image/svg+xml", (180.0, 0.0, 194.0)),
    "png": (png(), "image/png", (160, 0, 100)),
    "jpeg": (jpeg(), "image/jpeg", (160, 0, 100)),
    "jpeg on its side": (jpeg(orientation=6), "image/jpeg", (100, 0, 160)),
    "webp": (webp(), "image/webp", (160, 0, 100)),
    "lossless webp": (webp(lossless=True), "image/webp", (160, 0, 100)),
    "glb": (glb(), "model/gltf-binary", (0.4, 0.2, 0.8)),
    "obj": (obj(), "model/obj", (1, 1, 2)),
    "stl": (stl(), "model/stl", (20, 20, 40)),
    "stl as text": (stl_text(), "model/stl", (20, 20, 40)),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_file_is_known_and_measured(name: str) -> None:
    data, media_type, extent = WHOLE[name]
    found = inspect(data)
    assert found.media_type == media_type
    assert found.extent == pytest.approx(extent, rel=0.02)


@pytest.mark.parametrize("name", [name for name in WHOLE if name not in ("obj", "svg")])
def test_a_file_that_ends_too_early_is_refused(name: str) -> None:
    data = WHOLE[name][0]
    for length in (len(data) // 3, len(data) // 2, len(data) * 9 // 10, len(data) - 12):
        with pytest.raises(FileProblem):
            inspect(data[:length])


@given(st.sampled_from(sorted(WHOLE)), st.lists(st.tuples(st.floats(0, 0.999), st.binary(min_size=1, max_size=4))))
def test_damage_is_told_and_nothing_else_happens(name: str, changes: list[tuple[float, bytes]]) -> None:
    data = bytearray(WHOLE[name][0])
    for share, piece in changes:
        at = int(share * len(data))
        data[at : at + len(piece)] = piece
    try:
        inspect(bytes(data))
    except FileProblem as problem:
        assert "\n" not in str(problem)


@given(st.binary(max_size=300))
def test_any_bytes_are_judged(data: bytes) -> None:
    with pytest.raises(FileProblem):
        inspect(data)


def _bomb() -> bytes:
    """A PNG that says it has 60,000 by 60,000 pixels."""
    data = bytearray(png())
    data[16:24] = struct.pack(">II", 60_000, 60_000)
    data[29:33] = struct.pack(">I", zlib.crc32(bytes(data[12:29])))
    return bytes(data)


def _jpeg_bomb() -> bytes:
    data = bytearray(jpeg())
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", 60_000, 60_000)
    return bytes(data)


@pytest.mark.parametrize("data", [_bomb(), _jpeg_bomb()], ids=["png", "jpeg"])
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked(data: bytes) -> None:
    with pytest.raises(FileProblem, match="too large"):
        inspect(data)


HOSTILE_SVG = {
    "entities": (svg('<path d="&a;"/>', '<!DOCTYPE svg [<!ENTITY a "M0 0">]>'), "document type"),
    "billion laughs": (
        svg("<g>&c;</g>", '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>'),
        "document type",
    ),
    "outside entity": (svg("&x;", '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), "document type"),
    "script": (svg("<script>alert(1)</script>"), "script"),
    "handler": (svg('<rect width="9" height="9" onload="alert(1)"/>'), "script"),
    "foreign object": (svg("<foreignObject/>"), "foreign object"),
    "picture": (svg('<image href="https://example.org/a.png"/>'), "picture"),
    "outside use": (svg('<use href="other.svg#a"/>'), "outside"),
    "outside style": (svg("<style>@import url(x.css);</style>"), "outside"),
    "outside paint": (svg('<rect width="9" height="9" fill="url(http://example.org/#a)"/>'), "outside"),
    "style sheet": (svg(head='<?xml-stylesheet href="x.css"?>'), "style sheet"),
    "text": (svg("<text>hi</text>"), "convert it to paths"),
    "not a number": (svg('<rect width="NaN" height="9"/>'), "length"),
    "infinite": (svg('<path d="M0 0 L1e999 0 L5 5 Z"/>'), "far out"),
    "broken path": (svg('<path d="M0 0 L5 Q"/>'), "lacks numbers"),
    "many elements": (svg('<rect width="9" height="9"/>' * 6000), "more than"),
    "deep": (svg("<g>" * 100 + "</g>" * 100), "deep"),
    "many points": (svg(f'<path d="M0 0 {"L5 5 L9 0 " * 40_000}Z"/>'), "more than"),
    "use bomb": (
        svg(
            '<rect id="a0" width="9" height="9"/>'
            + "".join(f'<g id="a{n + 1}">' + f'<use href="#a{n}"/>' * 10 + "</g>" for n in range(6))
        ),
        "more than",
    ),
    "use of itself": (svg('<g id="a"><use href="#a"/></g>'), "repeats"),
    "nothing": (svg("<g/>"), "paints nothing"),
    "a line": (svg('<path d="M0 0 L9 0 L18 0 Z"/>'), "paints nothing"),
    "not closed": (svg("<g>"), "well-formed"),
}


@pytest.mark.parametrize("name", HOSTILE_SVG)
def test_an_svg_that_is_more_than_a_drawing_is_refused(name: str) -> None:
    data, told = HOSTILE_SVG[name]
    with pytest.raises(FileProblem, match=told):
        inspect(data)


BAD_MODELS = {
    "points that are no numbers": (glb(points=[(float("nan"), 0, 0), *cube_points()[1:]]), "not finite"),
    "a face without its point": (glb(indices=[0, 1, 900]), "not there"),
    "data outside": (glb(change={"buffers": [{"byteLength": 400, "uri": "data.bin"}]}), "outside"),
    "a picture outside": (glb(change={"images": [{"uri": "https://example.org/a.png"}]}), "outside"),
    "a picture that is none": (glb(change={"images": [{"bufferView": 0, "mimeType": "image/png"}]}), "not|WebP"),
    "a view beyond": (glb(change={"bufferViews": [{"buffer": 0, "byteLength": 9999}] * 2}), "beyond"),
    "nodes in a circle": (glb(change={"nodes": [{"mesh": 0, "children": [0]}]}), "tree"),
    "nodes that are not there": (glb(change={"nodes": [{"mesh": 0, "children": [7]}]}), "tree"),
    "no mesh": (glb(change={"nodes": [{}]}), "shows no mesh"),
    "an unknown extension": (glb(change={"extensionsRequired": ["KHR_draco_mesh_compression"]}), "extension"),
    "lists that are none": (glb(change={"meshes": {"a": 1}}), "not what"),
    "a face of OBJ": (obj(extra="v 0 0 0\nf 1 2 99"), "not there"),
    "numbers of OBJ": (obj(extra="v 0 nan 0"), "finite"),
    "no faces": (b"v 0 0 0\nv 1 0 0\nv 1 1 0\n", "no faces"),
    "numbers of STL": (stl((float("inf"), 1, 1)), "not finite"),
    "flat nothing": (stl((0, 0, 0)), "no size"),
    "text STL": (stl_text().replace(b"vertex", b"vertex 1", 1), "three numbers"),
}


@pytest.mark.parametrize("name", BAD_MODELS)
def test_a_model_that_is_not_whole_is_refused(name: str) -> None:
    data, told = BAD_MODELS[name]
    with pytest.raises(FileProblem, match=told):
        inspect(data)


def test_data_that_is_named_often_is_looked_at_once() -> None:
    primitive = {"attributes": {"POSITION": 0}, "indices": 1}
    points = [(float(number % 97), float(number % 89), 1.0) for number in range(60_000)]
    many = glb(points=points, change={"meshes": [{"primitives": [primitive] * 5_000}]})
    assert inspect(many).extent == pytest.approx((96, 0, 88))


def sparse(points: int, at: int, count: int) -> bytes:
    """A box whose morph target moves one point, as Blender's exporter writes it."""
    whole = glb()
    length = int.from_bytes(whole[12:16], "little")
    document = json.loads(whole[20 : 20 + length])
    data = whole[28 + length :]
    views = document["bufferViews"]
    views += [{"buffer": 0, "byteOffset": len(data), "byteLength": 2}]
    views += [{"buffer": 0, "byteOffset": len(data) + 4, "byteLength": 12}]
    data += struct.pack("<Hxx3f", at, 0.0, 0.5, 0.0)
    moved = {"bufferView": 2, "componentType": 5123}, {"bufferView": 3}
    document["accessors"].append(
        {"componentType": 5126, "count": points, "type": "VEC3",
         "sparse": {"count": count, "indices": moved[0], "values": moved[1]}}
    )  # fmt: skip
    document["meshes"][0]["primitives"][0]["targets"] = [{"POSITION": 2}]
    document["buffers"] = [{"byteLength": len(data)}]
    return packed(document, data)


def test_sparse_data_is_followed() -> None:
    assert inspect(sparse(8, 7, 1)).extent == pytest.approx((0.4, 0.2, 0.8))
    for wrong in (sparse(8, 8, 1), sparse(8, 7, 2), sparse(9, 7, 1), sparse(2**30, 7, 1)):
        with pytest.raises(FileProblem):
            inspect(wrong)


def test_pictures_in_a_model_are_bounded_together() -> None:
    with pytest.raises(FileProblem, match="64 pictures"):
        inspect(textured_glb(images=65))


def test_a_moved_and_scaled_node_is_measured_where_it_stands() -> None:
    nodes = [{"children": [1], "scale": [2, 2, 2]}, {"mesh": 0, "rotation": [0, 0, 0.70710678, 0.70710678]}]
    found = inspect(glb((0.4, 0.8, 0.2), change={"nodes": nodes}))
    assert found.extent == pytest.approx((1.6, 0.4, 0.8), rel=1e-4)
