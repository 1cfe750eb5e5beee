"""A real worker with real bpy, in this process, on a store of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from addon.catalogue import Catalogue, load_catalogue
from addon.models.api import GenerateRequest, RequestOptions
from addon.models.session import Preset, Session, WorkerRef
from addon.planning import OfflinePlanner
from addon.state.creation import create
from addon.state.leases import Lease
from addon.state.store import SessionStore
from addon.worker.backend import SceneBackend
from addon.worker.beat import Beat
from addon.worker.monitor import Interruption, Monitor
from addon.worker.worker import Worker

TINY = RequestOptions(preset=Preset.DRAFT, resolution=(48, 32), samples=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SessionStore]:
    store = SessionStore(tmp_path / "output")
    store.open()
    yield store
    store.close()


@pytest.fixture(scope="session")
def blender() -> SceneBackend:
    import bpy  # noqa: F401 - before what imports its parts

    from addon.scene.backend import BlenderBackend

    return BlenderBackend()


@pytest.fixture
def lease(store: SessionStore) -> Iterator[Lease]:
    lease = Lease.acquire(store.output, "worker")
    yield lease
    lease.release()


@pytest.fixture
def left() -> list[Interruption]:
    """Why the monitor would have left the process."""
    return []


Work = Callable[[str], Session]


@pytest.fixture
def work_with(store: SessionStore, lease: Lease, left: list[Interruption]) -> Iterator[Callable[..., Work]]:
    """For a backend (and a catalogue): what claims a session, works on it to its end, and gives what it became."""
    beat = Beat()
    monitor = Monitor(store, lease.id, beat, cancel_grace_s=60, leave=left.append)
    monitor.start()
    catalogue = load_catalogue()
    info = lease.info
    ref = WorkerRef(id=lease.id, host=info.host, pid=info.pid, started_at=info.started_at)

    def make(backend: SceneBackend, catalogue: Catalogue = catalogue) -> Work:
        planner = OfflinePlanner(catalogue)
        worker = Worker(store, ref, backend, catalogue, planner, beat, monitor, redirect_output=False)

        def run(session_id: str) -> Session:
            assert worker.step(only=session_id)
            return store.get(session_id)

        return run

    yield make
    monitor.stop()


@pytest.fixture
def work(work_with: Callable[..., Work], blender: SceneBackend) -> Work:
    """Works with the real backend as it is."""
    return work_with(blender)


@pytest.fixture
def submit(store: SessionStore) -> Callable[..., str]:
    def make(prompt: str = "a red cube", **fields: object) -> str:
        request = GenerateRequest.model_validate({"prompt": prompt, "options": TINY.model_dump()} | fields)
        return create(store, request).session.id

    return make
