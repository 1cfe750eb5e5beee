"""Files of a request: looked at before anything is made, durable, and refused from pages of other sites."""

import asyncio
import errno
import hashlib
import json
import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from addon.models.base import utc_now
from addon.state import files
from addon.state.recoverer import Recoverer
from addon.state.store import SessionStore
from tests.samples import glb, jpeg, obj, png, stl, svg, webp

from .conftest import Serve, Served

ALL = {
    "logo.svg": svg(),
    "photo.png": png(),
    "photo.jpg": jpeg(),
    "photo.webp": webp(),
    "chair.glb": glb(),
    "chair.obj": obj(),
    "chair.stl": stl(),
}


def form(parts: dict[str, str] | None = None, **named: tuple[str, bytes]) -> aiohttp.FormData:
    """A form of text fields, and files by their part's name."""
    data = aiohttp.FormData()
    for name, value in (parts or {}).items():
        data.add_field(name, value)
    for name, (filename, content) in named.items():
        data.add_field(name, content, filename=filename)
    return data


async def post(served: Served, path: str, data: Any = None, **options: Any) -> tuple[int, dict[str, Any]]:
    async with served.client.post(path, data=data, **options) as answer:
        return answer.status, await answer.json()


def left_behind(served: Served) -> list[Path]:
    """Everything in the output folder but the index and the leases."""
    folder = served.store.output
    return [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith((".index", ".lease"))]


async def test_a_form_makes_a_session_with_its_files(served: Served) -> None:
    data = aiohttp.FormData()
    data.add_field("request", json.dumps({"prompt": "my chair on a table", "options": {"seed": 4}}))
    data.add_field("file", glb(), filename="chair.glb")
    data.add_field("backdrop", png(), filename="../../sea.png")
    status, body = await post(served, "/api/generate", data)
    assert status == 202
    folder = served.store.folder(body["id"])
    state = json.loads((folder / "session_state.json").read_text())
    chair, sea = state["uploads"]
    assert (chair["name"], chair["file"], chair["media_type"], chair["role"]) == (
        "chair.glb", "uploads/1.glb", "model/gltf-binary", None,
    )  # fmt: skip
    assert (sea["name"], sea["file"], sea["role"], sea["extent"]) == (
        "sea.png",
        "uploads/2.png",
        "backdrop",
        [160, 0, 100],
    )
    assert (folder / "uploads" / "1.glb").read_bytes() == glb()
    assert sea["sha256"] == hashlib.sha256(png()).hexdigest()
    async with served.client.get(f"/api/session/{body['id']}") as answer:
        assert (await answer.json())["uploads"] == state["uploads"]
    assert not any(".uploads" in path.parts for path in left_behind(served))


async def test_a_form_may_have_its_fields_one_by_one(served: Served) -> None:
    fields = {"prompt": "mein Bär", "agents": '["concept"]', "options": '{"seed": 3}'}
    status, body = await post(served, "/api/generate", form(fields, logo=("a", svg())))
    assert status == 202
    session = served.store.get(body["id"])
    assert (session.prompt, session.options.seed, session.agents) == ("mein Bär", 3, ["concept"])


async def test_files_are_kept_and_named_later(served: Served) -> None:
    data = aiohttp.FormData()
    for name, content in ALL.items():
        data.add_field("file", content, filename=name)
    status, body = await post(served, "/api/uploads", data)
    assert status == 201
    assert [item["name"] for item in body["uploads"]] == list(ALL)
    assert [item["size"] for item in body["uploads"]] == [len(content) for content in ALL.values()]
    ids = [item["id"] for item in body["uploads"]]
    asked = {"prompt": "all of it", "uploads": [ids[0], {"id": ids[1], "role": "decal"}]}
    for _ in range(2):  # an upload may be used as often as one likes
        status, made = await post(served, "/api/generate", json=asked)
        assert status == 202
        session = served.store.get(made["id"])
        assert [(item.name, item.role) for item in session.uploads] == [("logo.svg", None), ("photo.png", "decal")]


@pytest.mark.parametrize("path", ["/api/uploads", "/api/generate"])
async def test_a_bad_file_is_named_and_nothing_is_made(served: Served, path: str) -> None:
    fields = {"prompt": "a cube"} if path == "/api/generate" else {}
    data = form(fields, file=("good.png", png()), logo=("evil.svg", svg("<script>1</script>")))
    status, body = await post(served, path, data)
    assert (status, body["code"]) == (422, "invalid_upload")
    assert body["errors"] == [{"field": "evil.svg", "message": "has a script in it"}]
    assert left_behind(served) == []
    assert sum(served.store.index.counts().values()) == 0


async def test_a_name_says_nothing_about_a_file(served: Served) -> None:
    status, body = await post(served, "/api/uploads", form(file=("picture.png", b"MZ\x90 not a picture")))
    assert (status, body["errors"][0]["field"]) == (422, "picture.png")
    status, body = await post(served, "/api/uploads", form(file=("model.exe", png())))
    assert body["uploads"][0]["media_type"] == "image/png"


async def test_a_role_must_fit(served: Served) -> None:
    status, body = await post(served, "/api/uploads", form(backdrop=("chair.glb", glb())))
    assert status == 422
    assert "can be: model" in body["detail"]
    _, body = await post(served, "/api/uploads", form(file=("a.svg", svg())))
    use = {"id": body["uploads"][0]["id"], "role": "frame"}
    status, body = await post(served, "/api/generate", json={"prompt": "a", "uploads": [use]})
    assert (status, body["errors"][0]["field"]) == (422, "uploads.0")


async def test_too_much_is_413_and_leaves_nothing(serve: Serve) -> None:
    served = await serve(limits={"upload_bytes": 100_000})
    status, body = await post(served, "/api/uploads", form(file=("a.png", png() + bytes(200_000))))
    assert (status, body["code"]) == (413, "too_large")

    async def chunks() -> Any:
        # Without a length, only counting tells.
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
        for _ in range(40):
            yield bytes(5_000)
        yield b"\r\n--x--\r\n"

    status, body = await post(
        served, "/api/uploads", chunks(), headers={"Content-Type": "multipart/form-data; boundary=x"}
    )
    assert status == 413
    data = aiohttp.FormData()
    for _ in range(9):
        data.add_field("file", png(8, 8), filename="a.png")
    status, body = await post(served, "/api/uploads", data)
    assert (status, body["code"]) == (422, "invalid_request")
    assert left_behind(served) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"garbage",
        b"--x\r\n",
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\nhalf',
        b"--x\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y\r\n\r\n--y--\r\n--x--\r\n",
        b'--x\r\nContent-Disposition: form-data; name="other"\r\n\r\na\r\n--x--\r\n',
        b"--x\r\n\r\na\r\n--x--\r\n",
        b"--x\r\n" + b"A: b\r\n" * 5000 + b"\r\na\r\n--x--\r\n",
    ],
)
async def test_a_body_that_is_no_form_is_told(served: Served, body: bytes) -> None:
    for content_type in ("multipart/form-data; boundary=x", "multipart/form-data"):
        status, told = await post(served, "/api/uploads", body, headers={"Content-Type": content_type})
        assert status in (400, 413, 422), told
    assert left_behind(served) == []


async def test_uploads_must_be_a_form(served: Served) -> None:
    status, _ = await post(served, "/api/uploads", json={"a": 1})
    assert status == 415
    status, body = await post(served, "/api/uploads", form({}, file=("", b"")))
    assert (status, body["code"]) == (422, "invalid_upload")


@pytest.mark.parametrize("path", ["/api/uploads", "/api/generate"])
@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
async def test_a_form_of_another_site_is_refused(served: Served, path: str, headers: dict[str, str]) -> None:
    # A browser sends such a form without asking first.
    fields = {"prompt": "a cube"} if path == "/api/generate" else {}
    status, body = await post(served, path, form(fields, file=("a.png", png())), headers=headers)
    assert (status, body["code"]) == (403, "origin_refused")
    status, body = await post(served, path, form(fields, file=("a.png", png())), headers={"Host": "evil.example"})
    assert status == 421
    assert left_behind(served) == []


async def test_a_key_stands_for_the_files_too(served: Served) -> None:
    async def send(content: bytes) -> tuple[int, dict[str, Any]]:
        data = form({"prompt": "a cube"}, file=("a.png", content))
        return await post(served, "/api/generate", data, headers={"Idempotency-Key": "k"})

    first = await send(png())
    assert first == await send(png())
    status, body = await send(png(20, 20))
    assert (status, body["code"]) == (422, "idempotency_conflict")
    assert sum(served.store.index.counts().values()) == 1


async def test_a_request_that_is_sent_again_finds_its_session_after_its_uploads_are_gone(served: Served) -> None:
    _, body = await post(served, "/api/uploads", form(file=("a.png", png())))
    asked = {"prompt": "a", "uploads": [body["uploads"][0]["id"]]}
    first = await post(served, "/api/generate", json=asked, headers={"Idempotency-Key": "k"})
    _age(served.store, timedelta(hours=25))
    Recoverer(served.store).sweep()
    assert first == await post(served, "/api/generate", json=asked, headers={"Idempotency-Key": "k"})
    status, body = await post(served, "/api/generate", json=asked)
    assert (status, body["errors"][0]["field"]) == (422, "uploads.0")


def _age(store: SessionStore, by: timedelta) -> None:
    for folder in (store.output / ".uploads").iterdir():
        then = time.time() - by.total_seconds()
        os.utime(folder, (then, then))


async def test_uploads_expire_and_what_died_is_swept(served: Served) -> None:
    waiting = served.store.output / ".uploads"
    await post(served, "/api/uploads", form(file=("a.png", png())))
    half = waiting / ".new-half"
    half.mkdir()
    (half / "file").write_bytes(b"half")
    Recoverer(served.store).sweep()
    assert len(list(waiting.iterdir())) == 2
    _age(served.store, timedelta(hours=2))
    Recoverer(served.store).sweep()
    assert not half.exists()
    _age(served.store, timedelta(hours=25))
    Recoverer(served.store).sweep()
    assert list(waiting.iterdir()) == []


async def test_an_upload_whose_time_is_over_is_not_found(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    _, body = await post(served, "/api/uploads", form(file=("a.png", png())))
    upload_id = body["uploads"][0]["id"]
    assert served.store.uploads.find(upload_id)
    later = utc_now() + timedelta(hours=24, seconds=1)
    monkeypatch.setattr(served.store.uploads, "_clock", lambda: later)
    assert served.store.uploads.find(upload_id) is None


async def test_a_retry_has_the_files_and_a_deletion_takes_them(served: Served) -> None:
    _, body = await post(served, "/api/generate", form({"prompt": "a"}, frame=("a.jpg", jpeg())))
    served.end(body["id"])
    status, again = await post(served, f"/api/session/{body['id']}/retry")
    assert status == 202
    session = served.store.get(again["id"])
    assert [(item.name, item.role) for item in session.uploads] == [("a.jpg", "frame")]
    assert (served.store.folder(session.id) / "uploads" / "1.jpg").read_bytes() == jpeg()
    async with served.client.delete(f"/api/session/{body['id']}") as answer:
        assert answer.status == 204
    assert (served.store.folder(session.id) / "uploads" / "1.jpg").is_file()
    served.end(session.id)
    (served.store.folder(session.id) / "uploads" / "1.jpg").write_bytes(b"another")
    status, body = await post(served, f"/api/session/{session.id}/retry")
    assert (status, body["code"]) == (409, "conflict")


@pytest.mark.parametrize("step", ["write_all", "fsync", "link"])
async def test_a_full_disk_is_told_and_nothing_stays(
    served: Served, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os if step == "link" else files, step, full)
    status, body = await post(served, "/api/generate", form({"prompt": "a"}, file=("a.png", png())))
    monkeypatch.undo()
    assert (status, body["code"]) == (507, "disk_full")
    assert left_behind(served) == []


async def test_many_at_once_are_all_kept(served: Served) -> None:
    async def one(number: int) -> str:
        data = form({"prompt": f"cube {number}"}, file=("a.png", png(20 + number, 20)))
        status, body = await post(served, "/api/generate", data)
        assert status == 202
        return str(body["id"])

    for number, session_id in enumerate(await asyncio.gather(*(one(number) for number in range(12)))):
        session = served.store.get(session_id)
        assert session.uploads[0].extent == (20 + number, 0, 20)
        content = (served.store.folder(session_id) / session.uploads[0].file).read_bytes()
        assert hashlib.sha256(content).hexdigest() == session.uploads[0].sha256
