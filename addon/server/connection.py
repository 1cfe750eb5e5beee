"""One connection, with deadlines that aiohttp's runner does not have, and its errors in our one shape. Server loop.

aiohttp ends connections that are idle (``keepalive_timeout``). This adds: headers must be complete in time however
they trickle; a client that takes nothing of its answer is cut off; there are only so many connections.
"""

import asyncio
import logging
from typing import Any, cast

from aiohttp import web
from aiohttp.web_request import BaseRequest

from .headers import harden
from .limits import Limits
from .problems import problem, problem_from_http

__all__ = ["GuardedConnection"]

log = logging.getLogger("scenekeeper.server")
# One line per request would hide the lines that tell of events; aiohttp skips a logger that is not enabled.
_NO_ACCESS_LOG = logging.getLogger("scenekeeper.server.access")
_NO_ACCESS_LOG.disabled = True


class GuardedConnection(web.RequestHandler):
    """aiohttp's connection with a clock on what the client must do."""

    __slots__ = ("_answering", "_head_timer", "_limits", "_open", "_socket", "_stall_timer", "_unsent")

    def __init__(self, manager: web.Server, limits: Limits, open_connections: "set[GuardedConnection]") -> None:
        super().__init__(
            manager,
            loop=asyncio.get_running_loop(),
            access_log=_NO_ACCESS_LOG,
            keepalive_timeout=limits.idle_s,
            lingering_time=limits.linger_s,
            auto_decompress=False,
        )
        self._limits = limits
        self._open = open_connections
        self._socket: asyncio.Transport | None = None
        self._head_timer: asyncio.TimerHandle | None = None
        self._stall_timer: asyncio.TimerHandle | None = None
        self._answering = False
        self._unsent = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the loop."""
        socket = cast(asyncio.Transport, transport)
        self._socket = socket
        if len(self._open) >= self._limits.connections:
            socket.abort()
            return
        self._open.add(self)
        # So that writing is paused as soon as the client is behind at all, and its clock starts.
        socket.set_write_buffer_limits(high=0)
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: BaseException | None) -> None:
        """Called by the loop."""
        self._open.discard(self)
        for timer in (self._head_timer, self._stall_timer):
            if timer is not None:
                timer.cancel()
        self._socket = self._head_timer = self._stall_timer = None
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Called by the loop."""
        if data and not self._answering:
            self._expect_head()
        super().data_received(data)

    def _expect_head(self) -> None:
        if self._head_timer is None and self._socket is not None:
            self._head_timer = asyncio.get_running_loop().call_later(self._limits.head_s, self._cut_off)

    def head_complete(self) -> None:
        """A request is there and is being answered."""
        self._answering = True
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def pause_writing(self) -> None:
        """Called by the loop: the client is behind."""
        super().pause_writing()
        self._watch_stall()

    def resume_writing(self) -> None:
        """Called by the loop: the client has taken everything."""
        super().resume_writing()
        if self._stall_timer is not None:
            self._stall_timer.cancel()
            self._stall_timer = None

    def _watch_stall(self) -> None:
        if self._socket is not None:
            self._unsent = self._socket.get_write_buffer_size()
            self._stall_timer = asyncio.get_running_loop().call_later(self._limits.write_s, self._check_stall)

    def _check_stall(self) -> None:
        if self._socket is not None and self._socket.get_write_buffer_size() >= self._unsent:
            self._cut_off()
        else:
            self._watch_stall()

    def _cut_off(self) -> None:
        # Closing would first wait until the rest is sent, and this client does not take it.
        if self._socket is not None:
            self._socket.abort()

    async def finish_response(
        self, request: BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        """The answer is ready: send it. An error that no middleware saw (Expect) gets the one shape here."""
        if isinstance(resp, web.HTTPException):
            resp = problem_from_http(resp)
        try:
            return await super().finish_response(request, resp, start_time)
        finally:
            self._answering = False

    def handle_error(
        self,
        request: BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """What is not HTTP (400), and what went wrong outside of all routes (500). The connection ends."""
        if request.writer.output_size > 0:
            raise ConnectionResetError("the answer had begun")
        if status == 400:
            answer = problem(400, "bad_request", "The request is not valid HTTP.")
        else:
            log.error("A request failed outside of its route", exc_info=exc)
            answer = problem(500, "internal", "Something went wrong here. The log has the details.")
        answer.force_close()
        harden(answer)
        return answer

    def log_exception(self, *args: Any, **kw: Any) -> None:
        """aiohttp's own reports."""
        log.error(*args, **kw)
