"""The server in a thread, as Blender runs it: the calling thread stays free, and stopping leaves nothing behind."""

import json
import socket
import threading
import urllib.request
from collections.abc import Callable

import pytest

from addon.models.errors import AlreadyServing
from addon.server.app import create_app
from addon.server.thread import ServerThread
from addon.state.store import SessionStore

from .conftest import make_context

OpenStore = Callable[[], SessionStore]


def health(address: str) -> dict[str, object]:
    with urllib.request.urlopen(f"{address}/api/health", timeout=5) as answer:
        found: dict[str, object] = json.load(answer)
        return found


def make_thread(store: SessionStore, port: int = 0) -> ServerThread:
    return ServerThread(lambda: create_app(make_context(store)), "127.0.0.1", port)


def test_it_answers_while_this_thread_does_other_things_and_starts_again(open_store: OpenStore) -> None:
    before = threading.active_count()
    server = make_thread(open_store())
    for _ in range(2):
        address = server.start()
        assert address == server.address
        assert health(address)["status"] == "ok"
        assert server.alive
        server.stop()
        assert not server.alive
        assert server.address is None
        with pytest.raises(OSError):
            health(address)
    server.stop()
    assert threading.active_count() == before


def test_it_stops_with_a_stream_open(open_store: OpenStore) -> None:
    server = make_thread(open_store())
    address = server.start()
    with urllib.request.urlopen(f"{address}/api/events", timeout=5) as stream:
        assert stream.readline().startswith(b"retry:")
        server.stop()
        assert not server.alive


def test_a_port_that_is_taken_is_told_plainly(open_store: OpenStore) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        server = make_thread(open_store(), port)
        with pytest.raises(AlreadyServing, match=f"Port {port} .* taken"):
            server.start()
    assert not server.alive
    server.stop()
    assert server.start().endswith(f":{port}")
    server.stop()


def test_an_address_that_is_not_ours_is_told_plainly(open_store: OpenStore) -> None:
    server = ServerThread(lambda: create_app(make_context(open_store())), "192.0.2.1", 0)
    with pytest.raises(AlreadyServing, match="not an address of this machine"):
        server.start()
    assert not server.alive


def test_starting_twice_is_refused(open_store: OpenStore) -> None:
    server = make_thread(open_store())
    server.start()
    try:
        with pytest.raises(RuntimeError):
            server.start()
    finally:
        server.stop()
