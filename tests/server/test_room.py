"""No room, no right to write: nothing is acknowledged, reads go on, and all is well as soon as it can be."""

import contextlib
import os
import resource
import tempfile
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from addon.models.api import GenerateRequest
from addon.server.app import create_app
from addon.server.serve import start
from addon.state.creation import create
from addon.state.store import SessionStore

from .conftest import make_context


@contextlib.contextmanager
def no_room() -> Iterator[None]:
    """Every file may have 1 byte: writing fails as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextlib.contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """The folder may not be written, by root neither: it is somebody else for that time."""
    folder.chmod(0o555)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o755)


@contextlib.contextmanager
def public_folder() -> Iterator[Path]:
    """pytest's own are closed to other users."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.mark.parametrize(("trouble", "status", "code"), [("full", 507, "disk_full"), ("ro", 503, "folder_read_only")])
async def test_what_cannot_be_written_is_not_acknowledged_and_all_is_well_afterwards(
    trouble: str, status: int, code: str
) -> None:
    with public_folder() as folder:
        store = SessionStore(folder / "output")
        store.open()
        known = create(store, GenerateRequest(prompt="before")).session.id
        server = await start(create_app(make_context(store)), "127.0.0.1", 0)
        try:
            async with aiohttp.ClientSession(server.address) as client:
                with no_room() if trouble == "full" else read_only(store.output):
                    async with client.post("/api/generate", json={"prompt": "a cube"}) as answer:
                        assert (answer.status, (await answer.json())["code"]) == (status, code)
                        assert answer.headers["Retry-After"]
                    async with client.get(f"/api/session/{known}") as answer:
                        assert answer.status == 200
                assert [path.name for path in store.output.iterdir() if path.is_dir()] == [known]
                async with client.post("/api/generate", json={"prompt": "a cube"}) as answer:
                    assert answer.status == 202
        finally:
            await server.stop()
            store.close()
