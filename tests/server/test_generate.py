"""POST /api/generate: durable, idempotent, bounded, and strict about what it reads."""

import asyncio
import contextlib
import json
import os
import resource
import tempfile
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from addon.models.api import PROMPT_MAX, GenerateRequest
from addon.models.session import SessionStatus
from addon.server.app import create_app
from addon.server.serve import start
from addon.state.store import SessionStore

from .conftest import QUICK, Serve, Served, make_context


async def test_a_session_is_on_disk_before_it_is_answered(served: Served) -> None:
    async with served.client.post("/api/generate", json={"prompt": "  test scene ", "agents": []}) as answer:
        body = await answer.json()
        assert answer.status == 202
        assert answer.headers["Location"] == f"/api/session/{body['id']}"
    assert body == {"id": body["id"], "session_id": body["id"], "status": "pending", "message": "Waiting in the queue"}
    state = json.loads((served.store.output / body["id"] / "session_state.json").read_text())
    assert (state["status"], state["prompt"]) == ("pending", "test scene")


async def test_the_same_key_gives_the_same_session_and_answer(served: Served) -> None:
    async def post(prompt: str) -> tuple[int, str | None, dict[str, object]]:
        headers = {"Idempotency-Key": "order 4711"}
        async with served.client.post("/api/generate", json={"prompt": prompt}, headers=headers) as answer:
            return answer.status, answer.headers.get("Location"), await answer.json()

    answers = await asyncio.gather(*(post("a cube") for _ in range(10)))
    served.end(str(answers[0][2]["id"]))
    assert all(answer == answers[0] for answer in (*answers, await post("a cube")))
    assert answers[0][0] == 202
    status, _, other = await post("a sphere")
    assert (status, other["code"]) == (422, "idempotency_conflict")
    assert sum(served.store.counts().values()) == 1


@pytest.mark.parametrize("key", ["", " ", "x" * 201, "caf\u00e9", " a", "a\tb"])
async def test_a_key_that_is_none_is_named(served: Served, key: str) -> None:
    headers = [b"POST /api/generate HTTP/1.1", f"Host: 127.0.0.1:{served.server.port}".encode()]
    headers += [b"Content-Type: application/json", b"Content-Length: 14", b"Connection: close"]
    # As bytes: clients trim and refuse such values themselves.
    raw = b"\r\n".join([*headers, b"Idempotency-Key: " + key.encode()]) + b'\r\n\r\n{"prompt":"a"}'
    reader, writer = await asyncio.open_connection("127.0.0.1", served.server.port)
    writer.write(raw)
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    # Spaces around a value are not part of it.
    if key == " a":
        assert head.startswith(b"HTTP/1.1 202 ")
    else:
        assert head.startswith(b"HTTP/1.1 422 ")
        assert json.loads(body)["errors"][0]["field"] == "Idempotency-Key"


async def test_a_full_queue_says_when_to_come_again(serve: Serve) -> None:
    served = await serve(queue=2)
    for _ in range(2):
        served.make()
    async with served.client.post("/api/generate", json={"prompt": "one more"}) as answer:
        assert answer.status == 429
        assert int(answer.headers["Retry-After"]) > 0
        assert (await answer.json())["code"] == "queue_full"
    assert served.store.counts()[SessionStatus.PENDING] == 2


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
        known = store.create(GenerateRequest(prompt="before")).session.id
        server = await start(create_app(make_context(store)), "127.0.0.1", 0, limits=QUICK)
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


_DEEP = "[" * 100_000
NOT_JSON = {
    "empty": b"",
    "words": b"prompt=a",
    "cut off": b'{"prompt": "a"',
    "NaN": b'{"prompt": "a", "options": {"seed": NaN}}',
    "Infinity": b'{"prompt": "a", "options": {"seed": -Infinity}}',
    "a name twice": b'{"prompt": "a", "prompt": "b"}',
    "a name twice inside": b'{"prompt": "a", "options": {"seed": 1, "seed": 2}}',
    "deep arrays": _DEEP.encode(),
    "deep and whole": (_DEEP + "]" * 100_000).encode(),
    "deep enough for one parser": b'{"prompt": "a", "options": ' + b"[" * 500 + b"]" * 500 + b"}",
    "deep objects": b'{"a":' * 20_000,
    "not UTF-8": b'{"prompt": "\xff\xfe"}',
    "UTF-16": '{"prompt": "a"}'.encode("utf-16"),
    "byte order mark": b'\xef\xbb\xbf{"prompt": "a"}',
    "a lone surrogate": b'{"prompt": "\\ud800"}',
    "a huge number": b'{"prompt": "a", "options": {"seed": ' + b"9" * 5000 + b"}}",
    "a comment": b'{"prompt": "a"} // why',
    "two values": b'{"prompt": "a"}{"prompt": "b"}',
}


@pytest.mark.parametrize("name", NOT_JSON)
async def test_what_is_not_json_is_refused(served: Served, name: str) -> None:
    headers = {"Content-Type": "application/json"}
    async with served.client.post("/api/generate", data=NOT_JSON[name], headers=headers) as answer:
        body = await answer.json()
    assert (answer.status, body["code"]) == (400, "invalid_json"), body
    assert not sum(served.store.counts().values())


WRONG = {
    "prompt": [{}, {"prompt": ""}, {"prompt": " \n "}, {"prompt": 7}, {"prompt": None}, {"prompt": "a\0b"}],
    "agents.0": [{"prompt": "a", "agents": ["sculptor"]}, {"prompt": "a", "agents": [1]}],
    "agents": [{"prompt": "a", "agents": "render"}, {"prompt": "a", "agents": ["render"] * 17}],
    "options.seed": [{"prompt": "a", "options": {"seed": seed}} for seed in ("1", 1.5, True, -1, 2**31, 1e400)],
    "options.resolution": [{"prompt": "a", "options": {"resolution": [8, 8]}}],
    "options.colour": [{"prompt": "a", "options": {"colour": "red"}}],
    "python": [{"prompt": "a", "python": "import os"}],
    "\ud800": [{"prompt": "a", "\ud800": 1}],
}


@pytest.mark.parametrize(("field", "sent"), [(field, sent) for field, all_ in WRONG.items() for sent in all_])
async def test_what_is_wrong_names_its_field(served: Served, field: str, sent: dict[str, object]) -> None:
    text = json.dumps(sent).replace("Infinity", "1e400")
    headers = {"Content-Type": "application/json"}
    async with served.client.post("/api/generate", data=text, headers=headers) as answer:
        body = await answer.json()
    if field == "\ud800":  # a name that is not Unicode: not JSON for every parser
        assert answer.status == 400
        return
    assert (answer.status, body["code"]) == (422, "invalid_request"), body
    assert field in [error["field"] for error in body["errors"]]


async def test_the_list_of_faults_is_bounded(served: Served) -> None:
    sent = {"prompt": "a", **{f"{'x' * 500}{number}": 1 for number in range(300)}}
    async with served.client.post("/api/generate", json=sent) as answer:
        body = await answer.read()
    assert answer.status == 422
    assert len(body) < 10_000


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=latin-1",
        "multipart/form-data",
    ],
)
async def test_only_json_is_taken(served: Served, content_type: str | None) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    request = served.client.post(
        "/api/generate", data=b'{"prompt":"a"}', headers=headers, skip_auto_headers=["Content-Type"]
    )
    async with request as answer:
        assert (answer.status, (await answer.json())["code"]) == (415, "unsupported_media_type")


async def test_a_compressed_body_is_not_unpacked(served: Served) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    async with served.client.post("/api/generate", data=b"\x1f\x8b", headers=headers) as answer:
        assert answer.status == 415


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_that_is_too_large_is_not_read(served: Served, chunked: bool) -> None:
    async def pieces() -> object:
        for _ in range(64):
            yield b" " * 65_536

    data = pieces() if chunked else b" " * 300_000
    headers = {"Content-Type": "application/json"}
    async with served.client.post("/api/generate", data=data, headers=headers) as answer:
        assert (answer.status, (await answer.json())["code"]) == (413, "too_large")


async def test_the_longest_prompt_fits_however_it_is_written(served: Served) -> None:
    text = json.dumps({"prompt": "\U0001f600" * PROMPT_MAX})
    headers = {"Content-Type": "application/json"}
    async with served.client.post("/api/generate", data=text, headers=headers) as answer:
        assert answer.status == 202
    async with served.client.post("/api/generate", json={"prompt": "a" * (PROMPT_MAX + 1)}) as answer:
        assert answer.status == 422


async def test_many_at_once_are_all_made_once(served: Served) -> None:
    async def post(number: int) -> str:
        async with served.client.post("/api/generate", json={"prompt": f"cube {number}"}) as answer:
            assert answer.status == 202
            name: str = (await answer.json())["id"]
            assert (served.store.output / name / "session_state.json").exists()
            return name

    names = await asyncio.gather(*map(post, range(200)))
    assert len(set(names)) == 200
    assert served.store.counts()[SessionStatus.PENDING] == 200
