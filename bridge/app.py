"""The bridge's composition root: store, recovery, supervisor and server, wired and run. On the main thread."""

import asyncio
import contextlib
import logging
import os
from dataclasses import dataclass
from functools import partial

from aiohttp import web

from addon.models.api import Role
from addon.models.base import utc_now
from addon.models.errors import AlreadyServing, ScenekeeperError
from addon.models.settings import Settings
from addon.models.version import VERSION
from addon.server.app import create_app
from addon.server.context import ServerContext
from addon.server.serve import RunningServer, start
from addon.state.recoverer import Recoverer
from addon.state.store import SessionStore

from .adoption import end_orphans
from .announcement import Announcement, announce, withdraw
from .background import Background
from .folder import Folder
from .routes import bridge_operations
from .supervisor import Supervisor

__all__ = ["Bridge"]

_log = logging.getLogger("scenekeeper.bridge")
_SWEEP_INTERVAL_S = 3.0
_INDEX_INTERVAL_S = 0.5
_FOLDER_RETRY_S = 1.0


@dataclass
class Bridge:
    """One bridge, from ``open`` to ``close``.

    ``displaced``: the folder could not be held at first, and then another bridge was quicker; ``stop`` was set.
    """

    settings: Settings
    folder: Folder
    stop: asyncio.Event
    store: SessionStore
    recoverer: Recoverer
    supervisor: Supervisor
    server: RunningServer
    announcement: Announcement
    _tasks: list[asyncio.Task[None]]
    displaced: AlreadyServing | None = None

    @classmethod
    async def open(cls, settings: Settings, folder: Folder, stop: asyncio.Event) -> "Bridge":
        """Answer first, then recover, then run Blender. In a folder that cannot be written: read only, until it can.

        Raises:
            AlreadyServing: the port cannot be had.
            NoRoom, FolderReadOnly, IndexUnavailable: the folder cannot be used.
        """
        store = SessionStore(settings.output, max_queue=settings.max_queue)
        store.open(or_temporary=True)
        recoverer = Recoverer(store, max_attempts=settings.max_attempts)
        supervisor = Supervisor(store, settings, recoverer, supervisor_id=folder.identity)
        app = _app(settings, store, recoverer, supervisor)
        try:
            server = await start(app, settings.bind, settings.port)
        except AlreadyServing:
            store.close()
            raise
        announcement = Announcement(
            address=server.address,
            pid=os.getpid(),
            started_at=utc_now(),
            token=settings.token.get_secret_value() if settings.token else None,
        )
        bridge = cls(settings, folder, stop, store, recoverer, supervisor, server, announcement, [])
        bridge._announce()
        _log.info("bridge_started", extra={"address": server.address, "pid": os.getpid(), "version": VERSION})
        bridge._tasks = [asyncio.create_task(bridge._recover()), asyncio.create_task(bridge._supervise())]
        return bridge

    async def close(self) -> None:
        """Stop Blender cleanly, then the server; a session that runs goes back to pending with its checkpoints."""
        _log.info("bridge_stopping")
        self.stop.set()
        self.announcement = self.announcement.model_copy(update={"stopping": True})
        self._announce()
        self.supervisor.stop()
        recovering, supervising = self._tasks
        recovering.cancel()
        await asyncio.gather(recovering, supervising, return_exceptions=True)
        await self.server.stop()
        withdraw(self.settings.output)
        _log.info("bridge_stopped")

    def _announce(self) -> None:
        try:
            announce(self.settings.output, self.announcement)
        except OSError as error:
            # Without the file the command line must be told the address; everything else works.
            _log.warning("not_announced", extra={"reason": error.strerror})

    async def _supervise(self) -> None:
        adoption = Background("adoption")
        await self._wait_for_folder(adoption)
        if self.stop.is_set():
            return
        try:
            found = await adoption.run(lambda: end_orphans(self.store.output))
            for worker_id in found.killed:
                await adoption.run(partial(self.recoverer.recover_worker, worker_id))
        except (ScenekeeperError, OSError) as error:
            _log.error("adoption_failed", extra={"error": str(error)})
        while not self.stop.is_set():
            try:
                await self.supervisor.run()
            except Exception:  # noqa: BLE001 - a bridge without a supervisor would never run a Blender again
                _log.exception("supervisor_failed")
                await asyncio.sleep(_SWEEP_INTERVAL_S)

    async def _wait_for_folder(self, background: Background) -> None:
        """Until the folder is held and its own index is used, or the bridge stops."""
        while not self.stop.is_set():
            try:
                if not self.folder.taken:
                    await background.run(self.folder.take)
                if await background.run(self.store.index.settle):
                    _log.info("folder_can_be_written")
                    self._announce()
                return
            except AlreadyServing as error:
                self.displaced = error
                self.stop.set()
            except (ScenekeeperError, OSError) as error:
                if self.supervisor.waits(str(error)):
                    _log.error("folder_not_writable", extra={"reason": str(error)})
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.stop.wait(), _FOLDER_RETRY_S)

    async def _recover(self) -> None:
        """The whole folder once, and again when the index is lost; else what dies or is abandoned while we run."""
        background = Background("recovery")
        work = self.recoverer.scan
        while True:
            try:
                summary = await background.run(work)
            except (ScenekeeperError, OSError) as error:
                _log.error("recovery_failed", extra={"error": str(error)})
            except Exception:  # noqa: BLE001 - whatever it was, recovery goes on
                _log.exception("recovery_failed")
            else:
                if work == self.recoverer.scan:
                    _log.info("recovered", extra={"scanned": summary.scanned, "changed": summary.recovered})
                for session in summary.sessions:
                    _log.info("session_recovered", extra={"session_id": session["id"], "status": session["status"]})
                work = self.recoverer.sweep
            for _ in range(int(_SWEEP_INTERVAL_S / _INDEX_INTERVAL_S)):
                await asyncio.sleep(_INDEX_INTERVAL_S)
                if await background.run(lambda: self.store.index.needs_scan):
                    work = self.recoverer.scan
                    break


def _app(settings: Settings, store: SessionStore, recoverer: Recoverer, supervisor: Supervisor) -> web.Application:
    context = ServerContext(
        store=store,
        settings=settings,
        role=Role.BRIDGE,
        version=VERSION,
        blender_health=supervisor.health,
        recovery_health=lambda: recoverer.health,
        recover=recoverer.scan,
    )
    return create_app(context, further=bridge_operations(supervisor))
