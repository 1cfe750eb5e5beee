"""Who may call: hosts, origins, preflights, tokens."""

import asyncio

import pytest
from pydantic import ValidationError

from addon.models.settings import Settings
from addon.server.problems import RequestRefused
from addon.server.security import AccessRules

from .conftest import Serve, Served

LOCAL = ("127.0.0.1", 5002)


@pytest.mark.parametrize(
    "host",
    [
        "localhost:5002",
        "LOCALHOST:5002",
        "127.0.0.1:5002",
        "[::1]:5002",
        "box.example",
        "box.example:1",
        "app.example:81",
    ],
)
def test_our_own_names_are_served(host: str) -> None:
    AccessRules(hosts=("box.example", "app.example:81")).check_host([host], LOCAL)


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:5002",
        "localhost",
        "localhost:5003",
        "localhost.evil.example:5002",
        "127.0.0.1.evil.example:5002",
        "user@localhost:5002",
        "localhost:5002@evil.example",
        "localhost:5002/",
        "localhost:",
        "localhost:999999",
        "local\u0131host:5002",
        "[::1",
        "0.0.0.0:5002",
        "app.example",
        "",
    ],
)
def test_other_names_are_refused(host: str) -> None:
    with pytest.raises(RequestRefused) as refused:
        AccessRules(hosts=("app.example:81",)).check_host([host], LOCAL)
    assert (refused.value.status, refused.value.code) == (421, "host_refused")


def test_the_address_that_was_reached_is_ours() -> None:
    AccessRules().check_host(["192.168.1.5:5002"], ("192.168.1.5", 5002))
    AccessRules().check_host(["[fe80::1]:5002"], ("fe80::1", 5002))
    AccessRules().check_host(["localhost"], ("127.0.0.1", 80))


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "",
        "https://evil.example",
        "http://evil.example:5002",
        "https://localhost:5002",
        "http://localhost:3000",
        "http://localhost:5002/",
        "http://localhost:5002.evil.example",
        "https://app.example.evil.example",
        "https://APP.example",
        "file://",
        "chrome-extension://abc",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_pages_of_other_origins_are_refused(origin: str, method: str) -> None:
    rules = AccessRules(origins=("https://app.example",))
    with pytest.raises(RequestRefused) as refused:
        rules.check_origin({"Origin": origin}, method, LOCAL)
    assert (refused.value.status, refused.value.code) == (403, "origin_refused")


def test_our_own_and_allowed_origins_pass() -> None:
    rules = AccessRules(origins=("https://app.example",))
    rules.check_origin({"Origin": "http://localhost:5002"}, "POST", LOCAL)
    rules.check_origin({"Origin": "https://app.example"}, "POST", LOCAL)
    rules.check_origin({}, "POST", LOCAL)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_form_of_another_site_is_refused_without_an_origin_too(site: str) -> None:
    with pytest.raises(RequestRefused):
        AccessRules().check_origin({"Sec-Fetch-Site": site}, "POST", LOCAL)
    AccessRules().check_origin({"Sec-Fetch-Site": site}, "GET", LOCAL)
    AccessRules().check_origin({"Sec-Fetch-Site": "same-origin"}, "POST", LOCAL)


async def test_a_cross_site_form_makes_no_session(served: Served) -> None:
    for headers in (
        {"Origin": "https://evil.example", "Content-Type": "application/x-www-form-urlencoded"},
        {"Origin": "null", "Content-Type": "application/json"},
        {"Sec-Fetch-Site": "cross-site", "Content-Type": "text/plain"},
    ):
        async with served.client.post("/api/generate", data=b'{"prompt":"a"}', headers=headers) as answer:
            assert answer.status == 403
            assert "Access-Control-Allow-Origin" not in answer.headers
    assert sum(served.store.index.counts().values()) == 0


async def test_an_allowed_page_may_ask_and_read(serve: Serve) -> None:
    served = await serve(allowed_origins=["https://app.example"], token="s3cret")
    asked = {
        "Origin": "https://app.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,idempotency-key",
    }
    async with served.client.options("/api/generate", headers=asked) as answer:
        assert answer.status == 204  # browsers send no token with it
        assert answer.headers["Access-Control-Allow-Origin"] == "https://app.example"
        assert "POST" in answer.headers["Access-Control-Allow-Methods"]
        allowed = answer.headers["Access-Control-Allow-Headers"].lower()
        assert "content-type" in allowed and "idempotency-key" in allowed and "authorization" in allowed
    headers = {"Origin": "https://app.example", "Authorization": "Bearer s3cret"}
    for path, status in (("/api/sessions", 200), ("/api/session/none", 404), ("/nowhere", 404)):
        async with served.client.get(path, headers=headers) as answer:
            assert answer.status == status
            assert answer.headers["Access-Control-Allow-Origin"] == "https://app.example"
            assert answer.headers["Vary"] == "Origin"
            assert "Access-Control-Allow-Credentials" not in answer.headers
    async with served.client.options("/api/generate", headers=asked | {"Origin": "https://evil.example"}) as answer:
        assert answer.status == 403


async def test_options_tells_the_methods(served: Served) -> None:
    async with served.client.options("/api/session/none") as answer:
        assert (answer.status, answer.headers["Allow"]) == (204, "DELETE, GET, HEAD, OPTIONS")
    async with served.client.options("/nowhere") as answer:
        assert answer.status == 404


@pytest.mark.parametrize(
    "given", [None, "Bearer", "Bearer ", "Bearer s3cre", "Bearer s3cret2", "Basic s3cret", "s3cret"]
)
async def test_with_a_token_everything_needs_it(serve: Serve, given: str | None) -> None:
    served = await serve(token="s3cret")
    for path in ("/api/health", "/api/sessions", "/metrics", "/api/openapi.json", "/nowhere"):
        headers = {"Authorization": given} if given else {}
        async with served.client.get(path, headers=headers) as answer:
            assert (answer.status, (await answer.json())["code"]) == (401, "unauthorized")
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    for right in ("Bearer s3cret", "bearer s3cret"):
        async with served.client.get("/api/health", headers={"Authorization": right}) as answer:
            assert answer.status == 200


async def test_a_token_may_be_any_text_and_a_wrong_one_any_bytes(serve: Serve) -> None:
    served = await serve(token="gehe\u00efm")
    reader, writer = await asyncio.open_connection("127.0.0.1", served.server.port)
    for token, status in ((b"\xff\xfe", b"401"), ("gehe\u00efm".encode(), b"200")):
        host = f"127.0.0.1:{served.server.port}".encode()
        writer.write(b"GET /api/agents HTTP/1.1\r\nHost: " + host + b"\r\nAuthorization: Bearer " + token + b"\r\n\r\n")
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.split(b" ")[1] == status
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
    writer.close()


async def test_a_further_host_is_served_when_it_is_allowed(serve: Serve) -> None:
    served = await serve(allowed_hosts=["box.example"])
    async with served.client.get("/api/health", headers={"Host": "box.example"}) as answer:
        assert answer.status == 200
    async with served.client.get("/api/health", headers={"Host": "fox.example"}) as answer:
        assert answer.status == 421


def test_open_to_others_without_a_token_is_no_setting() -> None:
    with pytest.raises(ValidationError):
        Settings(bind="0.0.0.0")
