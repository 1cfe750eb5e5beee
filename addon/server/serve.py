"""Binding an app to a port, with bounded connections and deadlines; and stopping it cleanly. Server loop."""

import asyncio
import contextlib
import errno
import logging

from aiohttp import web

from ..models.errors import AlreadyServing
from .connection import GuardedConnection
from .context import CONTEXT

__all__ = ["RunningServer", "start"]

log = logging.getLogger("scenekeeper.server")


class RunningServer:
    """A server that listens. ``address`` is its URL, with the port that was really bound."""

    def __init__(
        self,
        address: str,
        port: int,
        runner: web.AppRunner,
        listener: asyncio.Server,
        open_connections: set[GuardedConnection],
    ) -> None:
        self.address = address
        self.port = port
        self._runner = runner
        self._listener = listener
        self._open = open_connections

    @property
    def connections(self) -> int:
        """How many are open now."""
        return len(self._open)

    async def stop(self) -> None:
        """Stop listening, let requests finish for a moment, end everything else."""
        self._listener.close()
        await self._runner.cleanup()
        log.info("Stopped serving on %s", self.address)


async def start(app: web.Application, host: str, port: int) -> RunningServer:
    """Serve an app of ``create_app``; port 0 picks a free one.

    Raises:
        AlreadyServing: the port is taken, or may not be used.
    """
    limits = app[CONTEXT].limits
    runner = web.AppRunner(app, handle_signals=False, handler_cancellation=True, shutdown_timeout=limits.stop_s)
    await runner.setup()
    server = runner.server
    if server is None:
        raise RuntimeError("the runner has no server after its setup")
    connections: set[GuardedConnection] = set()
    loop = asyncio.get_running_loop()
    try:
        listener = await loop.create_server(lambda: GuardedConnection(server, limits, connections), host, port)
    except OSError as error:
        with contextlib.suppress(Exception):
            await runner.cleanup()
        raise AlreadyServing(_why(error, host, port)) from error
    bound = listener.sockets[0].getsockname()[1]
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{bound}"
    log.info("Serving on %s", address)
    return RunningServer(address, bound, runner, listener, connections)


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is taken by another program. Stop it, or choose another port (0 picks one)."
    if error.errno == errno.EACCES:
        return f"Port {port} may not be used by this user. Choose one above 1023."
    return f"{host} is not an address of this machine that can be served on."
