"""POST /api/generate: a prompt becomes a session, on disk before it is answered. Server loop, fsync in a thread."""

import logging

from aiohttp import web

from ...models.api import Accepted, GenerateRequest
from ...models.session import SessionStatus
from ..answers import json_answer
from ..bodies import header_value, read_model
from ..context import CONTEXT, WRITES, run_blocking
from ..operations import Answer, Operation, Parameter, fails
from ..views import session_url

__all__ = ["OPERATIONS", "accepted"]

log = logging.getLogger("scenekeeper.server")
_KEY_PATTERN = r"[\x21-\x7e](?:[\x20-\x7e]{0,198}[\x21-\x7e])?"
_KEY_RULE = "must be 1 to 200 printable ASCII characters"


async def generate(request: web.Request) -> web.Response:
    """Queue a prompt."""
    context = request.app[CONTEXT]
    key = header_value(request.headers, "Idempotency-Key", _KEY_PATTERN, _KEY_RULE)
    wanted = await read_model(request, GenerateRequest, context.limits)
    created = await run_blocking(request.app[WRITES], context.store.create, wanted, idempotency_key=key)
    session_id = created.session.id
    log.info("Replayed" if created.replayed else "Accepted", extra={"session_id": session_id})
    return accepted(session_id, SessionStatus.PENDING, "Waiting in the queue")


def accepted(session_id: str, status: SessionStatus, message: str) -> web.Response:
    """202 for a session; a replayed one gets the answer that it got at first."""
    body = Accepted(id=session_id, session_id=session_id, status=status, message=message)
    return json_answer(body, status=202, headers={"Location": session_url(session_id)})


OPERATIONS = (
    Operation(
        "POST",
        "/api/generate",
        "generate",
        "Make a scene of a prompt",
        generate,
        (
            Answer(202, "The session is on disk and waits.", Accepted, headers={"Location": "The session"}),
            fails(422, "A field is not valid, or the Idempotency-Key came with another request before."),
            fails(429, "As many sessions wait as are allowed."),
        ),
        (
            Parameter(
                "Idempotency-Key",
                "header",
                "The same key with the same request always gives the same session",
                {"type": "string", "pattern": f"^{_KEY_PATTERN}$"},
                "order-4711",
            ),
        ),
        GenerateRequest,
    ),
)
