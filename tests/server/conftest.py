"""A real store in a temporary folder, behind a real server on a real socket."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import aiohttp
import pytest

from addon.models.api import BlenderHealth, BlenderState, GenerateRequest, Role
from addon.models.base import utc_now
from addon.models.session import Session, SessionStatus, WorkerRef
from addon.models.settings import Settings
from addon.server.app import create_app
from addon.server.context import ServerContext
from addon.server.limits import Limits
from addon.server.serve import RunningServer, start
from addon.state.artifacts import finished_result
from addon.state.claims import claim, finish
from addon.state.creation import create
from addon.state.recoverer import Recoverer
from addon.state.store import SessionStore

QUICK = Limits(poll_s=0.02, heartbeat_s=0.1, linger_s=0.2, stop_s=0.5)
WORKER = WorkerRef(id="worker-1", host="here", pid=1, started_at=utc_now())
FILES = {
    "scene.blend": b"BLENDER-v500" + bytes(range(256)) * 2000,
    "render.png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
    "concept.md": b"# A red apple\n",
    "plan.json": b"{}\n",
}


@dataclass
class Served:
    """A running server, its store, and a client with its address as base."""

    store: SessionStore
    server: RunningServer
    client: aiohttp.ClientSession

    def make(self, prompt: str = "a red apple") -> str:
        """A pending session."""
        return create(self.store, GenerateRequest(prompt=prompt)).session.id

    def claim(self, session_id: str) -> Session:
        """In progress."""
        session = claim(self.store, WORKER, only=session_id)
        assert session is not None
        return session

    def end(self, session_id: str, status: SessionStatus = SessionStatus.COMPLETED) -> Session:
        """Claimed, its files made, and ended."""
        session = self.claim(session_id)
        folder = self.store.folder(session_id)
        result = None
        if status is SessionStatus.COMPLETED:
            for name, content in FILES.items():
                (folder / name).write_bytes(content)
            result = finished_result(folder, render="render.png", warnings=[])
        return finish(self.store, session, WORKER.id, status, result)


Serve = Callable[..., Awaitable[Served]]


def make_context(store: SessionStore, limits: Limits = QUICK, **settings: object) -> ServerContext:
    """A context whose Blender is idle and whose recovery is the real one."""
    recoverer = Recoverer(store)
    return ServerContext(
        store=store,
        settings=Settings(output=store.output, **settings),
        role=Role.BRIDGE,
        version="0.1.0",
        blender_health=lambda: BlenderHealth(state=BlenderState.IDLE, pid=1),
        recovery_health=lambda: recoverer.health,
        recover=recoverer.scan,
        limits=limits,
    )


@pytest.fixture
def open_store(tmp_path: Path) -> Iterator[Callable[..., SessionStore]]:
    """Opens stores on the one folder ``output`` of this test."""
    opened: list[SessionStore] = []

    def make(**options: int) -> SessionStore:
        store = SessionStore(tmp_path / "output", **options)
        store.open()
        opened.append(store)
        return store

    yield make
    for store in opened:
        store.close()


@pytest.fixture
async def serve(open_store: Callable[..., SessionStore]) -> AsyncIterator[Serve]:
    """Starts servers; ``limits`` are fields of ``Limits`` to replace, ``queue`` the store's bound."""
    running: list[Served] = []

    async def begin(*, limits: dict[str, float] | None = None, queue: int = 10_000, **settings: object) -> Served:
        store = open_store(max_queue=queue)
        bounds = replace(QUICK, **(limits or {}))
        app = create_app(make_context(store, bounds, **settings))
        server = await start(app, "127.0.0.1", 0)
        served = Served(store, server, aiohttp.ClientSession(server.address))
        running.append(served)
        return served

    yield begin
    for served in running:
        await served.client.close()
        await served.server.stop()


@pytest.fixture
async def served(serve: Serve) -> Served:
    """One server with the usual settings."""
    return await serve()
