"""Emptying, opening and saving the file: nothing leaks, nothing runs, nothing is lost silently."""

import gc
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import bpy
import pytest

from addon.models.errors import StageFailed
from addon.models.session import Options
from addon.scene.backend import BlenderBackend

from .conftest import Stage


def contents() -> dict[str, int]:
    """How many data-blocks of each kind the file holds, but for what every file has."""
    kinds = ("objects", "meshes", "materials", "images", "lights", "cameras", "node_groups", "worlds", "actions")
    return {kind: len(getattr(bpy.data, kind)) for kind in kinds if len(getattr(bpy.data, kind))}


@contextmanager
def file_size_limit(limit: int) -> Iterator[None]:
    """Let the system refuse to write more than ``limit`` bytes into one file."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_reset_leaves_nothing_of_the_session_before(stage: Stage, tmp_path: Path) -> None:
    handlers = len(bpy.app.handlers.render_stats)
    stage.simple(environment={"kind": "underwater"})
    stage.render(tmp_path / "render.png")
    assert contents()["objects"] > 3
    stage.backend.reset()
    assert contents() == {}
    assert len(bpy.app.handlers.render_stats) == handlers


def test_a_saved_file_opens_with_everything_in_it(stage: Stage, tmp_path: Path) -> None:
    stage.simple()
    before = contents()
    path = tmp_path / "deep" / "er" / "scene.blend"
    stage.backend.save(path)
    stage.backend.reset()
    stage.backend.open(path)
    assert contents() == before
    assert bpy.context.scene.camera is not None


def test_saving_again_leaves_no_backup_beside(stage: Stage, tmp_path: Path) -> None:
    stage.simple()
    for _ in range(2):
        stage.backend.save(tmp_path / "scene.blend")
    assert [path.name for path in tmp_path.iterdir()] == ["scene.blend"]


def test_an_external_image_is_packed(stage: Stage, tmp_path: Path) -> None:
    stage.simple()
    picture = stage.render(tmp_path / "render.png")
    image = bpy.data.images.load(str(picture))
    image.use_fake_user = True
    stage.backend.save(tmp_path / "scene.blend")
    picture.unlink()
    stage.backend.open(tmp_path / "scene.blend")
    packed = [image for image in bpy.data.images if image.source == "FILE"]
    assert packed and all(image.packed_file is not None for image in packed)


def test_scripts_in_a_checkpoint_do_not_run(stage: Stage, tmp_path: Path) -> None:
    proof = tmp_path / "ran"
    text = bpy.data.texts.new("start.py")
    text.write(f"open({str(proof)!r}, 'w').close()")
    text.use_module = True
    stage.backend.save(tmp_path / "scene.blend")
    stage.backend.open(tmp_path / "scene.blend")
    assert not proof.exists()


def test_a_damaged_checkpoint_is_told(backend: BlenderBackend, tmp_path: Path) -> None:
    (tmp_path / "scene.blend").write_bytes(b"BLENDER17-01v0500" + bytes(1000))
    with pytest.raises(StageFailed, match="could not be opened"):
        backend.open(tmp_path / "scene.blend")
    backend.reset()


def test_a_disk_that_refuses_is_an_os_error(stage: Stage, tmp_path: Path) -> None:
    stage.simple()
    with file_size_limit(20_000), pytest.raises(OSError, match=r"scene\.blend"):
        stage.backend.save(tmp_path / "scene.blend")
    with file_size_limit(5_000), pytest.raises(OSError, match=r"render\.png"):
        stage.render(tmp_path / "render.png")
    stage.backend.save(tmp_path / "scene.blend")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_disk_that_refuses_a_glb_is_an_os_error(stage: Stage, tmp_path: Path) -> None:
    stage.simple()
    with file_size_limit(5_000), pytest.raises(OSError, match=r"scene\.glb"):
        stage.backend.export_glb(tmp_path / "scene.glb")
    # Blender's exporter leaves its file open when it fails, and Blender keeps the traceback; both go here, where
    # the warning is expected.
    for name in ("last_type", "last_value", "last_traceback", "last_exc"):
        vars(sys).pop(name, None)
    gc.collect()


def test_a_folder_that_is_a_file_is_an_os_error(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "session").write_text("not a folder")
    with pytest.raises(OSError):
        stage.backend.save(tmp_path / "session" / "scene.blend")


def test_many_sessions_keep_memory_flat(stage: Stage, tmp_path: Path) -> None:
    def resident_kib() -> int:
        line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1])

    marks, small = [], Options(resolution=(64, 36), samples=1)
    for number in range(12):
        stage.backend.reset()
        stage.simple(small, environment={"kind": ("studio", "indoor", "outdoor", "underwater")[number % 4]})
        stage.render(tmp_path / "render.png", small)
        stage.backend.review(stage.plan, stage.layout, tmp_path / "render.png", None)
        stage.backend.save(tmp_path / "scene.blend")
        marks.append(resident_kib())
    assert marks[-1] <= marks[3] * 1.1


@pytest.mark.parametrize("kind", ["studio", "indoor", "outdoor", "underwater", "space"])
def test_a_file_that_was_moved_misses_nothing(stage: Stage, tmp_path: Path, kind: str) -> None:
    stage.simple(environment={"kind": kind}, texts=[{"id": "word", "text": "WORD"}])
    stage.backend.save(tmp_path / "made" / "scene.blend")
    (tmp_path / "made").rename(tmp_path / "moved")
    stage.backend.reset()
    stage.backend.open(tmp_path / "moved" / "scene.blend")
    assert bpy.utils.blend_paths(absolute=True, packed=False, local=False) == []
    assert all(image.packed_file or image.source == "GENERATED" for image in bpy.data.images if image.users)
    assert len(bpy.data.libraries) == 0
    stage.render(tmp_path / "moved.png")


def test_an_artist_finds_everything_named_and_tidy(stage: Stage, tmp_path: Path) -> None:
    stage.simple(environment={"kind": "indoor"})
    assert {child.name for child in bpy.context.scene.collection.children} == {"Ground", "Scene", "Lights"}
    for thing in bpy.data.objects:
        assert thing.name[-4:-3] != ".", f"{thing.name}: a name that Blender made up"
        assert thing.parent is None or tuple(thing.scale) == (1.0, 1.0, 1.0)
        if thing.type == "MESH":
            assert thing.active_material is not None and thing.data.uv_layers, thing.name
    assert all(block.users for block in (*bpy.data.meshes, *bpy.data.materials, *bpy.data.lights))


def test_things_of_one_group_lie_in_one_collection(stage: Stage) -> None:
    groups = {"sphere_1": "toys", "sphere_2": "toys", "sphere_3": None}
    balls = [stage.ball(id=name, group=group) for name, group in groups.items()]
    stage.make(balls, [stage.place(name, number, 0, 0.5) for number, name in enumerate(groups)])
    content = bpy.data.collections["Scene"]
    assert sorted(len(child.children) for child in content.children) == [0, 2]
    toys = next(child for child in content.children if child.get("group") == "toys")
    assert {root["plan_id"] for root in toys.all_objects if "plan_id" in root} == {"sphere_1", "sphere_2"}
