"""One shape for every error of every route, whoever finds it: a route, aiohttp's router, its parser, or nobody."""

import asyncio
import json
import logging
import re
from http import HTTPStatus

import aiohttp
import pytest
from aiohttp import web

from addon.models.api import ProblemDetails
from addon.models.errors import ScenekeeperError
from addon.server import problems
from addon.server.app import create_app
from addon.server.operations import Operation
from addon.server.routes import OPERATIONS
from addon.server.serve import start

from .conftest import Served, make_context

HOSTILE_IDS = [
    "..%2f..%2fetc",
    "..%2F..%2Fetc%2Fpasswd",
    "%2e%2e",
    "%00",
    "a%00b",
    "a%0a",
    "%0a",
    "x" * 300,
    "x" * 65,
    "%ff%fe",
    "%F0%9F%8D%8E",
    "-rf",
    "_hidden",
    ".trash",
    ".index.sqlite3",
    "a.b",
    "a%20b",
    "a;b",
    "%252e%252e",
    "c:%5cwindows",
    "0",
    "00000000-0000-0000-0000-000000000000",
]
BY_ID = [operation for operation in OPERATIONS if "{id}" in operation.path]


async def shape(answer: aiohttp.ClientResponse, status: int) -> ProblemDetails:
    """The one shape, and nothing of the machine in it."""
    text = await answer.text()
    assert answer.status == status, text
    assert answer.headers["Content-Type"] == "application/problem+json"
    found = ProblemDetails.model_validate_json(text)
    assert set(json.loads(text)) == {"type", "title", "status", "detail", "code", "errors"}
    assert (found.status, found.title) == (status, HTTPStatus(status).phrase)
    assert re.fullmatch(r"[a-z_]+", found.code)
    assert not re.search(r"Traceback|\.py|/work|/tmp|/home|sqlite|aiohttp", text)
    for name in ("Content-Security-Policy", "X-Content-Type-Options", "Cache-Control", "Referrer-Policy"):
        assert name in answer.headers
    assert answer.headers["Server"] == "scenekeeper"
    return found


def path_of(operation: Operation, session_id: str = "none", kind: str = "blend") -> str:
    return operation.path.replace("{id}", session_id).replace("{kind}", kind)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
async def test_every_route_refuses_in_one_shape(served: Served, operation: Operation) -> None:
    client, path = served.client, path_of(operation)
    wrong = "PATCH"
    async with client.request(wrong, path) as answer:
        await shape(answer, 405)
        assert operation.method in answer.headers["Allow"].split(", ")
    async with client.request("GARBAGE", path) as answer:
        await shape(answer, 400)
    async with client.request(operation.method, path, headers={"Host": "evil.example"}) as answer:
        await shape(answer, 421)
    async with client.request(operation.method, path, headers={"Origin": "null"}) as answer:
        await shape(answer, 403)
    async with client.request(operation.method, path, headers={"Expect": "the unexpected"}) as answer:
        await shape(answer, 417)
    async with client.request(operation.method, f"{path}/further") as answer:
        assert answer.status in {404, 405}
        await shape(answer, answer.status)
    if operation.method != "GET":
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        async with client.request(operation.method, path, data=b"prompt=a", headers=form) as answer:
            await shape(answer, 415)


@pytest.mark.parametrize("operation", BY_ID, ids=lambda operation: operation.name)
async def test_every_hostile_id_is_unknown(served: Served, operation: Operation) -> None:
    for name in HOSTILE_IDS:
        url = f"{served.server.address}{path_of(operation, name)}"
        status, body = await raw_request(served, operation.method, url.removeprefix(served.server.address))
        assert (status, json.loads(body)["code"]) == (404, "unknown_session"), name


async def raw_request(served: Served, method: str, target: str) -> tuple[int, bytes]:
    """A request whose target no client has tidied up."""
    head = f"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1:{served.server.port}\r\nConnection: close\r\n\r\n"
    return await raw(served, head.encode())


async def raw(served: Served, sent: bytes) -> tuple[int, bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", served.server.port)
    writer.write(sent)
    async with asyncio.timeout(5):
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    assert b"aiohttp" not in head
    assert b"Server: scenekeeper" in head
    assert b"application/problem+json" in head
    return int(head.split(b" ")[1]), body


MALFORMED = {
    "words": b"GARBAGE\r\n\r\n",
    "no version": b"GET /api/health\r\n\r\n",
    "another protocol": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 50 + b"\r\n\r\n",
    "no host": b"GET /api/health HTTP/1.1\r\nConnection: close\r\n\r\n",
    "two hosts": b"GET /api/health HTTP/1.1\r\nHost: HERE\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
    "two lengths": b"POST /api/generate HTTP/1.1\r\nHost: HERE\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
    "length and chunks": b"POST /api/generate HTTP/1.1\r\nHost: HERE\r\nContent-Length: 2\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a negative length": b"POST /api/generate HTTP/1.1\r\nHost: HERE\r\nContent-Length: -2\r\n\r\n{}",
    "a folded header": b"GET /api/health HTTP/1.1\r\nHost: HERE\r\nX: a\r\n b\r\n\r\n",
    "a space in a name": b"GET /api/health HTTP/1.1\r\nHost : HERE\r\n\r\n",
    "NUL in a value": b"GET /api/health HTTP/1.1\r\nHost: HERE\r\nX: a\x00b\r\n\r\n",
    "a long line": b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: HERE\r\n\r\n",
    "a long header": b"GET /api/health HTTP/1.1\r\nHost: HERE\r\nX: " + b"a" * 20_000 + b"\r\n\r\n",
}


@pytest.mark.parametrize("name", MALFORMED)
async def test_what_is_not_http_is_answered_in_the_same_shape(served: Served, name: str) -> None:
    sent = MALFORMED[name].replace(b"HERE", f"127.0.0.1:{served.server.port}".encode())
    status, body = await raw(served, sent)
    assert status == 400
    assert ProblemDetails.model_validate_json(body).code == "bad_request"


@pytest.mark.parametrize("target", ["//evil.example/x", "*", "/%", "/api//sessions", "/api/../etc/passwd", "/\\..\\x"])
async def test_odd_targets_are_not_found(served: Served, target: str) -> None:
    status, body = await raw_request(served, "GET", target)
    assert (status, ProblemDetails.model_validate_json(body).status) in {(404, 404), (400, 400)}


@pytest.mark.parametrize(
    "error", [RuntimeError("/home/secret.py"), OSError(5, "disk", "/home/x"), ScenekeeperError("x")]
)
async def test_what_nobody_foresaw_is_logged_and_not_told(
    served: Served, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(request: web.Request) -> web.StreamResponse:
        raise error

    further = [Operation("GET", "/api/fails/{id}", "fails", "Fails", fail, ())]
    server = await start(create_app(make_context(served.store), further=further), "127.0.0.1", 0)
    try:
        with caplog.at_level(logging.WARNING, "scenekeeper.server"):
            async with served.client.get(f"{server.address}/api/fails/abc") as answer:
                assert (await shape(answer, 500)).code == "internal"
    finally:
        await server.stop()
    (record,) = (record for record in caplog.records if record.name == "scenekeeper.server")
    assert record.session_id == "abc"  # type: ignore[attr-defined]


def test_every_error_of_the_tree_has_a_status_and_keeps_its_code() -> None:
    def subclasses(kind: type[ScenekeeperError]) -> list[type[ScenekeeperError]]:
        return [kind, *(below for child in kind.__subclasses__() for below in subclasses(child))]

    statuses = {kind.code: problems._STATUS.get(kind) for kind in subclasses(ScenekeeperError)}
    # These are for workers and starts, and reach no route.
    assert {code for code, status in statuses.items() if status is None} >= {
        "internal",
        "lease_lost",
        "already_serving",
    }
    assert statuses["unknown_session"] == 404
    assert statuses["disk_full"] == 507
