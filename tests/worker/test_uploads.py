"""Sessions with files, worked on by real bpy: shapes, pictures, what is packed, and files that Blender cannot read."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from addon.models.api import GenerateRequest
from addon.models.session import Session, SessionStatus
from addon.models.uploads import UploadRole
from addon.state.creation import create
from addon.state.store import SessionStore
from tests.samples import glb, jpeg, obj, png, stl, svg, textured_glb, webp
from tests.scene.test_glb import document, validation

from .conftest import TINY

pytestmark = pytest.mark.blender

Work = Callable[[str], Session]
Send = Callable[..., Session]


@pytest.fixture
def send(store: SessionStore, work: Work, tmp_path: Path) -> Send:
    """Makes a session of a prompt and files (name → content, the name may have a role before "="), and works on it."""

    def make(prompt: str, files: dict[str, bytes], **options: Any) -> Session:
        receiving = store.uploads.receive()
        for name, content in files.items():
            role, mark, plain = name.rpartition("=")
            (tmp_path / plain).write_bytes(content)
            receiving.take(tmp_path / plain, UploadRole(role) if mark else None)
        request = GenerateRequest.model_validate({"prompt": prompt, "options": TINY.model_dump() | options})
        session_id = create(store, request, uploads=receiving.attached).session.id
        receiving.discard()
        return work(session_id)

    return make


def opened(store: SessionStore, session: Session) -> Any:
    """The finished file, opened in this process."""
    import bpy

    bpy.ops.wm.open_mainfile(filepath=str(store.folder(session.id) / "scene.blend"), use_scripts=False)
    return bpy


def roots(bpy: Any) -> dict[str, Any]:
    return {thing["noun"]: thing for thing in bpy.data.objects if "noun" in thing}


def box(bpy: Any, root: Any) -> tuple[list[float], list[float]]:
    """Lowest and highest corner of a thing, from its meshes' points."""
    points = [
        part.matrix_world @ vertex.co
        for part in root.children_recursive
        for vertex in part.data.vertices
    ]  # fmt: skip
    return [min(p[axis] for p in points) for axis in range(3)], [max(p[axis] for p in points) for axis in range(3)]


def test_a_logo_is_solid_coloured_and_stands(store: SessionStore, send: Send) -> None:
    session = send("my logo on a wooden table", {"logo.svg": svg()})
    assert session.status is SessionStatus.COMPLETED
    bpy = opened(store, session)
    logo, table = roots(bpy)["logo"], roots(bpy)["table"]
    low, high = box(bpy, logo)
    assert low[2] == pytest.approx(box(bpy, table)[1][2], abs=0.01)
    assert high[1] - low[1] > 0.05
    materials = {part.data.materials[0] for part in logo.children}
    assert len(materials) == 3
    blue = next(part for part in logo.children if part.name.endswith("fill_1")).data.materials[0].diffuse_color
    assert blue[2] > 2 * blue[0]
    # The star stands out before the disc.
    front = {part.name.rpartition(".")[2]: min((part.matrix_world @ v.co).y for v in part.data.vertices)
             for part in logo.children}  # fmt: skip
    assert front["fill_2"] < front["fill_1"]
    for part in logo.children:
        edges = part.data.edges
        assert len(edges) > 0
        assert len(part.data.polygons) < 20_000


@pytest.mark.parametrize("body", [
    '<path d="M0 0 L100 100 L100 0 L0 100 Z"/>',
    '<path d="M10 10 C 200 90 -90 90 90 10" stroke="red" stroke-width="30" fill="none"/>',
    '<path fill-rule="evenodd" d="M0 0H100V100H0Z M20 20H80V80H20Z"/><circle cx="50" cy="50" r="10" fill="lime"/>',
    "".join(f'<circle cx="{x * 7}" cy="{x * 3}" r="30" fill="#{x:02x}2030"/>' for x in range(30)),
])  # fmt: skip
def test_outlines_of_every_kind_become_solid(store: SessionStore, send: Send, body: str) -> None:
    session = send("the logo", {"logo.svg": svg(body)})
    assert session.status is SessionStatus.COMPLETED
    bpy = opened(store, session)
    low, high = box(bpy, roots(bpy)["logo"])
    assert max(high[0] - low[0], high[2] - low[2]) == pytest.approx(0.8, rel=0.02)


@pytest.mark.parametrize("content", [jpeg(), png(), webp()], ids=["jpeg", "png", "webp"])
def test_a_framed_picture_is_packed_and_shows_the_file(store: SessionStore, send: Send, content: bytes) -> None:
    session = send("my photo on the wall, a sofa", {"photo": content})
    assert session.status is SessionStatus.COMPLETED
    bpy = opened(store, session)
    (image,) = [image for image in bpy.data.images if image.source == "FILE"]
    assert image.packed_file is not None
    assert str(store.output) not in image.filepath
    assert not Path(image.filepath.removeprefix("//")).is_absolute()
    photo = roots(bpy)["photo"]
    wall = next(thing for thing in bpy.data.objects if thing.name == "Back wall")
    back = max((wall.matrix_world @ vertex.co).y for vertex in wall.data.vertices)
    assert box(bpy, photo)[1][1] == pytest.approx(back, abs=0.02)
    pixels = _pixels(store, session)
    assert sum(1 for r, g, b in pixels if b > 1.6 * r and b > 90) > 0.005 * len(pixels)


def _pixels(store: SessionStore, session: Session) -> list[tuple[int, int, int]]:
    picture = np.asarray(Image.open(store.folder(session.id) / "render.png").convert("RGB")).astype(int)
    return [(r, g, b) for r, g, b in picture.reshape(-1, 3).tolist()]


def test_a_picture_on_its_side_is_turned(store: SessionStore, send: Send) -> None:
    session = send("my photo on a desk", {"photo.jpg": jpeg(orientation=6)})
    bpy = opened(store, session)
    low, high = box(bpy, roots(bpy)["photo"])
    assert high[2] - low[2] > high[0] - low[0]
    (canvas,) = [part for part in roots(bpy)["photo"].children if part.name.endswith("picture")]
    corners = {tuple(round(x) for x in loop.uv) for loop in canvas.data.uv_layers[0].data}
    assert corners == {(0, 0), (1, 0), (1, 1), (0, 1)}
    # The upright picture's lower left is the stored one's lower right.
    assert tuple(round(x) for x in canvas.data.uv_layers[0].data[0].uv) == (1, 0)


def test_a_backdrop_fills_the_view_behind_everything(store: SessionStore, send: Send) -> None:
    session = send("a red car", {"backdrop=sea.png": png(400, 225)})
    assert session.status is SessionStatus.COMPLETED
    bpy = opened(store, session)
    sheet = bpy.data.objects["Backdrop picture"]
    car = roots(bpy)["car"]
    assert min((sheet.matrix_world @ v.co).y for v in sheet.data.vertices) > box(bpy, car)[1][1]
    width, height = TINY.resolution or (0, 0)
    top = _pixels(store, session)[: width * height // 8]
    assert sum(1 for r, _, b in top if b > r + 40) > 0.6 * len(top)


def test_a_decal_follows_its_thing(store: SessionStore, send: Send) -> None:
    session = send("my photo as a decal on a mug", {"photo.jpg": jpeg()}, formats=["glb"])
    assert session.status is SessionStatus.COMPLETED
    bpy = opened(store, session)
    mug = roots(bpy)["mug"]
    (decal,) = [part for part in mug.children if part.name.endswith("decal")]
    depths = [vertex.co.y for vertex in decal.data.vertices]
    assert max(depths) - min(depths) > 0.1 * (decal.dimensions.x)
    report = validation(store.folder(session.id) / "scene.glb")
    assert report["issues"]["numErrors"] == 0
    assert len(document(store.folder(session.id) / "scene.glb")["images"]) == 1


@pytest.mark.parametrize(
    ("name", "content", "size"),
    [("box.glb", glb((0.4, 0.8, 0.2)), (0.4, 0.2, 0.8)), ("box.obj", obj((0.5, 1, 0.25)), (0.5, 0.25, 1)),
     ("box.stl", stl((200, 100, 400)), (0.2, 0.1, 0.4))],
)  # fmt: skip
def test_a_model_stands_upright_in_its_size(
    store: SessionStore, send: Send, name: str, content: bytes, size: tuple[float, float, float]
) -> None:
    session = send("the model", {name: content}, formats=["glb"])
    assert session.status is SessionStatus.COMPLETED
    bpy = opened(store, session)
    (root,) = roots(bpy).values()
    (part,) = root.children
    assert tuple(part.dimensions) == pytest.approx(size, rel=1e-3)
    assert box(bpy, root)[0][2] == pytest.approx(0, abs=1e-4)
    assert [image.name for image in bpy.data.images if image.source == "FILE"] == []
    assert not bpy.data.actions and not bpy.data.armatures
    assert validation(store.folder(session.id) / "scene.glb")["issues"]["numErrors"] == 0


def test_a_model_keeps_its_look_unless_asked(store: SessionStore, send: Send) -> None:
    bpy = opened(store, send("the model", {"box.glb": glb()}))
    (part,) = next(iter(roots(bpy).values())).children
    shader = next(node for node in part.data.materials[0].node_tree.nodes if node.type == "BSDF_PRINCIPLED")
    assert tuple(shader.inputs["Base Color"].default_value)[:3] == pytest.approx((0.05, 0.6, 0.1), abs=0.01)
    bpy = opened(store, send("the model in red", {"box.glb": glb()}))
    (part,) = next(iter(roots(bpy).values())).children
    assert part.data.materials[0].diffuse_color[0] > 0.3


def test_a_models_picture_is_kept_and_exported(store: SessionStore, send: Send) -> None:
    session = send("the model on a table", {"box.glb": textured_glb()}, formats=["glb"])
    assert session.status is SessionStatus.COMPLETED
    path = store.folder(session.id) / "scene.glb"
    assert validation(path)["issues"]["numErrors"] == 0
    assert len(document(path)["images"]) == 1
    bpy = opened(store, session)
    assert all(image.packed_file for image in bpy.data.images if image.source == "FILE")


def test_what_only_blender_notices_fails_the_session(store: SessionStore, send: Send) -> None:
    # Whole by its structure, but its tables are no tables.
    broken = bytearray(jpeg())
    at = broken.index(b"\xff\xc4")
    broken[at + 5 : at + 21] = bytes([255] * 16)
    session = send("my photo on a desk", {"photo.jpg": bytes(broken)})
    assert session.status is SessionStatus.FAILED
    assert session.result is not None
    assert session.result.error_code == "upload_unreadable"
    assert "1.jpg" in str(session.result.error)


@pytest.mark.parametrize("content", [None, svg("<rect width='9' height='9'/>")], ids=["gone", "another"])
def test_a_file_that_is_not_what_it_was_fails_the_session(
    store: SessionStore, work: Work, tmp_path: Path, content: bytes | None
) -> None:
    (tmp_path / "a.svg").write_bytes(svg())
    receiving = store.uploads.receive()
    receiving.take(tmp_path / "a.svg", None)
    session = create(store, GenerateRequest(prompt="the logo"), uploads=receiving.attached).session
    path = store.folder(session.id) / "uploads" / "1.svg"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    done = work(session.id)
    assert done.result is not None
    assert (done.status, done.result.error_code) == (SessionStatus.FAILED, "upload_missing")


def test_the_same_files_give_the_same_picture(store: SessionStore, send: Send) -> None:
    files = {"logo.svg": svg(), "box.glb": glb(), "photo.jpg": jpeg()}
    pictures = set()
    for _ in range(2):
        session = send("the logo and the model on a table, the photo as a decal on the table", files)
        pictures.add((store.folder(session.id) / "render.png").read_bytes())
    assert len(pictures) == 1


def test_the_command_line_takes_files(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_bytes(svg())
    (tmp_path / "evil.svg").write_bytes(svg("<script/>"))
    command = [sys.executable, "-m", "addon", "generate", "the logo", "--preset", "draft", "--resolution", "48x32",
               "--output", str(tmp_path / "output")]  # fmt: skip
    done = subprocess.run([*command, "--file", str(tmp_path / "evil.svg")], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "evil.svg has a script in it" in done.stderr
    done = subprocess.run([*command, "--file", str(tmp_path / "logo.svg")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (state,) = (tmp_path / "output").glob("*/session_state.json")
    assert [item["name"] for item in json.loads(state.read_text())["uploads"]] == ["logo.svg"]
