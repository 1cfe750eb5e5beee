"""The one aiohttp application of both processes. Server loop."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Iterable
from concurrent.futures import ThreadPoolExecutor

from aiohttp import web

from .context import CONTEXT, FILES, WRITES, ServerContext
from .feed import FEED, Feed
from .metrics import METRICS, RequestMetrics
from .middlewares import ACCESS, MIDDLEWARES, add_headers
from .openapi import document
from .operations import Operation
from .routes import OPERATIONS
from .routes.downloads import HASHES
from .routes.status import DOCUMENT, RECOVERING
from .security import AccessRules
from .sending import HashCache

__all__ = ["create_app"]

_WRITERS = 8
_READERS = 4


def create_app(context: ServerContext, *, further: Iterable[Operation] = ()) -> web.Application:
    """Routes, document and middlewares for ``context``.

    ``further`` are operations of the caller's; they are in the document too. What is no operation (a page, Socket.IO)
    is added to the app's router. The store must be open, and stay open for as long as the app runs.
    """
    settings, limits = context.settings, context.limits
    app = web.Application(middlewares=MIDDLEWARES, client_max_size=limits.body_bytes)
    app[CONTEXT] = context
    app[ACCESS] = AccessRules(
        hosts=tuple(settings.allowed_hosts),
        origins=tuple(settings.allowed_origins),
        token=settings.token.get_secret_value().strip() or None if settings.token else None,
    )
    app[METRICS] = RequestMetrics()
    app[HASHES] = HashCache()
    app[FEED] = Feed(context.store, limits)
    app[RECOVERING] = asyncio.Lock()
    operations = (*OPERATIONS, *further)
    app[DOCUMENT] = json.dumps(document(operations, context.version), ensure_ascii=False).encode()
    for operation in operations:
        app.router.add_route(operation.method, operation.path, operation.handler)
        if operation.method == "GET":
            app.router.add_route("HEAD", operation.path, operation.handler)
    app.on_response_prepare.append(add_headers)
    app.on_shutdown.append(_end_streams)
    app.cleanup_ctx.extend((_threads, _poller))
    return app


async def _end_streams(app: web.Application) -> None:
    app[FEED].close()


async def _threads(app: web.Application) -> AsyncIterator[None]:
    app[WRITES] = ThreadPoolExecutor(_WRITERS, "scenekeeper-write")
    app[FILES] = ThreadPoolExecutor(_READERS, "scenekeeper-files")
    yield
    # A change that was begun is finished. What only reads, or recovery, can be left at any point.
    app[FILES].shutdown(wait=False, cancel_futures=True)
    await asyncio.get_running_loop().run_in_executor(None, app[WRITES].shutdown)


async def _poller(app: web.Application) -> AsyncIterator[None]:
    task = asyncio.create_task(app[FEED].run(), name="scenekeeper-feed")
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
