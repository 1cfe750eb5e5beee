"""The composition root of Blender's side: wires store, recovery, worker, monitor and server. Main thread.

``serve`` is a worker with a server that works on whatever waits; ``run_one`` makes one session and works on it.
"""

import contextlib
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from .catalogue import Catalogue, load_catalogue
from .models.api import BlenderHealth, BlenderState, GenerateRequest, Role
from .models.errors import Busy
from .models.session import Session, WorkerRef
from .models.settings import Settings
from .models.uploads import SentFile
from .models.version import VERSION
from .planning import Things, WithAssets
from .planning.model import make_planner
from .server.app import create_app
from .server.context import ServerContext
from .server.thread import ServerThread
from .state.creation import create
from .state.leases import Lease
from .state.recoverer import Recoverer
from .state.store import SessionStore
from .worker.backend import SceneBackend
from .worker.beat import Beat
from .worker.monitor import Interruption, Monitor
from .worker.priority import lower_priority
from .worker.session_log import LOG_FORMAT, keep_stderr
from .worker.worker import Worker

__all__ = ["EXIT_REPLACE", "Runtime", "log_to_stderr"]

log = logging.getLogger("scenekeeper.runtime")

EXIT_REPLACE = 75
"""Exit code that asks the bridge for a new Blender at once: a render was cancelled, nothing crashed."""

_SWEEP_S = 5.0
_SHELF = ".assets.json"


def log_to_stderr() -> None:
    """One line an event on the process's own standard error, also while that is led into a session's log."""
    handler = logging.StreamHandler(os.fdopen(keep_stderr(), "w", buffering=1, encoding="utf-8", errors="replace"))
    handler.setFormatter(logging.Formatter(LOG_FORMAT))
    logging.getLogger("scenekeeper").addHandler(handler)


class Runtime:
    """Everything that one Blender process runs. Enter it, then ``serve`` or ``run_one``; leaving undoes all."""

    def __init__(
        self,
        settings: Settings,
        backend: SceneBackend,
        *,
        worker_id: str | None = None,
        supervisor: str | None = None,
        restart_command: list[str] | None = None,
        redirect_output: bool = True,
    ) -> None:
        """``restart_command``: what replaces this process when a render is cancelled and no bridge does it."""
        self._settings = settings
        self._backend = backend
        self._worker_id = worker_id
        self._supervisor = supervisor
        self._restart_command = restart_command
        self._redirect_output = redirect_output
        self._beat = Beat()
        info = backend.info()
        self._version, self._online = info.version, info.online
        self.store = SessionStore(settings.output, max_queue=settings.max_queue)
        self._recoverer = Recoverer(self.store, max_attempts=settings.max_attempts)
        self._stack = contextlib.ExitStack()
        self._stopped = threading.Event()

    def __enter__(self) -> "Runtime":
        logging.getLogger("scenekeeper").setLevel(logging.INFO)
        self._stack.callback(self._stopped.set)
        self.store.open()
        self._stack.callback(self.store.close)
        info = {"supervisor": self._supervisor, "blender_version": self._version}
        self._lease = Lease.acquire(self.store.output, "worker", lease_id=self._worker_id, info=info)
        self._stack.callback(self._lease.release)
        self._monitor = Monitor(
            self.store, self._lease.id, self._beat, cancel_grace_s=self._settings.cancel_grace_s, leave=self._leave
        )
        self._monitor.start()
        self._stack.callback(self._monitor.stop)
        ref = WorkerRef(
            id=self._lease.id, host=self._lease.info.host, pid=os.getpid(), started_at=self._lease.info.started_at
        )
        things = self._load_things()
        self._worker = Worker(
            self.store,
            ref,
            self._backend,
            things,
            make_planner(self._settings, things, online=self._online),
            self._beat,
            self._monitor,
            redirect_output=self._redirect_output,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _load_things(self) -> Things:
        """Recipes, and before them the artist's own assets."""
        catalogue = self._load_catalogue()
        shelf = self.store.output / _SHELF
        assets = self._backend.use_assets(self._settings.assets, shelf)
        return WithAssets(catalogue, assets) if assets else catalogue

    def _load_catalogue(self) -> Catalogue:
        own: list[Path] = [self._settings.recipes] if self._settings.recipes else []
        catalogue = load_catalogue(*own)
        for problem in catalogue.problems:
            log.warning("%s", problem)
        return catalogue

    # ------------------------------------------------------------------ what it does

    def serve(self) -> None:
        """Serve REST and work on what waits, until SIGTERM or SIGINT.

        Raises:
            AlreadyServing: the port is taken.
        """
        server = ServerThread(lambda: create_app(self._context()), self._settings.bind, self._settings.port)
        address = server.start()
        self._stack.callback(server.stop)
        self._lease.update(address=address)
        log.info("Blender %s serves %s", self._version, address)
        if self._supervisor is None:  # else the bridge recovers
            self._start_recovery()
        lower_priority()
        with stop_signals(self._monitor.request_stop):
            self._worker.run()

    def run_one(
        self,
        request: GenerateRequest,
        files: Sequence[SentFile],
        progress: Callable[[float, str], None],
    ) -> Session:
        """Make a session with files, work on it to its end, and tell its progress (0..1, what happens) meanwhile.

        Where another worker on the same folder was quicker to claim it, this waits for that one.

        Raises:
            InvalidRequest: a file is not what it must be; no session was made.
        """
        session = self._created(request, files)
        watcher = threading.Thread(target=self._tell, args=(session.id, progress), daemon=True)
        watcher.start()
        with stop_signals(self._monitor.request_stop):
            while not (session := self.store.get(session.id)).is_terminal and not self._monitor.stopping:
                if not self._worker.step(only=session.id):
                    time.sleep(0.1)
        self._stopped.set()
        watcher.join()
        return session

    def _created(self, request: GenerateRequest, files: Sequence[SentFile]) -> Session:
        receiving = self.store.uploads.receive()
        try:
            for role, path in files:
                receiving.take(path, role)
            return create(self.store, request, uploads=receiving.attached).session
        finally:
            receiving.discard()

    def _tell(self, session_id: str, progress: Callable[[float, str], None]) -> None:
        while not self._stopped.wait(0.2):
            row = self.store.row(session_id)
            progress(row.progress, row.message)

    # ------------------------------------------------------------------ what others ask

    def _context(self) -> ServerContext:
        return ServerContext(
            store=self.store,
            settings=self._settings,
            role=Role.BLENDER,
            version=VERSION,
            blender_health=self._health,
            recovery_health=lambda: self._recoverer.health,
            recover=self._recoverer.scan,
        )

    def _health(self) -> BlenderHealth:
        age = self._beat.age_s()
        busy = self._beat.session_id
        state = BlenderState.BUSY if busy else BlenderState.IDLE
        if age > self._settings.hang_deadline_s:
            state = BlenderState.HUNG
        return BlenderHealth(
            state=state,
            pid=os.getpid(),
            version=self._version,
            last_beat_age_s=round(age, 3),
            session_id=busy,
            message=self._beat.message or None,
        )

    # ------------------------------------------------------------------ recovery without a bridge

    def _start_recovery(self) -> None:
        thread = threading.Thread(target=self._recover, name="scenekeeper-recovery", daemon=True)
        thread.start()
        self._stack.callback(thread.join)

    def _recover(self) -> None:
        work: Callable[[], object] = self._recoverer.scan
        while True:
            try:
                work()
                work = self._recoverer.keep_up
            except Busy:
                pass
            except Exception:
                log.exception("recovery failed; it is tried again")
            if self._stopped.wait(_SWEEP_S) or self._monitor.stopping:
                return

    # ------------------------------------------------------------------ leaving in the middle of a render

    def _leave(self, why: Interruption) -> None:
        """The session is safe, and the main thread is inside Blender: this process ends or is replaced."""
        self._lease.release()
        sys.stdout.flush()
        if why is Interruption.STOPPING:
            os._exit(0)
        if self._supervisor is None and self._restart_command:
            log.info("Blender is started anew: its render was cancelled")
            os.execv(self._restart_command[0], self._restart_command)
        os._exit(EXIT_REPLACE)


@contextlib.contextmanager
def stop_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Call ``stop`` at SIGTERM and SIGINT, also while the main thread is inside Blender for minutes.

    Python runs signal handlers in the main thread only; the wake-up descriptor is written at once.
    """
    reader, writer = socket.socketpair()
    writer.setblocking(False)
    handled = [signal.SIGTERM, signal.SIGINT]
    before = {number: signal.signal(number, lambda *_: None) for number in handled}
    old = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)

    def wait() -> None:
        while data := reader.recv(16):
            if any(number in data for number in handled):
                stop()

    thread = threading.Thread(target=wait, name="scenekeeper-signals", daemon=True)
    thread.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(old)
        for number, handler in before.items():
            # None: Blender had set it from C, where Python cannot put it back.
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        writer.close()
        thread.join()
        reader.close()
