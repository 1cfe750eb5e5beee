"""How the server is: health, metrics, its own description; and recovery on demand. Server loop."""

import asyncio
import logging
import shutil
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from aiohttp import web

from ...models.api import BlenderState, DiskHealth, Health, QueueHealth, RecoverySummary
from ...models.errors import Busy, ScenekeeperError
from ...models.session import SessionStatus
from ...state.store import SessionStore
from ..answers import json_answer
from ..bodies import refuse_forms
from ..context import CONTEXT, FILES, ServerContext, run_blocking
from ..feed import FEED
from ..health import overall
from ..metrics import METRICS, Sample, render
from ..operations import Answer, Operation, fails

__all__ = ["DOCUMENT", "OPERATIONS", "RECOVERING"]

log = logging.getLogger("scenekeeper.server")

DOCUMENT = web.AppKey("document", bytes)
RECOVERING = web.AppKey("recovering", asyncio.Lock)


async def health(request: web.Request) -> web.Response:
    """Always 200: that HTTP is alive is what the status line says."""
    context = request.app[CONTEXT]
    try:
        queue = _queue(context.store)
    except ScenekeeperError:
        queue = QueueHealth()
    blender = context.blender_health()
    free = _free_bytes(context.store.output)
    body = Health(
        status=overall(blender, index_readable=queue.pending is not None, free_bytes=free),
        role=context.role,
        version=context.version,
        uptime_s=round(time.monotonic() - context.started_at, 3),
        blender=blender,
        queue=queue,
        recovery=context.recovery_health(),
        disk=DiskHealth(free_bytes=free),
    )
    return json_answer(body)


def _queue(store: SessionStore) -> QueueHealth:
    # Counting the many that have ended would take longer than everything else here.
    waiting, working = (
        store.page(status=status, limit=1).total for status in (SessionStatus.PENDING, SessionStatus.IN_PROGRESS)
    )
    return QueueHealth(pending=waiting, in_progress=working)


def _free_bytes(folder: Path) -> int | None:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


async def metrics(request: web.Request) -> web.Response:
    """Prometheus' text format."""
    context = request.app[CONTEXT]
    listeners = Sample("scenekeeper_event_streams", "gauge", "Open event streams.", request.app[FEED].listeners)
    counts = await run_blocking(request.app[FILES], context.store.index.counts)
    samples = [*_samples(context, counts), listeners, *request.app[METRICS].samples(), *context.extra_metrics()]
    content_type = "text/plain; version=0.0.4; charset=utf-8"
    return web.Response(body=render(samples).encode(), headers={"Content-Type": content_type})


def _samples(context: ServerContext, counts: Mapping[SessionStatus, int]) -> Iterable[Sample]:
    for status, count in counts.items():
        yield Sample("scenekeeper_sessions", "gauge", "Sessions by status.", count, {"status": status.value})
    blender = context.blender_health()
    for state in BlenderState:
        labels = {"state": state.value}
        yield Sample("scenekeeper_blender_state", "gauge", "1 for Blender's state.", state is blender.state, labels)
    yield Sample("scenekeeper_blender_restarts_total", "counter", "Restarts of Blender.", blender.restarts)
    if blender.last_beat_age_s is not None:
        text = "Age of the last beat of Blender's main thread."
        yield Sample("scenekeeper_blender_last_beat_age_seconds", "gauge", text, blender.last_beat_age_s)
    recovery = context.recovery_health()
    yield Sample("scenekeeper_recovery_scanned", "gauge", "Folders that the scan has read.", recovery.scanned)
    yield Sample("scenekeeper_recovery_recovered", "gauge", "Sessions that the scan has changed.", recovery.recovered)
    free = _free_bytes(context.store.output)
    if free is not None:
        yield Sample("scenekeeper_disk_free_bytes", "gauge", "Room in the output folder.", free)
    uptime = time.monotonic() - context.started_at
    yield Sample("scenekeeper_uptime_seconds", "gauge", "Since the start of this process.", uptime)
    labels = {"version": context.version, "role": context.role.value}
    yield Sample("scenekeeper_info", "gauge", "Always 1.", 1, labels)


async def openapi(request: web.Request) -> web.Response:
    """The document that was made when the app was."""
    return web.Response(body=request.app[DOCUMENT], content_type="application/json")


async def recover(request: web.Request) -> web.Response:
    """Judge every folder again; answers when that is done."""
    refuse_forms(request)
    lock = request.app[RECOVERING]
    if lock.locked():
        raise Busy("Recovery is running already.")
    async with lock:
        summary = await run_blocking(request.app[FILES], request.app[CONTEXT].recover)
    log.info("Recovery on request: %d scanned, %d recovered", summary.scanned, summary.recovered)
    return json_answer(summary, status=202)


OPERATIONS = (
    Operation(
        "GET",
        "/api/health",
        "health",
        "Whether HTTP, Blender's main thread, queue and disk are well",
        health,
        (Answer(200, "Always, where HTTP is alive; `status` tells the rest.", Health),),
    ),
    Operation(
        "GET",
        "/api/openapi.json",
        "openapi",
        "This document",
        openapi,
        (Answer(200, "OpenAPI 3.1.", media_types=("application/json",)),),
    ),
    Operation(
        "GET",
        "/metrics",
        "metrics",
        "For Prometheus",
        metrics,
        (Answer(200, "Text format 0.0.4.", media_types=("text/plain",)),),
    ),
    Operation(
        "POST",
        "/api/recover",
        "recover",
        "Judge every folder again",
        recover,
        (
            Answer(202, "What recovery did.", RecoverySummary),
            fails(409, "Recovery is running already."),
        ),
    ),
)
