"""Server-sent events: one session's way, or all changes. Server loop.

An event's id is the session's ``seq``, so resuming is "rows changed since". Whoever joins gets the present state first.
"""

import time

from aiohttp import web

from ...models.session import TERMINAL, SessionStatus
from ...state.store import SessionStore
from ..answers import session_id
from ..bodies import header_value
from ..context import CONTEXT
from ..feed import FEED, Change, Subscription
from ..operations import ID, Answer, Operation, Parameter, fails

__all__ = ["OPERATIONS"]

_SNAPSHOT = 200
_PAGE = 200
_RECONNECT_MS = 2000


async def session_events(request: web.Request) -> web.StreamResponse:
    """One session until it ends; 204 when it has ended and the client knows, so that it stops asking."""
    store = request.app[CONTEXT].store
    name = session_id(request)
    after = _last_event_id(request)
    with request.app[FEED].subscribe(name) as listener:
        row = store.row(name)
        fresh = after is None or not row.seq <= after <= store.index.last_seq()
        if not fresh and row.status in TERMINAL:
            return web.Response(status=204)
        response = await _open(request)
        if request.method == "HEAD":
            return response
        stream = _Stream(request, response)
        if fresh:
            await stream.send([Change(row)])
        else:
            stream.seen = row.seq
        if row.status not in TERMINAL:
            await stream.follow(listener, until_end=True)
        await response.write_eof()
        return response


async def all_events(request: web.Request) -> web.StreamResponse:
    """Every session's changes, for as long as the client listens."""
    store = request.app[CONTEXT].store
    after = _last_event_id(request)
    with request.app[FEED].subscribe() as listener:
        response = await _open(request)
        if request.method == "HEAD":
            return response
        stream = _Stream(request, response)
        last = store.index.last_seq()
        if after is None or after > last:
            # The id alone: from here on a client resumes, even if nothing has happened yet.
            await stream.send(_unfinished(store))
            await response.write(f"id: {last}\n\n".encode())
            stream.seen = last
        else:
            stream.seen = after
            while rows := store.changes_since(stream.seen, limit=_PAGE):
                await stream.send([Change(row) for row in rows])
        await stream.follow(listener, until_end=False)
        await response.write_eof()
        return response


def _unfinished(store: SessionStore) -> list[Change]:
    working = store.page(status=SessionStatus.IN_PROGRESS, limit=_SNAPSHOT).rows
    waiting = store.page(status=SessionStatus.PENDING, limit=_SNAPSHOT).rows
    return sorted(map(Change, (*working, *waiting)), key=lambda change: change.row.seq)


def _last_event_id(request: web.Request) -> int | None:
    value = header_value(request.headers, "Last-Event-ID", "[0-9]{0,18}", "must be an id that this server sent")
    return int(value) if value else None


async def _open(request: web.Request) -> web.StreamResponse:
    headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    response = web.StreamResponse(headers=headers)
    await response.prepare(request)
    if request.method != "HEAD":
        await response.write(f"retry: {_RECONNECT_MS}\n\n".encode())
    return response


class _Stream:
    """One client's stream: what it has been sent, and how long it goes on."""

    def __init__(self, request: web.Request, response: web.StreamResponse) -> None:
        self.seen = 0
        self._response = response
        self._limits = request.app[CONTEXT].limits
        self._ends_at = time.monotonic() + self._limits.stream_life_s

    async def send(self, changes: list[Change]) -> None:
        """Those that are new."""
        fresh = [change for change in changes if change.row.seq > self.seen]
        if fresh:
            await self._response.write(b"".join(change.frame for change in fresh))
            self.seen = fresh[-1].row.seq

    async def follow(self, listener: Subscription, *, until_end: bool) -> None:
        """Until the session has ended, the stream's time is up or the server stops."""
        while not listener.closed and (left := self._ends_at - time.monotonic()) > 0:
            changes = await listener.take(min(self._limits.heartbeat_s, left))
            await self.send(changes)
            if until_end and any(change.row.status in TERMINAL for change in changes):
                return
            if not changes and not listener.closed:
                await self._response.write(b": still here\n\n")


_LAST_EVENT_ID = Parameter(
    "Last-Event-ID", "header", "The id of the last event that arrived", {"type": "string", "pattern": "^[0-9]{0,18}$"}
)
_FAILS = (
    fails(422, "Last-Event-ID is not an id of an event."),
    fails(503, "Too many streams are open, or the index cannot be used now."),
)
_STREAM = "`progress`, `complete` and `error` events; the data is a SessionEvent, the id its `seq`."

OPERATIONS = (
    Operation(
        "GET",
        "/api/session/{id}/events",
        "sessionEvents",
        "Server-sent events of one session, until it ends",
        session_events,
        (
            Answer(200, _STREAM, media_types=("text/event-stream",)),
            Answer(204, "The session has ended and Last-Event-ID says that the client knows."),
            fails(404, "There is no session with this id."),
            *_FAILS,
        ),
        (ID, _LAST_EVENT_ID),
    ),
    Operation(
        "GET",
        "/api/events",
        "allEvents",
        "Server-sent events of all sessions",
        all_events,
        (Answer(200, _STREAM, media_types=("text/event-stream",)), *_FAILS),
        (_LAST_EVENT_ID,),
    ),
)
