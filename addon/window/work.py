"""What the desk does in its thread: reads the folder's sessions, changes them when asked, keeps a worker for them."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import replace

from pydantic import ValidationError

from ..models.api import GenerateRequest, RequestOptions
from ..models.base import utc_now
from ..models.errors import ScenekeeperError
from ..models.session import Preset, SessionStatus
from ..state.creation import create
from ..state.leases import Lease
from ..state.requests import request_cancel, retry
from ..state.rows import SessionRow
from ..state.store import SessionStore
from .crew import Crew
from .desk import Config
from .lines import line_of
from .orders import Cancel, Generate, Order, Refused, Retry
from .recovery import RecoveryThread
from .snapshot import DeskState, Snapshot

__all__ = ["SHOWN", "Work"]

SHOWN = 6
"""Sessions in the panel."""

_LOOK_AGAIN_S = 5.0
"""Without any change: "2 min ago" grows old."""


@contextlib.contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except ScenekeeperError as error:
        raise Refused(str(error)) from error
    except OSError as error:
        raise Refused(
            f"The output folder cannot be used: {error.strerror}. Choose another in the preferences."
        ) from error


class Work:
    """Enter it in the desk's thread; leaving ends the worker. Raises ``Refused``."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._store = SessionStore(config.output)
        self._stack = contextlib.ExitStack()
        self._seen: tuple[int, bool] | None = None
        self._looked = 0.0
        self._snapshot = Snapshot(DeskState.OPENING)
        self._running = 0

    def __enter__(self) -> "Work":
        with _told(), contextlib.ExitStack() as stack:
            self._store.open()
            stack.callback(self._store.close)
            # The worker names it as its supervisor: whoever finds the worker knows whether its window still lives.
            lease = Lease.acquire(self._store.output, "bridge")
            stack.callback(lease.release)
            recovery = RecoveryThread(self._store)
            recovery.start()
            stack.callback(recovery.stop)
            self._crew = Crew(self._config, lease.id, died=recovery.worker_died)
            stack.callback(self._crew.stop)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def look(self) -> Snapshot:
        """The folder as it is now, after starting a worker where one is needed."""
        try:
            seen, now = (self._store.index.data_version(), self._crew.starting()), time.monotonic()
            if seen != self._seen or now - self._looked >= _LOOK_AGAIN_S:
                self._snapshot = self._read(starting=seen[1])
                self._seen, self._looked = seen, now
            self._crew.look(waiting=self._snapshot.waiting, running=self._running)
        except (ScenekeeperError, OSError) as error:
            self._seen = None
            return replace(self._snapshot, problem=str(error))
        return replace(self._snapshot, problem=self._crew.problem, address=self._crew.address())

    def _read(self, *, starting: bool) -> Snapshot:
        counts = self._store.index.counts()
        self._running = counts[SessionStatus.IN_PROGRESS]
        rows = {row.id: row for row in self._rows()}
        shown = sorted(rows.values(), key=lambda row: row.status is not SessionStatus.IN_PROGRESS)[:SHOWN]
        now = utc_now()
        return Snapshot(
            state=DeskState.OPEN,
            lines=tuple(
                line_of(row, self._store.output, now, before_it=self._before(row), starting=starting) for row in shown
            ),
            total=sum(counts.values()),
            waiting=counts[SessionStatus.PENDING],
        )

    def _rows(self) -> Iterator[SessionRow]:
        yield from self._store.page(limit=SHOWN).rows
        yield from self._store.page(status=SessionStatus.IN_PROGRESS, limit=SHOWN).rows

    def _before(self, row: SessionRow) -> int | None:
        return self._store.queue_position(row.id) if row.status is SessionStatus.PENDING else None

    # ------------------------------------------------------------------ what the artist asks

    def do(self, order: Order) -> str:
        """A sentence on what was done. Raises ``Refused``."""
        self._seen = None
        with _told():
            match order:
                case Generate():
                    return self._generate(order)
                case Cancel():
                    request_cancel(self._store, order.session_id)
                    return "Cancelled"
                case Retry():
                    self._crew.encourage()
                    retry(self._store, order.session_id)
                    return "Queued again, as a new session"

    def _generate(self, order: Generate) -> str:
        try:
            options = RequestOptions(preset=Preset(order.preset), seed=order.seed)
            request = GenerateRequest(prompt=order.prompt, options=options)
        except ValidationError as error:
            raise Refused("; ".join(problem["msg"] for problem in error.errors())) from error
        self._crew.encourage()
        create(self._store, request)
        return "Queued: you can go on working meanwhile"
