"""Sessions: list, one, cancel, retry, delete. Reads in the server loop (they are fast), changes in a thread."""

import functools
import logging

from aiohttp import web

from ...models.api import Accepted, SessionPage, SessionQuery, SessionView
from ...models.session import SessionStatus
from ...state.artifacts import artifact_kinds
from ...state.requests import delete, request_cancel, retry
from ..answers import json_answer, session_id
from ..bodies import query_model, refuse_forms
from ..context import CONTEXT, FILES, WRITES, run_blocking
from ..operations import ID, REF, Answer, Operation, Parameter, fails
from ..ranges import matches
from ..views import summary_from_row, view_from_session
from .generate import accepted

__all__ = ["OPERATIONS"]

log = logging.getLogger("scenekeeper.server")


async def list_sessions(request: web.Request) -> web.Response:
    """A page, newest first."""
    store = request.app[CONTEXT].store
    query = query_model(request, SessionQuery)
    read = functools.partial(store.page, status=query.status, limit=query.limit, cursor=query.cursor, q=query.q)
    # Searching reads every prompt; all else is a look into an index.
    page = await run_blocking(request.app[FILES], read) if query.q else read()
    sessions = [summary_from_row(row) for row in page.rows]
    body = SessionPage.model_construct(sessions=sessions, total=page.total, next_cursor=page.next_cursor)
    return json_answer(body)


async def get_session(request: web.Request) -> web.Response:
    """One session, or 304."""
    store = request.app[CONTEXT].store
    name = session_id(request)
    row = store.row(name)
    position = store.queue_position(name) if row.status is SessionStatus.PENDING else None
    # The place in the queue changes without the session.
    etag = f'"{row.seq}"' if position is None else f'"{row.seq}-{position}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if matches(request.headers.get("If-None-Match"), etag):
        return web.Response(status=304, headers=headers)
    session = store.get(name)
    kinds = artifact_kinds(store.folder(name), session)
    return json_answer(view_from_session(session, row, queue_position=position, kinds=kinds), headers=headers)


async def cancel_session(request: web.Request) -> web.Response:
    """Stop a session, waiting or working."""
    refuse_forms(request)
    name = session_id(request)
    session = await run_blocking(request.app[WRITES], request_cancel, request.app[CONTEXT].store, name)
    log.info("Cancel requested", extra={"session_id": name})
    ended = session.status is SessionStatus.CANCELLED
    return accepted(name, session.status, "Cancelled" if ended else "Being cancelled")


async def retry_session(request: web.Request) -> web.Response:
    """The same again, as a new session."""
    refuse_forms(request)
    name = session_id(request)
    session = await run_blocking(request.app[WRITES], retry, request.app[CONTEXT].store, name)
    log.info("Accepted as a retry of %s", name, extra={"session_id": session.id})
    return accepted(session.id, session.status, "Waiting in the queue")


async def delete_session(request: web.Request) -> web.Response:
    """Into the trash."""
    refuse_forms(request)
    name = session_id(request)
    await run_blocking(request.app[WRITES], delete, request.app[CONTEXT].store, name)
    log.info("Deleted", extra={"session_id": name})
    return web.Response(status=204)


_UNKNOWN = fails(404, "There is no session with this id.")
_LOCATION = {"Location": "The session"}
_QUERY = tuple(
    Parameter(name, "query", str(schema.pop("description")), schema)
    for name, schema in SessionQuery.model_json_schema(ref_template=REF)["properties"].items()
)

OPERATIONS = (
    Operation(
        "GET",
        "/api/sessions",
        "listSessions",
        "Sessions, newest first",
        list_sessions,
        (
            Answer(200, "A page; `next_cursor` leads to the next.", SessionPage),
            fails(422, "A parameter is not valid."),
        ),
        _QUERY,
    ),
    Operation(
        "GET",
        "/api/session/{id}",
        "getSession",
        "One session, whole",
        get_session,
        (
            Answer(200, "The session.", SessionView, headers={"ETag": "Changes with the session"}),
            Answer(304, "Not changed since the ETag in If-None-Match."),
            _UNKNOWN,
        ),
        (ID, Parameter("If-None-Match", "header", "The ETag that the client has", {"type": "string"})),
    ),
    Operation(
        "POST",
        "/api/session/{id}/cancel",
        "cancelSession",
        "Stop a session",
        cancel_session,
        (
            Answer(202, "It is cancelled, or will be within seconds.", Accepted, headers=_LOCATION),
            _UNKNOWN,
            fails(409, "The session has ended already."),
        ),
        (ID,),
    ),
    Operation(
        "POST",
        "/api/session/{id}/retry",
        "retrySession",
        "Run a session's prompt again, as a new session",
        retry_session,
        (
            Answer(202, "The new session, which names this one in `retry_of`.", Accepted, headers=_LOCATION),
            _UNKNOWN,
            fails(409, "The session has not ended, or its prompt is not known."),
            fails(429, "As many sessions wait as are allowed."),
        ),
        (ID,),
    ),
    Operation(
        "DELETE",
        "/api/session/{id}",
        "deleteSession",
        "Move a session that has ended to the trash",
        delete_session,
        (
            Answer(204, "It is in the folder `.trash` of the output folder."),
            _UNKNOWN,
            fails(409, "The session has not ended."),
        ),
        (ID,),
    ),
)
