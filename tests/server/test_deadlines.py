"""Clients that stall: each is ended by its own deadline, and nobody else notices."""

import asyncio
import json

import pytest

from .conftest import Serve, Served


async def closed(reader: asyncio.StreamReader) -> bytes:
    """What came until the server ended the connection."""
    async with asyncio.timeout(5):
        try:
            return await reader.read()
        except ConnectionResetError:
            return b""


async def until_unconnected(served: Served) -> None:
    for _ in range(500):
        if served.server.connections == 0:
            return
        await asyncio.sleep(0.01)
    raise TimeoutError


async def connect(served: Served) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", served.server.port)


@pytest.mark.parametrize("first", [b"", b"GET /api/health HTTP/1.1\r\nHos"])
async def test_headers_that_never_end(serve: Serve, first: bytes) -> None:
    served = await serve(limits={"head_s": 0.2})
    reader, writer = await connect(served)
    writer.write(first)
    assert await closed(reader) == b""
    writer.close()


async def test_headers_that_trickle(serve: Serve) -> None:
    served = await serve(limits={"head_s": 0.3})
    reader, writer = await connect(served)

    async def trickle() -> None:
        writer.write(b"GET /api/health HTTP/1.1\r\n")
        while not writer.is_closing():
            writer.write(b"X: y\r\n")
            await asyncio.sleep(0.05)

    trickling = asyncio.create_task(trickle())
    assert await closed(reader) == b""
    trickling.cancel()
    writer.close()


async def test_headers_that_stall_behind_a_request_that_was_answered(serve: Serve) -> None:
    served = await serve(limits={"head_s": 0.2})
    reader, writer = await connect(served)
    host = f"Host: 127.0.0.1:{served.server.port}\r\n\r\n".encode()
    writer.write(b"GET /api/agents HTTP/1.1\r\n" + host)
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    await asyncio.sleep(0.3)  # idle for longer than the deadline for headers is allowed
    writer.write(b"GET /api/agents HTTP/1.1\r\n" + host)
    assert b"HTTP/1.1 200 " in await reader.readuntil(b"\r\n\r\n")
    writer.write(b"GET /api/ag")
    await closed(reader)
    writer.close()


@pytest.mark.parametrize("start", [b"Content-Length: 100\r\n\r\n{", b"Transfer-Encoding: chunked\r\n\r\n5\r\n{"])
async def test_a_body_that_never_ends(serve: Serve, start: bytes) -> None:
    served = await serve(limits={"body_s": 0.2})
    reader, writer = await connect(served)
    host = f"Host: 127.0.0.1:{served.server.port}\r\nContent-Type: application/json\r\n".encode()
    writer.write(b"POST /api/generate HTTP/1.1\r\n" + host + start)
    head, _, body = (await closed(reader)).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408 ")
    assert json.loads(body)["code"] == "body_timeout"
    writer.close()


async def test_a_body_that_nobody_asked_for_is_not_waited_for(served: Served) -> None:
    reader, writer = await connect(served)
    head = f"POST /api/session/none/cancel HTTP/1.1\r\nHost: 127.0.0.1:{served.server.port}\r\n"
    writer.write(head.encode() + b"Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{")
    assert (await closed(reader)).startswith(b"HTTP/1.1 404 ")
    writer.close()


async def test_an_idle_connection_ends(serve: Serve) -> None:
    served = await serve(limits={"idle_s": 0.2})
    reader, writer = await connect(served)
    writer.write(f"GET /api/agents HTTP/1.1\r\nHost: 127.0.0.1:{served.server.port}\r\n\r\n".encode())
    assert b"200 OK" in await closed(reader)
    writer.close()


async def test_there_are_only_so_many_connections_and_places_become_free(serve: Serve) -> None:
    served = await serve(limits={"connections": 3})
    held = [await connect(served) for _ in range(3)]
    reader, writer = await connect(served)
    assert await closed(reader) == b""
    writer.close()
    for _, other in held:
        other.close()
    await until_unconnected(served)
    async with served.client.get("/api/agents") as answer:
        assert answer.status == 200


async def test_stalled_clients_hold_nobody_up(served: Served) -> None:
    held = [await connect(served) for _ in range(50)]
    for _, writer in held:
        writer.write(b"POST /api/generate HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n")
    async with asyncio.timeout(2), served.client.get("/api/agents") as answer:
        assert answer.status == 200
    for _, writer in held:
        writer.close()
