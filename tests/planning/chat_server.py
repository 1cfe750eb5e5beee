"""A real HTTP server that speaks the protocol of chat completions, and says what a test has written for it."""

import contextlib
import json
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

__all__ = ["ChatServer", "Reply", "says", "serving"]

Json = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """One answer. ``promised``: bytes more than are sent; ``pieces``/``pause_s``: sent that slowly."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    pieces: int = 1
    pause_s: float = 0.0
    promised: int = 0


def says(answer: Json | str, finish_reason: str = "stop") -> Reply:
    """A completion."""
    content = answer if isinstance(answer, str) else json.dumps(answer)
    choice = {"index": 0, "finish_reason": finish_reason, "message": {"role": "assistant", "content": content}}
    return Reply(body=json.dumps({"object": "chat.completion", "choices": [choice]}).encode())


@dataclass
class ChatServer:
    """What was asked, and what is answered: the replies in order, the last one again and again."""

    replies: Sequence[Reply]
    port: int = 0
    requests: list[Json] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """The base address."""
        return f"http://127.0.0.1:{self.port}/v1"

    def take(self, path: str, headers: dict[str, str], body: bytes) -> Reply:
        """Note a request."""
        self.times.append(time.monotonic())
        self.paths.append(path)
        self.headers.append(headers)
        self.requests.append(json.loads(body))
        return self.replies[min(len(self.requests), len(self.replies)) - 1]


def _handler(server: ChatServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            reply = server.take(self.path, dict(self.headers), body)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(reply.body) + reply.promised))
            self.end_headers()
            step = -(-len(reply.body) // reply.pieces) or 1
            with contextlib.suppress(ConnectionError):
                for start in range(0, len(reply.body), step):
                    if reply.pause_s and server.stopping.wait(reply.pause_s):
                        break
                    self.wfile.write(reply.body[start : start + step])
                    self.wfile.flush()
            if reply.promised:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


@contextlib.contextmanager
def serving(*replies: Reply) -> Iterator[ChatServer]:
    """A server on a free port of this machine."""
    server = ChatServer(replies)
    http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(server))
    http.daemon_threads = True
    server.port = http.server_address[1]
    thread = threading.Thread(target=http.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server
    finally:
        server.stopping.set()
        http.shutdown()
        http.server_close()
        thread.join()
