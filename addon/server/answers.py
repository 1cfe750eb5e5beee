"""Answers that are not errors. Server loop."""

from collections.abc import Mapping

from aiohttp import web
from pydantic import BaseModel

from ..models.errors import UnknownSession
from ..state.folders import is_session_id

__all__ = ["json_answer", "session_id"]


def json_answer(model: BaseModel, *, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """A model as JSON."""
    body = model.model_dump_json().encode()
    return web.Response(status=status, body=body, content_type="application/json", headers=headers)


def session_id(request: web.Request) -> str:
    """The id in the path. Raises ``UnknownSession`` for what can be none, before anything looks for it."""
    found = request.match_info["id"]
    if not is_session_id(found):
        raise UnknownSession(found)
    return found
