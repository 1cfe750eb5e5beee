"""The artist's own assets: found in libraries made here, used before recipes, and left when their files change."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from addon.catalogue import load_catalogue
from addon.models.assets import Asset
from addon.models.session import Session, SessionStatus, WorkerRef
from addon.planning import OfflinePlanner, WithAssets
from addon.scene.backend import BlenderBackend
from addon.state.leases import Lease
from addon.state.store import SessionStore
from addon.worker.beat import Beat
from addon.worker.monitor import Monitor
from addon.worker.worker import Worker

pytestmark = pytest.mark.blender

Submit = Callable[..., str]
Wanted = Sequence[tuple[str, tuple[float, float, float], tuple[str, ...]]]


def write_library(path: Path, things: Wanted, *, collection: bool = False) -> None:
    """A .blend with boxes (name, size, tags) that are assets, each purple, mirrored and with a script beside it."""
    import bpy

    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    purple = bpy.data.materials.new("Purple")
    purple.diffuse_color = (0.5, 0.0, 0.5, 1.0)
    text = bpy.data.texts.new("start.py")
    text.write("import pathlib; pathlib.Path('ran').touch()")
    text.use_module = True
    for name, (x, y, z), tags in things:
        mesh = bpy.data.meshes.new(name)
        # Half of a box, a little off the ground: the modifier makes the other half.
        corners = [(a * x / 2, (b - 0.5) * y, c * z + 3) for c in (0, 1) for b in (0, 1) for a in (0, 1)]
        mesh.from_pydata(corners, [], [(0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (2, 6, 7, 3), (1, 3, 7, 5)])
        mesh.materials.append(purple)
        thing: Any = bpy.data.objects.new(name, mesh)
        thing.modifiers.new("Mirror", "MIRROR")
        bpy.context.scene.collection.objects.link(thing)
        block = thing
        if collection:
            block = bpy.data.collections.new(f"{name} set")
            bpy.context.scene.collection.children.link(block)
            block.objects.link(thing)
        block.asset_mark()
        for tag in tags:
            block.asset_data.tags.new(tag)
    path.parent.mkdir(parents=True, exist_ok=True)
    bpy.ops.wm.save_as_mainfile(filepath=str(path), copy=True)
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a library of two things."""
    write_library(
        tmp_path / "mine" / "room" / "wood.blend",
        [("SM_OakChair.001", (0.5, 0.5, 0.9), ("seat",)), ("Gizmo", (0.2, 0.2, 0.3), ())],
    )
    return tmp_path / "mine"


@pytest.fixture
def work_with(store: SessionStore) -> Iterator[Callable[[Path, str], Session]]:
    """Works on a session in a process that has read the folder's assets."""
    backend = BlenderBackend()
    lease = Lease.acquire(store.output, "worker")
    beat = Beat()
    monitor = Monitor(store, lease.id, beat, cancel_grace_s=60, leave=lambda _: None)
    monitor.start()
    ref = WorkerRef(id=lease.id, host=lease.info.host, pid=lease.info.pid, started_at=lease.info.started_at)
    found: dict[Path, WithAssets] = {}

    def run(folder: Path, session_id: str) -> Session:
        if folder not in found:
            found[folder] = WithAssets(load_catalogue(), backend.use_assets([folder], store.output / ".assets.json"))
        things = found[folder]
        planner = OfflinePlanner(things)
        worker = Worker(store, ref, backend, things, planner, beat, monitor, redirect_output=False)
        assert worker.step(only=session_id)
        return store.get(session_id)

    yield run
    monitor.stop()
    lease.release()


def find(folder: Path, shelf: Path) -> list[Asset]:
    return BlenderBackend().use_assets([folder], shelf)


def roots(store: SessionStore, session: Session) -> dict[str, Any]:
    """Roots of the finished file by noun."""
    import bpy

    bpy.ops.wm.open_mainfile(filepath=str(store.folder(session.id) / "scene.blend"), use_scripts=False)
    return {thing["noun"]: thing for thing in bpy.data.objects if "noun" in thing}


def test_assets_are_found_measured_and_kept(folder: Path, tmp_path: Path) -> None:
    import bpy

    shelf = tmp_path / "shelf.json"
    found = find(folder, shelf)
    assert [(one.name, one.library, one.tags) for one in found] == [
        ("Gizmo", "room/wood.blend", []),
        ("SM_OakChair.001", "room/wood.blend", ["seat"]),
    ]
    assert found[1].size == pytest.approx((0.5, 0.5, 0.9), abs=1e-5)
    assert not bpy.data.objects and not bpy.data.meshes and not bpy.data.collections
    # What has not changed is not read again.
    shelf.write_text(shelf.read_text().replace("Gizmo", "Known"))
    assert find(folder, shelf)[0].name == "Known"
    write_library(folder / "room" / "wood.blend", [("Lamp", (0.2, 0.2, 0.5), ())])
    assert [one.name for one in find(folder, shelf)] == ["Lamp"]
    shelf.write_text("{")
    assert [one.name for one in find(folder, shelf)] == ["Lamp"]


def test_a_library_that_cannot_be_read_hides_no_other(folder: Path, tmp_path: Path) -> None:
    (folder / "broken.blend").write_bytes(b"BLENDER-v500 but not one")
    (folder / "empty.blend").write_bytes(b"")
    assert len(find(folder, tmp_path / "shelf.json")) == 2


@pytest.mark.parametrize("words", ["a chair", "an oak chair", "a seat"])
def test_an_asset_goes_before_a_recipe(
    store: SessionStore, folder: Path, submit: Submit, work_with: Callable[[Path, str], Session], words: str
) -> None:
    import bpy

    session = work_with(folder, submit(f"{words} next to a table"))
    assert session.status is SessionStatus.COMPLETED
    noun = words.split(" ", 1)[1]
    chair = roots(store, session)[noun]
    (part,) = chair.children
    assert part.data.materials[0].name == "Purple"
    points = [part.matrix_world @ vertex.co for vertex in part.data.vertices]
    assert min(point.z for point in points) == pytest.approx(0, abs=1e-3)
    assert not bpy.data.libraries
    assert not bpy.data.texts
    assert not any(thing.asset_data for thing in (*bpy.data.objects, *bpy.data.collections, *bpy.data.materials))
    concept = (store.folder(session.id) / "concept.md").read_text()
    assert "SM\\_OakChair.001" in concept
    assert "wood.blend" in concept
    assert str(folder) not in (store.folder(session.id) / "plan.json").read_text()


def test_a_collection_is_an_asset_too(
    store: SessionStore, tmp_path: Path, submit: Submit, work_with: Callable[[Path, str], Session]
) -> None:
    folder = tmp_path / "sets"
    write_library(folder / "sets.blend", [("Camp", (2.0, 1.0, 1.0), ("tent",))], collection=True)
    session = work_with(folder, submit("a tent"))
    (tent,) = roots(store, session).values()
    assert str(tent["thing"]).startswith("asset_camp_set")
    assert len(tent.children) == 1


@pytest.mark.parametrize("change", ["gone", "changed", "broken"])
def test_a_library_that_changes_leaves_the_recipe_and_a_warning(
    store: SessionStore, folder: Path, submit: Submit, work_with: Callable[[Path, str], Session], change: str
) -> None:
    work_with(folder, submit("a chair"))
    path = folder / "room" / "wood.blend"
    if change == "gone":
        path.unlink()
    elif change == "changed":
        write_library(path, [("SM_OakChair.001", (5, 5, 5), ())])
    else:
        path.write_bytes(b"no longer one")
    session = work_with(folder, submit("a chair"))
    assert session.status is SessionStatus.COMPLETED
    assert roots(store, session)["chair"]["thing"] == "chair"
    assert session.result is not None
    assert any("wood.blend" in warning and "instead" in warning for warning in session.result.warnings)


def test_the_same_assets_give_the_same_picture(
    store: SessionStore, folder: Path, submit: Submit, work_with: Callable[[Path, str], Session]
) -> None:
    pictures = set()
    for _ in range(2):
        session = work_with(folder, submit("two chairs and a gizmo on a table"))
        pictures.add((store.folder(session.id) / "render.png").read_bytes())
    assert len(pictures) == 1
