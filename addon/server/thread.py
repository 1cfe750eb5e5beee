"""The server in a thread of its own, for Blender: the main thread stays bpy's. No signals, no bpy, always joined."""

import asyncio
import logging
import threading
from collections.abc import Callable

from aiohttp import web

from ..models.errors import ScenekeeperError
from .serve import start

__all__ = ["ServerThread"]

log = logging.getLogger("scenekeeper.server.thread")
_JOIN_S = 15.0


class ServerThread:
    """One server, one event loop, one thread. ``make_app`` is called in that thread."""

    def __init__(self, make_app: Callable[[], web.Application], host: str, port: int) -> None:
        self._make_app = make_app
        self._host = host
        self._port = port
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._begun = threading.Event()
        self._failure: BaseException | None = None
        self.address: str | None = None

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> str:
        """Serve; returns the address when requests are answered.

        Raises:
            AlreadyServing: the port is taken.
        """
        if self.alive:
            raise RuntimeError("the server runs already")
        self._begun.clear()
        self._failure = None
        # A daemon, so that a Blender that exits without unregistering does not wait for it for ever.
        self._thread = threading.Thread(target=self._run, name="scenekeeper-server", daemon=True)
        self._thread.start()
        self._begun.wait()
        if self._failure is not None or self.address is None:
            self._thread.join(_JOIN_S)
            raise self._failure or RuntimeError("the server ended before it began")
        return self.address

    def stop(self) -> None:
        """End all requests, close the port and join the thread. Does nothing where none runs."""
        thread, loop, stopping = self._thread, self._loop, self._stopping
        if thread is None:
            return
        if loop is not None and stopping is not None and not loop.is_closed():
            loop.call_soon_threadsafe(stopping.set)
        thread.join(_JOIN_S)
        if thread.is_alive():
            raise ScenekeeperError("The server's thread did not end in time.")
        self._thread = None

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            self._failure = error
            if self._begun.is_set():
                log.exception("The server ended with an error")
        finally:
            self.address = None
            self._begun.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        server = await start(self._make_app(), self._host, self._port)
        self.address = server.address
        self._begun.set()
        try:
            await self._stopping.wait()
        finally:
            await server.stop()
