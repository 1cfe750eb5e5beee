"""The bridge's composition root: store, recovery, supervisor and server, wired and run. On the main thread."""

import asyncio
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
from addon.state.leases import Lease
from addon.state.recoverer import Recoverer
from addon.state.store import SessionStore

from .adoption import end_orphans
from .announcement import Announcement, announce, withdraw
from .background import Background
from .routes import bridge_operations
from .supervisor import Supervisor

__all__ = ["Bridge"]

_log = logging.getLogger("scenekeeper.bridge")
_SWEEP_INTERVAL_S = 3.0


@dataclass
class Bridge:
    """One bridge, from ``open`` to ``close``. Whoever opens it holds the folder's lease."""

    settings: Settings
    store: SessionStore
    recoverer: Recoverer
    supervisor: Supervisor
    server: RunningServer
    announcement: Announcement
    _tasks: list[asyncio.Task[None]]

    @classmethod
    async def open(cls, settings: Settings, identity: Lease) -> "Bridge":
        """Answer first, then recover, then run Blender.

        Raises:
            AlreadyServing: the port cannot be had.
            NoRoom, FolderReadOnly, IndexUnavailable: the folder cannot be used.
        """
        store = SessionStore(settings.output, max_queue=settings.max_queue)
        store.open()
        recoverer = Recoverer(store, max_attempts=settings.max_attempts)
        supervisor = Supervisor(store, settings, recoverer, supervisor_id=identity.id)
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
        bridge = cls(settings, store, recoverer, supervisor, server, announcement, [])
        bridge._announce()
        _log.info("bridge_started", extra={"address": server.address, "pid": os.getpid(), "version": VERSION})
        bridge._tasks = [asyncio.create_task(bridge._recover()), asyncio.create_task(bridge._supervise())]
        return bridge

    async def close(self) -> None:
        """Stop Blender cleanly, then the server; a session that runs goes back to pending with its checkpoints."""
        _log.info("bridge_stopping")
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
        try:
            orphans = Background("adoption")
            found = await orphans.run(lambda: end_orphans(self.store.output))
            for worker_id in found.killed:
                await orphans.run(partial(self.recoverer.recover_worker, worker_id))
        except (ScenekeeperError, OSError) as error:
            _log.error("adoption_failed", extra={"error": str(error)})
        await self.supervisor.run()

    async def _recover(self) -> None:
        """The whole folder once, then what dies or is abandoned while we run."""
        background = Background("recovery")
        work = self.recoverer.scan
        while True:
            try:
                summary = await background.run(work)
            except (ScenekeeperError, OSError) as error:
                _log.error("recovery_failed", extra={"error": str(error)})
            else:
                if work == self.recoverer.scan:
                    _log.info("recovered", extra={"scanned": summary.scanned, "changed": summary.recovered})
                for session in summary.sessions:
                    _log.info("session_recovered", extra={"session_id": session["id"], "status": session["status"]})
                work = self.recoverer.sweep
            await asyncio.sleep(_SWEEP_INTERVAL_S)


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
