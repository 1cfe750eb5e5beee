"""POST /api/generate: a prompt becomes a session, on disk before it is answered. Server loop, fsync in a thread."""

import json
import logging
from collections.abc import Sequence

from aiohttp import web

from ...models.api import Accepted, GenerateRequest
from ...models.errors import InvalidRequest
from ...models.session import SessionStatus
from ...models.uploads import MAX_UPLOADS
from ...state.creation import create
from ...state.upload_claims import find_uploads
from ...state.uploads import Attached
from ..answers import json_answer
from ..bodies import header_value, parse_model, read_model, strict_json
from ..context import CONTEXT, WRITES, run_blocking
from ..forms import FILE_PARTS, Form, is_form, received
from ..operations import Answer, Operation, Parameter, fails
from ..views import session_url

__all__ = ["OPERATIONS", "accepted"]

log = logging.getLogger("scenekeeper.server")
_KEY_PATTERN = r"[\x21-\x7e](?:[\x20-\x7e]{0,198}[\x21-\x7e])?"
_FIELDS = ("request", "prompt", "agents", "options")
_FILES = """\
As JSON, or as a form that carries files. An SVG becomes a solid logo; a PNG, JPEG or WebP a picture in a frame, a
decal or the backdrop; a GLB, OBJ or STL an object. A file part is called `file`, or by what the file becomes.
"""
_KEY_RULE = "must be 1 to 200 printable ASCII characters"


async def generate(request: web.Request) -> web.Response:
    """Queue a prompt, with files where it is a form or names some."""
    key = header_value(request.headers, "Idempotency-Key", _KEY_PATTERN, _KEY_RULE)
    if not is_form(request):
        return await _queue(request, await read_model(request, GenerateRequest, request.app[CONTEXT].limits), key)
    async with received(request, _FIELDS) as form:
        return await _queue(request, _asked(form), key, form.receiving.attached)


async def _queue(
    request: web.Request, wanted: GenerateRequest, key: str | None, sent: Sequence[Attached] = ()
) -> web.Response:
    store, writes = request.app[CONTEXT].store, request.app[WRITES]
    named: list[Attached] = []
    if wanted.uploads:
        named = await run_blocking(writes, find_uploads, store, wanted.uploads, idempotency_key=key)
    if len(sent) + len(named) > MAX_UPLOADS:
        told = {"field": "uploads", "message": f"a session has at most {MAX_UPLOADS} files"}
        raise InvalidRequest("There are too many files.", [told])
    created = await run_blocking(writes, create, store, wanted, uploads=[*sent, *named], idempotency_key=key)
    session_id = created.session.id
    log.info("Replayed" if created.replayed else "Accepted", extra={"session_id": session_id})
    return accepted(session_id, SessionStatus.PENDING, "Waiting in the queue")


def _asked(form: Form) -> GenerateRequest:
    """The request in a form: whole as JSON in ``request``, or its fields one by one."""
    fields = form.fields
    if "request" in fields:
        if len(fields) > 1:
            told = {"field": "request", "message": "is the whole request: send no other fields beside it"}
            raise InvalidRequest("The form has parts that are not valid.", [told])
        return parse_model(fields["request"], GenerateRequest)
    # A text comes as it is, what has a structure as JSON.
    asked = {name: strict_json(value) for name, value in fields.items() if name != "prompt"}
    if "prompt" in fields:
        asked["prompt"] = fields["prompt"].decode("utf-8", "surrogateescape")
    return parse_model(json.dumps(asked).encode(), GenerateRequest)


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
            fails(413, "The body, a file, or all files together are too large."),
            fails(422, "A field or file is not valid, or the Idempotency-Key came with another request before."),
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
        {
            "type": "object",
            "properties": {
                "request": {"type": "string", "description": "The JSON that the other form of this call takes"},
                "prompt": {"type": "string", "description": "In place of `request`"},
                "agents": {"type": "string", "description": "JSON, beside `prompt`"},
                "options": {"type": "string", "description": "JSON, beside `prompt`"},
                **FILE_PARTS,
            },
            "additionalProperties": False,
        },
        _FILES,
    ),
)
