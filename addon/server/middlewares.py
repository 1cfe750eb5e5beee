"""What happens to every request before and after its route: counting, errors, access, headers. Server loop."""

import logging
import time

from aiohttp import web
from aiohttp.typedefs import Handler

from ..models.errors import ScenekeeperError
from .connection import GuardedConnection
from .headers import harden
from .metrics import METRICS
from .problems import problem_from_error, problem_from_http
from .security import AccessRules, cors_headers, preflight_headers

__all__ = ["ACCESS", "MIDDLEWARES", "add_headers"]

log = logging.getLogger("scenekeeper.server")

ACCESS = web.AppKey("access", AccessRules)
_COUNTED_METHODS = frozenset({"GET", "HEAD", "POST", "DELETE", "OPTIONS", "PUT", "PATCH"})


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """On every answer, when it is begun; a route's own headers go before these."""
    harden(response)
    origin = request.headers.get("Origin")
    if origin in request.app[ACCESS].origins and origin is not None:
        response.headers.update(cors_headers(origin))


@web.middleware
async def count(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Outermost: stops the clock for the request's headers, and counts the answer."""
    if isinstance(request.protocol, GuardedConnection):
        request.protocol.head_complete()
    begun = time.perf_counter()
    response = await handler(request)
    # An answer that was streamed took as long as its reader wanted: that says nothing about the server.
    seconds = None if response.prepared else time.perf_counter() - begun
    method = request.method if request.method in _COUNTED_METHODS else "other"
    request.app[METRICS].answered(method, _route(request), response.status, seconds)
    return response


@web.middleware
async def tell_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Errors become problem details. The edge: nothing passes it but a cancelled request."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        return problem_from_http(error)
    except ScenekeeperError as error:
        answer = problem_from_error(error)
        if answer.status >= 500:
            log.warning("%s %s: %s", request.method, _route(request), error, extra=_extra(request))
        return answer
    except ConnectionError:
        raise  # the client is gone; there is nobody to tell
    except Exception:
        log.exception("%s %s failed", request.method, _route(request), extra=_extra(request))
        if request.writer.output_size > 0:
            raise ConnectionResetError("the answer had begun") from None
        return problem_from_error(ScenekeeperError())


def _route(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "unmatched"


def _extra(request: web.Request) -> dict[str, str | None]:
    return {"session_id": request.match_info.get("id")}


@web.middleware
async def check_access(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Host, origin, preflight, token, in this order: nothing of the request is looked at before."""
    rules = request.app[ACCESS]
    try:
        transport = request.transport
        if transport is None:
            raise ConnectionResetError("the client is gone")
        local = transport.get_extra_info("sockname")[:2]
        rules.check_host(request.headers.getall("Host", []), local)
        rules.check_origin(request.headers, request.method, local)
        if request.method == "OPTIONS":
            return _options(request, preflight="Access-Control-Request-Method" in request.headers)
        rules.check_token(request.headers)
    except ScenekeeperError as error:
        request.app[METRICS].refused(error.code)
        raise
    return await handler(request)


def _options(request: web.Request, *, preflight: bool) -> web.Response:
    missed = request.match_info.http_exception
    if isinstance(missed, web.HTTPMethodNotAllowed):
        headers = {"Allow": ", ".join(sorted({*missed.allowed_methods, "OPTIONS"}))}
        return web.Response(status=204, headers=headers | (preflight_headers() if preflight else {}))
    return problem_from_http(missed or web.HTTPNotFound())


MIDDLEWARES = (count, tell_errors, check_access)
