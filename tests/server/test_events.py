"""Server-sent events: the state at once, then every change, whoever made it; resuming; slow and many listeners."""

import asyncio
import json
from collections.abc import Callable
from contextlib import aclosing
from typing import Any

import aiohttp
import pytest

from addon.models.session import SessionStatus, StageName
from addon.server.feed import Change, Subscription
from addon.state.claims import claim, report_progress
from addon.state.requests import request_cancel
from addon.state.store import SessionStore

from .conftest import WORKER, Serve, Served

Event = tuple[str, str, dict[str, Any]]


async def events(answer: aiohttp.ClientResponse, *, heartbeats: bool = False) -> Any:
    """(id, event, data) as a browser would read them."""
    fields: dict[str, str] = {}
    async for line in answer.content:
        text = line.decode().rstrip("\n")
        if text.startswith(":"):
            if heartbeats:
                yield "", "heartbeat", {}
        elif text:
            name, _, value = text.partition(": ")
            fields[name] = value
        else:
            if "data" in fields:
                yield fields["id"], fields["event"], json.loads(fields["data"])
            fields.clear()


async def take(answer: aiohttp.ClientResponse, count: int) -> list[Event]:
    found: list[Event] = []
    async with asyncio.timeout(10), aclosing(events(answer)) as stream:
        async for event in stream:
            found.append(event)
            if len(found) == count:
                break
    return found


async def test_one_sessions_way_is_told_to_its_end(served: Served) -> None:
    name, other = served.make(), served.make()
    async with served.client.get(f"/api/session/{name}/events") as answer:
        assert answer.headers["Content-Type"] == "text/event-stream"
        (first,) = await take(answer, 1)
        assert (first[1], first[2]["status"], first[2]["session_id"]) == ("progress", "pending", name)
        served.claim(name)
        (claimed,) = await take(answer, 1)
        assert claimed[2]["status"] == "in_progress"
        report_progress(served.store, name, WORKER.id, 0.5, "Sample 8/16", StageName.RENDER)
        request_cancel(served.store, other)  # not of this stream
        (progress,) = await take(answer, 1)
        assert (progress[2]["progress"], progress[2]["message"], progress[2]["stage"]) == (0.5, "Sample 8/16", "render")
        request_cancel(served.store, name)
        await take(answer, 1)
        session = served.store.get(name)
        served.store.update(name, lambda _: session.model_copy(update={"status": SessionStatus.CANCELLED}))
        (last,) = await take(answer, 1)
        assert (last[1], last[2]["success"]) == ("complete", False)
        async with asyncio.timeout(5):
            await answer.content.read()  # the stream ends with the session
    assert [int(event[0]) for event in (first, claimed, progress, last)] == sorted(
        event[2]["seq"] for event in (first, claimed, progress, last)
    )


@pytest.mark.parametrize(("status", "name"), [(SessionStatus.COMPLETED, "complete"), (SessionStatus.FAILED, "error")])
async def test_who_joins_after_the_end_gets_the_end(served: Served, status: SessionStatus, name: str) -> None:
    session_id = served.make()
    served.end(session_id, status)
    async with served.client.get(f"/api/session/{session_id}/events") as answer:
        found = await asyncio.wait_for(_all(answer), 5)
    assert [event[1] for event in found] == [name]
    assert found[0][2]["success"] is (status is SessionStatus.COMPLETED)
    headers = {"Last-Event-ID": found[0][0]}
    async with served.client.get(f"/api/session/{session_id}/events", headers=headers) as answer:
        assert answer.status == 204  # a browser stops asking


async def _all(answer: aiohttp.ClientResponse) -> list[Event]:
    async with aclosing(events(answer)) as stream:
        return [event async for event in stream]


async def test_resuming_brings_what_was_missed_and_nothing_else(served: Served) -> None:
    first, second = served.make("one"), served.make("two")
    async with served.client.get("/api/events") as answer:
        seen = await take(answer, 2)
    assert [event[2]["session_id"] for event in seen] == [first, second]
    request_cancel(served.store, first)
    third = served.make("three")
    async with served.client.get("/api/events", headers={"Last-Event-ID": seen[-1][0]}) as answer:
        missed = await take(answer, 2)
        served.claim(second)
        live = await take(answer, 1)
    assert [(event[2]["session_id"], event[2]["status"]) for event in missed] == [
        (first, "cancelled"),
        (third, "pending"),
    ]
    assert (live[0][2]["session_id"], live[0][2]["status"]) == (second, "in_progress")


async def test_an_id_of_another_life_starts_anew(served: Served) -> None:
    name = served.make()
    for path in ("/api/events", f"/api/session/{name}/events"):
        async with served.client.get(path, headers={"Last-Event-ID": "999999999"}) as answer:
            assert (await take(answer, 1))[0][2]["session_id"] == name


@pytest.mark.parametrize("value", ["x", "-1", "1.5", "9" * 40])
async def test_an_id_that_is_none_is_named(served: Served, value: str) -> None:
    name = served.make()
    for path in ("/api/events", f"/api/session/{name}/events"):
        async with served.client.get(path, headers={"Last-Event-ID": value}) as answer:
            assert answer.status == 422
            assert (await answer.json())["errors"][0]["field"] == "Last-Event-ID"


async def test_a_listener_of_nothing_can_resume_too(served: Served) -> None:
    served.end(served.make())
    async with served.client.get("/api/events") as answer:
        async with asyncio.timeout(5):
            text = b""
            while b"id: " not in text:
                text += await answer.content.readany()
    last = text.split(b"id: ")[1].split(b"\n")[0].decode()
    name = served.make()
    async with served.client.get("/api/events", headers={"Last-Event-ID": last}) as answer:
        assert [event[2]["session_id"] for event in await take(answer, 1)] == [name]


async def test_changes_of_another_process_are_noticed(served: Served, open_store: Callable[[], SessionStore]) -> None:
    other = open_store()  # another store has connections of its own, as another process has
    name = served.make()
    async with served.client.get("/api/events") as answer:
        await take(answer, 1)
        assert claim(other, WORKER) is not None
        (event,) = await take(answer, 1)
    assert (event[2]["session_id"], event[2]["status"]) == (name, "in_progress")


async def test_nothing_is_lost_when_many_are_made_at_once(served: Served) -> None:
    async with served.client.get("/api/events") as answer:
        await answer.content.readuntil(b"id: ")

        async def post() -> str:
            async with served.client.post("/api/generate", json={"prompt": "a cube"}) as made:
                return (await made.json())["id"]

        names = await asyncio.gather(*(post() for _ in range(60)))
        told = await take(answer, 60)
    assert {event[2]["session_id"] for event in told} == set(names)


async def test_silence_is_filled_with_heartbeats(served: Served) -> None:
    async with (
        asyncio.timeout(5),
        served.client.get("/api/events") as answer,
        aclosing(events(answer, heartbeats=True)) as stream,
    ):
        assert [await anext(stream) for _ in range(2)] == [("", "heartbeat", {})] * 2


async def test_there_are_only_so_many_streams_and_places_become_free(serve: Serve) -> None:
    served = await serve(limits={"streams": 2})
    first = await served.client.get("/api/events")
    second = await served.client.get("/api/events")
    async with served.client.get("/api/events") as answer:
        assert (answer.status, (await answer.json())["code"]) == (503, "too_many_streams")
        assert answer.headers["Retry-After"]
    first.close()
    async with asyncio.timeout(5):
        while True:
            async with served.client.get("/api/events") as answer:
                if answer.status == 200:
                    break
            await asyncio.sleep(0.02)
    second.close()


async def test_a_stream_ends_after_its_time_and_when_the_server_stops(serve: Serve) -> None:
    served = await serve(limits={"stream_life_s": 0.1})
    async with served.client.get("/api/events") as answer:
        assert await asyncio.wait_for(answer.content.read(), 5)
    served = await serve()
    async with served.client.get("/api/events") as answer:
        reading = asyncio.create_task(answer.content.read())
        await asyncio.sleep(0)
        await asyncio.wait_for(served.server.stop(), 5)
        assert b"retry:" in await asyncio.wait_for(reading, 5)


async def test_head_of_a_stream_does_not_hang(served: Served) -> None:
    async with served.client.head("/api/events") as answer:
        assert (answer.status, answer.content_type) == (200, "text/event-stream")


async def test_a_slow_listener_gets_the_newest_state_and_one_too_slow_is_dropped(served: Served) -> None:
    names = [served.make() for _ in range(3)]
    old = [Change(served.store.row(name)) for name in names]
    served.claim(names[0])
    new = Change(served.store.row(names[0]))
    listener = Subscription(None, backlog=2)
    listener.offer(old[0])
    listener.offer(new)
    listener.offer(old[1])
    assert await listener.take(1) == [old[1], new]
    assert not listener.closed
    for change in old:
        listener.offer(change)
    assert listener.closed
    assert await listener.take(1) == []
