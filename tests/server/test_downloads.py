"""Downloads: whole, in parts, conditional, bundled, and never another file than the recorded one."""

import asyncio
import hashlib
import io
import os
import socket
import zipfile

import pytest

from addon.server.ranges import RangeInvalid, requested_range

from .conftest import FILES, Serve, Served

BLEND = FILES["scene.blend"]


@pytest.fixture
def done(served: Served) -> str:
    name = served.make()
    served.end(name)
    return name


async def test_every_kind_comes_as_it_is_on_disk(served: Served, done: str) -> None:
    kinds = {
        "blend": ("scene.blend", "application/x-blender"),
        "render": ("render.png", "image/png"),
        "concept": ("concept.md", "text/markdown"),
        "plan": ("plan.json", "application/json"),
    }
    for kind, (file, media_type) in kinds.items():
        async with served.client.get(f"/api/download/{done}/{kind}") as answer:
            assert answer.status == 200
            assert await answer.read() == FILES[file]
            assert answer.content_type == media_type
            assert answer.headers["Content-Disposition"] == f'attachment; filename="{done[:8]}-{file}"'
            assert answer.headers["ETag"] == f'"{hashlib.sha256(FILES[file]).hexdigest()}"'
            assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_head_tells_and_sends_nothing(served: Served, done: str) -> None:
    for kind in ("blend", "bundle"):
        async with served.client.head(f"/api/download/{done}/{kind}") as answer:
            assert (answer.status, await answer.read()) == (200, b"")
            assert answer.headers["ETag"]
    async with served.client.head(f"/api/download/{done}/blend") as answer:
        assert answer.headers["Content-Length"] == str(len(BLEND))


@pytest.mark.parametrize(
    ("asked", "status", "content"),
    [
        ("bytes=0-9", 206, BLEND[:10]),
        ("bytes=10-", 206, BLEND[10:]),
        ("bytes=-10", 206, BLEND[-10:]),
        (f"bytes={len(BLEND) - 1}-{len(BLEND) + 50}", 206, BLEND[-1:]),
        (f"bytes=-{len(BLEND) * 2}", 206, BLEND),
        ("bytes=0-1,5-6", 200, BLEND),
        ("lines=1-2", 200, BLEND),
        ("bytes=9-1", 200, BLEND),
        ("bytes=-", 200, BLEND),
        ("bytes=" + "9" * 400 + "-", 200, BLEND),
        (f"bytes={len(BLEND)}-", 416, None),
        ("bytes=-0", 416, None),
    ],
)
async def test_parts_are_sent_as_the_rfc_says(
    served: Served, done: str, asked: str, status: int, content: bytes | None
) -> None:
    async with served.client.get(f"/api/download/{done}/blend", headers={"Range": asked}) as answer:
        body = await answer.read()
        assert answer.status == status
        if content is None:
            assert answer.headers["Content-Range"] == f"bytes */{len(BLEND)}"
        else:
            assert body == content
        if status == 206:
            first = BLEND.index(content) if asked.startswith("bytes=0") else len(BLEND) - len(content or b"")
            expected = f"bytes {first}-{first + len(content or b'') - 1}/{len(BLEND)}"
            assert answer.headers["Content-Range"] == expected


def test_a_range_of_another_version_is_the_whole_file() -> None:
    assert requested_range({"Range": "bytes=0-1", "If-Range": '"old"'}, 10, '"new"') is None
    assert requested_range({"Range": "bytes=0-1", "If-Range": '"new"'}, 10, '"new"') == (0, 1)
    with pytest.raises(RangeInvalid):
        requested_range({"Range": "bytes=0-"}, 0, '"empty"')


async def test_what_the_client_has_is_not_sent_again(served: Served, done: str) -> None:
    for kind in ("blend", "bundle"):
        async with served.client.get(f"/api/download/{done}/{kind}") as answer:
            tag = answer.headers["ETag"]
        async with served.client.get(f"/api/download/{done}/{kind}", headers={"If-None-Match": tag}) as answer:
            assert (answer.status, await answer.read()) == (304, b"")


async def test_the_bundle_is_a_zip_of_everything(served: Served, done: str) -> None:
    async with served.client.get(f"/api/download/{done}/bundle") as answer:
        assert answer.content_type == "application/zip"
        archive = zipfile.ZipFile(io.BytesIO(await answer.read()))
    assert archive.testzip() is None
    assert {name: archive.read(f"{done[:8]}/{name}") for name in FILES} == FILES
    assert len(archive.namelist()) == len(FILES)


async def test_a_file_that_was_changed_is_not_passed_off_as_the_verified_one(served: Served, done: str) -> None:
    path = served.store.folder(done) / "scene.blend"
    async with served.client.get(f"/api/download/{done}/blend") as answer:
        assert answer.status == 200  # so that its hash is known
    path.write_bytes(BLEND[:-1] + b"!")
    for kind in ("blend", "bundle"):
        async with served.client.get(f"/api/download/{done}/{kind}") as answer:
            assert (answer.status, (await answer.json())["code"]) == (409, "artifact_changed")


async def test_links_and_things_that_are_no_files_are_not_followed(served: Served, done: str) -> None:
    folder = served.store.folder(done)
    secret = served.store.output.parent / "secret"
    secret.write_text("not yours")
    for kind, file in (("blend", "scene.blend"), ("render", "render.png"), ("plan", "plan.json")):
        (folder / file).unlink()
        if kind == "blend":
            (folder / file).symlink_to(secret)
        elif kind == "render":
            os.mkfifo(folder / file)
        async with served.client.get(f"/api/download/{done}/{kind}") as answer:
            assert (answer.status, (await answer.json())["code"]) == (404, "unknown_artifact")


async def test_a_session_whose_folder_is_a_link_is_unknown(served: Served, done: str) -> None:
    (served.store.output / "linked").symlink_to(served.store.folder(done))
    async with served.client.get("/api/download/linked/blend") as answer:
        assert (answer.status, (await answer.json())["code"]) == (404, "unknown_session")


@pytest.mark.parametrize("kind", ["blend", "bundle", "session_state.json", "..%2fscene.blend", "%00", "x" * 300])
async def test_what_is_not_there_is_not_found(served: Served, kind: str) -> None:
    name = served.make()
    async with served.client.get(f"/api/download/{name}/{kind}") as answer:
        assert (answer.status, (await answer.json())["code"]) == (404, "unknown_artifact")


@pytest.mark.parametrize("kind", ["blend", "bundle"])
async def test_a_client_that_takes_nothing_is_cut_off(serve: Serve, kind: str) -> None:
    served = await serve(limits={"write_s": 0.2})
    name = served.make()
    served.end(name)
    path = served.store.folder(name) / "scene.blend"
    path.unlink()  # without a recorded size there is no recorded hash either
    served.store.update(name, lambda session: session.model_copy(update={"result": None}))
    path.write_bytes(os.urandom(1 << 20) * 32)
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.connect(("127.0.0.1", served.server.port))
    sock.sendall(f"GET /api/download/{name}/{kind} HTTP/1.1\r\nHost: 127.0.0.1:{served.server.port}\r\n\r\n".encode())
    for _ in range(200):
        if served.server.connections == 0:
            break
        await asyncio.sleep(0.02)
    assert served.server.connections == 0
    sock.close()
