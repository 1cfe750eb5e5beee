"""Everything hostile at once against a running bridge: it goes on answering, in one shape, and its log has no trace."""

import asyncio
import contextlib
import json
import random
import urllib.request
from pathlib import Path

import psutil
import pytest

from tests.bridge.running import RunningBridge, running

pytestmark = [pytest.mark.stress, pytest.mark.timeout(120)]

IDS = [
    "..%2f..%2fetc%2fpasswd",
    "%00",
    "a%00b",
    "x" * 300,
    "%ff",
    "%e2%80%ae",
    "..%5c..",
    "%2e%2e%2f",
    ".index.sqlite3",
]
ORIGINS = ["null", "https://evil.example", "http://localhost.evil.example", "http://127.0.0.1:1", "file://"]
HOSTS = ["evil.example", "127.0.0.1.evil.example", "localhost:1", "[::1", "a" * 5000, "", "127.0.0.1@evil.example"]
BODIES = [
    b"[" * 60_000,
    b'{"prompt": NaN}',
    b'{"prompt": "a", "options": {"seed": 1e999}}',
    b'{"prompt": "\\u202e\\u0000\\ud800"}',
    b'{"prompt": "a", "prompt": "b"}',
    '{"prompt": "\U0001f468\u200d\U0001f469 \u0301\u0301"}'.encode("utf-16"),
    b"\xff" * 1000,
    b"prompt=a+cube",
    b" " * 10_000_000,
]


def routes(bridge: RunningBridge) -> list[tuple[str, str]]:
    paths = bridge.call("GET", "/api/openapi.json")["paths"]
    found = [(method.upper(), path) for path, methods in paths.items() for method in methods]
    return [(method, path) for method, path in found if "events" not in path and not path.endswith("/recover")]


def requests(bridge: RunningBridge, host: str) -> list[bytes]:
    """Raw requests, each wrong in one way, over every route."""
    made: list[bytes] = []
    for method, path in routes(bridge):
        plain = path.replace("{id}", "none").replace("{kind}", "blend")

        def ask(target: str, head: str, body: bytes = b"", name: str = method) -> None:
            length = f"Content-Length: {len(body)}\r\n" if body else ""
            made.append(f"{name} {target} HTTP/1.1\r\n{head}{length}Connection: close\r\n\r\n".encode() + body)

        good = f"Host: {host}\r\n"
        for name in IDS if "{id}" in path else []:
            ask(path.replace("{id}", name).replace("{kind}", "blend"), good)
        for origin in ORIGINS:
            ask(plain, f"{good}Origin: {origin}\r\n", b"{}" if method != "GET" else b"")
        for other in HOSTS:
            ask(plain, f"Host: {other}\r\n")
        ask(plain, good + "".join(f"X-{number}: {'y' * 100}\r\n" for number in range(2000)))
        ask(plain, good + f"X: {'y' * 100_000}\r\n")
        ask(plain, good + "Range: bytes=" + ",".join("0-1" for _ in range(1000)) + "\r\n")
        ask(f"{plain}?{'a=b&' * 2000}", good)
        ask(f"{plain}?limit=-1&status=%00&cursor=%ff&q=%ff%00", good)
        if method == "POST":
            ask(plain, f"{good}Sec-Fetch-Site: cross-site\r\nContent-Type: text/plain\r\n", b'{"prompt": "a"}')
            ask(plain, f"{good}Content-Type: text/plain\r\n", b'{"prompt": "a"}')
            ask(plain, f"{good}Content-Type: application/x-www-form-urlencoded\r\n", b"prompt=a")
            for body in BODIES:
                ask(plain, f"{good}Content-Type: application/json\r\n", body)
    return made


async def answer_to(port: int, sent: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        with contextlib.suppress(ConnectionError):
            writer.write(sent)
            await writer.drain()
        async with asyncio.timeout(15):
            with contextlib.suppress(ConnectionError):
                return await reader.read()
        return b""
    finally:
        writer.close()


async def stalled(port: int, number: int) -> None:
    """Half a request, for ever."""
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(b"POST /api/generate HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n"[: 10 + number])
        await asyncio.sleep(3600)
    finally:
        writer.close()


async def assault(port: int, sent: list[bytes]) -> list[bytes]:
    slow = [asyncio.create_task(stalled(port, number % 40)) for number in range(200)]
    places = asyncio.Semaphore(30)

    async def one(raw: bytes) -> bytes:
        async with places:
            return await answer_to(port, raw)

    answers = await asyncio.gather(*map(one, sent))
    for task in slow:
        task.cancel()
    await asyncio.gather(*slow, return_exceptions=True)
    return answers


def test_a_bridge_under_assault_goes_on(tmp_path: Path) -> None:
    with running(tmp_path / "output", blender="/none") as bridge:
        port = int(bridge.address.rpartition(":")[2])
        sent = requests(bridge, f"127.0.0.1:{port}")
        random.Random(1).shuffle(sent)
        process = psutil.Process(bridge.process.pid)
        before = process.memory_info().rss
        answers = asyncio.run(assault(port, sent))
        for raw, answer in zip(sent, answers, strict=True):
            head, _, body = answer.partition(b"\r\n\r\n")
            if not answer and len(raw) > 1_000_000:
                continue  # cut off while it sent ten megabytes that nobody wanted
            status = int(head.split(b" ")[1])
            assert status < 500, (raw[:200], answer[:500])
            if status >= 400 and not raw.startswith(b"HEAD"):
                assert json.loads(body)["status"] == status, raw[:200]
                assert b"/work" not in body and b"Traceback" not in body and b"sqlite" not in body
        with urllib.request.urlopen(f"{bridge.address}/api/health", timeout=5) as answer:
            assert answer.status == 200
        # The one body that is fine but for its header is refused as well, so nothing at all was made.
        assert bridge.call("GET", "/api/sessions")["total"] == 0
        assert process.memory_info().rss - before < 100 << 20
        assert "Traceback" not in bridge.log.read_text()
