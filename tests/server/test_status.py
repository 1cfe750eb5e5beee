"""Health, metrics, agents, recovery and the served document."""

import asyncio
import json
import re
import threading
from dataclasses import replace

import pytest

from addon.models.api import BlenderHealth, BlenderState, RecoverySummary
from addon.models.session import StageName
from addon.server.app import create_app
from addon.server.health import LOW_DISK_BYTES, overall
from addon.server.metrics import Sample, render
from addon.server.serve import start

from .conftest import Served, make_context


async def test_health_tells_of_everything(served: Served) -> None:
    served.make()
    served.claim(served.make())
    async with served.client.get("/api/health") as answer:
        body = await answer.json()
    assert answer.status == 200
    assert (body["status"], body["role"], body["version"]) == ("ok", "bridge", "0.1.0")
    assert body["queue"] == {"pending": 1, "in_progress": 1}
    assert body["blender"]["state"] == "idle"
    assert body["recovery"]["state"] == "done"
    assert body["disk"]["free_bytes"] > 0
    assert body["uptime_s"] >= 0


async def test_health_answers_without_an_index(served: Served) -> None:
    served.store.close()
    for path in served.store.output.glob(".index.sqlite3*"):
        path.unlink()
    (served.store.output / ".index.sqlite3").mkdir()
    async with served.client.get("/api/health") as answer:
        body = await answer.json()
    assert (answer.status, body["status"], body["queue"]) == (200, "degraded", {"pending": None, "in_progress": None})
    async with served.client.get("/api/sessions") as answer:
        assert answer.status == 503
        assert answer.headers["Retry-After"]


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (BlenderState.IDLE, "ok"),
        (BlenderState.BUSY, "ok"),
        (BlenderState.STARTING, "degraded"),
        (BlenderState.HUNG, "degraded"),
        (BlenderState.RESTARTING, "degraded"),
        (BlenderState.GIVEN_UP, "down"),
        (BlenderState.ABSENT, "down"),
    ],
)
def test_blender_decides_the_word(state: BlenderState, word: str) -> None:
    assert overall(BlenderHealth(state=state), index_readable=True, free_bytes=None) == word


def test_disk_and_index_can_only_make_it_worse() -> None:
    idle, gone = BlenderHealth(state=BlenderState.IDLE), BlenderHealth(state=BlenderState.ABSENT)
    assert overall(idle, index_readable=True, free_bytes=LOW_DISK_BYTES) == "ok"
    assert overall(idle, index_readable=True, free_bytes=LOW_DISK_BYTES - 1) == "degraded"
    assert overall(idle, index_readable=False, free_bytes=None) == "degraded"
    assert overall(gone, index_readable=False, free_bytes=0) == "down"


async def test_agents_are_every_stage(served: Served) -> None:
    async with served.client.get("/api/agents") as answer:
        agents = (await answer.json())["agents"]
    assert [agent["name"] for agent in agents] == [stage.value for stage in StageName]
    assert [agent["name"] for agent in agents if not agent["default"]] == ["animation"]


async def test_metrics_count_what_was_answered(served: Served) -> None:
    served.make()
    for _ in range(3):
        async with served.client.get("/api/session/none"):
            pass
    async with served.client.get("/api/agents", headers={"Host": "evil.example"}):
        pass
    async with served.client.get("/metrics") as answer:
        assert answer.content_type == "text/plain"
        text = await answer.text()
    assert 'scenekeeper_sessions{status="pending"} 1\n' in text
    assert 'scenekeeper_http_requests_total{method="GET",route="/api/session/{id}",status="404"} 3\n' in text
    assert 'scenekeeper_http_refused_total{code="host_refused"} 1\n' in text
    assert 'scenekeeper_blender_state{state="idle"} 1\n' in text
    names = re.findall(r"^# TYPE (\S+)", text, re.MULTILINE)
    assert len(names) == len(set(names))
    assert all(
        re.fullmatch(r'(# .*|[a-z_]+(\{([a-z]+="[^"]*",?)+\})? -?[0-9.e+-]+)', line) for line in text.splitlines()
    )


def test_labels_cannot_break_the_format() -> None:
    text = render([Sample("m", "gauge", "a\nb", 0.5, {"l": 'a"b\\c\nd'})])
    assert text == '# HELP m a\\nb\n# TYPE m gauge\nm{l="a\\"b\\\\c\\nd"} 0.5\n'


async def test_recovery_on_request_tells_what_it_did(served: Served) -> None:
    lost = served.store.output / "lost"
    lost.mkdir()
    (lost / "notes.txt").write_text("nothing known")
    async with served.client.post("/api/recover") as answer:
        body = await answer.json()
    assert answer.status == 202
    assert body["scanned"] >= 1
    async with served.client.get("/api/session/lost") as answer:
        session = await answer.json()
    assert (session["status"], session["result"]["error_code"]) == ("failed", "unrecognised")


async def test_recovery_runs_once_at_a_time_and_holds_nobody_up(served: Served) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def recover() -> RecoverySummary:
        begun.set()
        go_on.wait(10)
        return RecoverySummary(scanned=0, recovered=0)

    context = replace(make_context(served.store), recover=recover)
    server = await start(create_app(context), "127.0.0.1", 0)
    try:
        running = asyncio.create_task(served.client.post(f"{server.address}/api/recover"))
        await asyncio.to_thread(begun.wait, 5)
        async with served.client.post(f"{server.address}/api/recover") as answer:
            assert (answer.status, (await answer.json())["code"]) == (409, "busy")
        async with served.client.post(f"{server.address}/api/generate", json={"prompt": "meanwhile"}) as answer:
            assert answer.status == 202
        go_on.set()
        assert (await running).status == 202
    finally:
        go_on.set()
        await server.stop()


async def test_the_document_names_every_route_and_every_schema_it_uses(served: Served) -> None:
    async with served.client.get("/api/openapi.json") as answer:
        text = await answer.text()
    document = json.loads(text)
    assert document["openapi"].startswith("3.1")
    served_paths = {
        (route.method, route.resource.canonical)
        for route in create_app(make_context(served.store)).router.routes()
        if route.resource is not None and route.method != "HEAD"
    }
    described = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert described == served_paths
    for name in set(re.findall(r'"\$ref": "#/components/schemas/(\w+)"', text)):
        assert name in document["components"]["schemas"]
    assert "$defs" not in text
