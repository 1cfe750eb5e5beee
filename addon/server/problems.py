"""Every error in one shape: RFC 9457 problem details. Server loop.

What a person may be told is in the errors themselves (``models.errors``); everything else becomes a sentence here,
so that no path, trace or library's wording gets out.
"""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from aiohttp import web

from ..models.api import FieldError, ProblemDetails
from ..models.errors import (
    Busy,
    Conflict,
    FolderReadOnly,
    IdempotencyConflict,
    IndexUnavailable,
    InvalidRequest,
    NoRoom,
    QueueFull,
    ScenekeeperError,
    StateUnreadable,
    UnknownArtifact,
    UnknownSession,
    UploadsFull,
)

__all__ = ["MEDIA_TYPE", "RequestRefused", "problem", "problem_from_error", "problem_from_http"]

MEDIA_TYPE = "application/problem+json"
_RETRY_AFTER_S = {429: 5, 503: 5, 507: 30}

_STATUS: dict[type[ScenekeeperError], int] = {
    UnknownSession: 404,
    UnknownArtifact: 404,
    Conflict: 409,
    Busy: 409,
    InvalidRequest: 422,
    IdempotencyConflict: 422,
    QueueFull: 429,
    UploadsFull: 429,
    FolderReadOnly: 503,
    IndexUnavailable: 503,
    StateUnreadable: 503,
    NoRoom: 507,
}

_HTTP: dict[int, tuple[str, str]] = {
    400: ("bad_request", "The request is not valid HTTP."),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take this method; the Allow header names those it takes."),
    413: ("too_large", "The request's body is too large."),
    417: ("expectation_failed", "Only 'Expect: 100-continue' is understood."),
    500: ("internal", "Something went wrong here. The log has the details."),
}


class RequestRefused(ScenekeeperError):
    """A request that HTTP itself has a status for: wrong form, host, origin, token, length or time."""

    def __init__(self, status: int, code: str, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.headers = headers or {}


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    errors: Sequence[FieldError] = (),
    headers: Mapping[str, str] | None = None,
) -> web.Response:
    """The answer for an error. ``errors`` names fields of the request."""
    details = ProblemDetails(
        title=HTTPStatus(status).phrase, status=status, detail=detail, code=code, errors=list(errors)
    )
    # Escaped to ASCII: a field's name comes from the client and may hold what UTF-8 cannot say.
    body = json.dumps(details.model_dump()).encode()
    answer = web.Response(status=status, body=body, headers=headers)
    answer.headers["Content-Type"] = MEDIA_TYPE
    if status in _RETRY_AFTER_S:
        answer.headers.setdefault("Retry-After", str(_RETRY_AFTER_S[status]))
    return answer


def problem_from_error(error: ScenekeeperError) -> web.Response:
    """The answer for an error of the one tree; what has no status of its own is a 500."""
    if isinstance(error, RequestRefused):
        answer = problem(error.status, error.code, str(error), headers=error.headers)
        if error.status in {408, 413}:
            answer.force_close()  # the rest of the body is not waited for
        return answer
    status = next((_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), 500)
    if status == 500:
        return problem(500, *_HTTP[500])
    errors = [FieldError(**item) for item in error.errors] if isinstance(error, InvalidRequest) else []
    return problem(status, error.code, str(error), errors=errors)


def problem_from_http(error: web.HTTPException) -> web.Response:
    """The answer for an error of aiohttp's own, without its wording."""
    code, detail = _HTTP.get(error.status, (f"http_{error.status}", HTTPStatus(error.status).description))
    headers = (
        {"Allow": ", ".join(sorted({*error.allowed_methods, "OPTIONS"}))}
        if isinstance(error, web.HTTPMethodNotAllowed)
        else {}
    )
    return problem(error.status, code, detail, headers=headers)
