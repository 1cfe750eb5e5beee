"""Sessions over REST: list, one, cancel, retry, delete."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from addon.models.session import SessionStatus
from addon.server.app import create_app
from addon.server.serve import start
from addon.server.views import view_from_session
from addon.state.rows import row_from_session
from addon.state.store import SessionStore

from .conftest import Served, make_context


async def test_pages_follow_each_other_newest_first(served: Served) -> None:
    made = [served.make(f"cube {number}") for number in range(7)]
    seen: list[str] = []
    cursor = ""
    while True:
        async with served.client.get("/api/sessions", params={"limit": "3", "cursor": cursor}) as answer:
            page = await answer.json()
        assert page["total"] == 7
        seen += [session["id"] for session in page["sessions"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == made[::-1]


async def test_a_list_is_filtered_by_state_and_words(served: Served) -> None:
    done, waiting = served.make("a blue vase"), served.make("a red chair")
    served.end(done)

    async def ids(**query: str) -> list[str]:
        async with served.client.get("/api/sessions", params=query) as answer:
            page = await answer.json()
        assert page["total"] == len(page["sessions"])
        return [session["id"] for session in page["sessions"]]

    assert await ids(status="completed", limit="20") == [done]
    assert await ids(status="pending") == [waiting]
    assert await ids(q="chair") == [waiting]
    assert await ids(q="%") == []
    assert await ids(q=done[:8]) == [done]
    assert await ids(status="", limit="", cursor="", q="") == [waiting, done]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=-1", "limit"),
        ("limit=1.0", "limit"),
        ("limit=%20%201", "limit"),
        ("limit=1_0", "limit"),
        ("limit=%D9%A1", "limit"),
        ("limit=" + "9" * 5000, "limit"),
        ("limit=1&limit=2", "limit"),
        ("status=done", "status"),
        ("cursor=%00", "cursor"),
        ("cursor=AAAA", "cursor"),
        ("cursor=" + "A" * 400, "cursor"),
        ("q=" + "x" * 300, "q"),
        ("stauts=completed", "stauts"),
    ],
)
async def test_a_wrong_parameter_is_named(served: Served, query: str, field: str) -> None:
    async with served.client.get(f"/api/sessions?{query}") as answer:
        body = await answer.json()
    assert (answer.status, [error["field"] for error in body["errors"]]) == (422, [field])


async def test_a_session_shows_its_file_and_what_is_faster_than_it(served: Served) -> None:
    first, second = served.make("one"), served.make("two")
    async with served.client.get(f"/api/session/{second}") as answer:
        body = await answer.json()
    assert (body["status"], body["queue_position"], body["progress"]) == ("pending", 1, 0.0)
    assert body["session_id"] == body["id"] == second
    assert "idempotency_fingerprint" not in body
    served.end(first)
    async with served.client.get(f"/api/session/{first}") as answer:
        body = await answer.json()
    assert (body["status"], body["progress"], body["queue_position"]) == ("completed", 1.0, None)
    assert body["result"]["success"] is True
    assert body["download_urls"]["render"] == f"/api/download/{first}/render"
    assert set(body["download_urls"]) == {"blend", "render", "concept", "plan", "bundle"}


async def test_what_has_not_changed_is_not_sent_again(served: Served) -> None:
    first, second = served.make("one"), served.make("two")
    async with served.client.get(f"/api/session/{second}") as answer:
        tag = answer.headers["ETag"]

    async def again(header: str) -> int:
        async with served.client.get(f"/api/session/{second}", headers={"If-None-Match": header}) as answer:
            assert answer.headers["ETag"]
            assert (answer.status == 304) == (not await answer.read())
            return answer.status

    assert await again(tag) == 304
    assert await again(f'"0", W/{tag}') == 304
    assert await again('"0"') == 200
    served.claim(first)  # the second one's place in the queue changes
    assert await again(tag) == 200


async def test_a_waiting_session_is_cancelled_at_once_and_a_working_one_is_told(served: Served) -> None:
    waiting, working = served.make(), served.make()
    served.claim(working)
    for name, status in ((waiting, "cancelled"), (working, "in_progress")):
        async with served.client.post(f"/api/session/{name}/cancel") as answer:
            assert (answer.status, (await answer.json())["status"]) == (202, status)
    assert served.store.get(working).cancel_requested_at is not None
    async with served.client.post(f"/api/session/{waiting}/cancel") as answer:
        assert (answer.status, (await answer.json())["code"]) == (409, "conflict")


async def test_a_retry_is_a_new_session_that_names_its_origin(served: Served) -> None:
    name = served.make("a teapot")
    async with served.client.post(f"/api/session/{name}/retry") as answer:
        assert answer.status == 409
    served.end(name, SessionStatus.FAILED)
    async with served.client.post(f"/api/session/{name}/retry") as answer:
        assert answer.status == 202
        location = answer.headers["Location"]
    async with served.client.get(location) as answer:
        body = await answer.json()
    assert (body["retry_of"], body["prompt"], body["status"]) == (name, "a teapot", "pending")


async def test_only_what_has_ended_goes_to_the_trash(served: Served) -> None:
    name = served.make()
    async with served.client.delete(f"/api/session/{name}") as answer:
        assert answer.status == 409
    served.end(name)
    async with served.client.delete(f"/api/session/{name}") as answer:
        assert (answer.status, await answer.read()) == (204, b"")
    assert (served.store.output / ".trash" / name / "scene.blend").exists()
    async with served.client.get(f"/api/session/{name}") as answer:
        assert answer.status == 404


async def test_two_servers_on_one_folder_see_each_others_sessions(
    served: Served, open_store: Callable[[], SessionStore]
) -> None:
    other_store = open_store()
    other = await start(create_app(make_context(other_store)), "127.0.0.1", 0)
    try:
        async with served.client.post(f"{other.address}/api/generate", json={"prompt": "over there"}) as answer:
            name = (await answer.json())["id"]
        async with served.client.post(f"/api/session/{name}/cancel") as answer:
            assert answer.status == 202
        async with served.client.get(f"{other.address}/api/session/{name}") as answer:
            assert (await answer.json())["status"] == "cancelled"
    finally:
        await other.stop()


async def test_a_file_that_is_ahead_of_its_row_is_told_as_the_row_will_tell_it(served: Served) -> None:
    running = served.claim(served.make())
    row = replace(served.store.row(running.id), message="Sample 3/4")
    ended = running.model_copy(update={"status": SessionStatus.COMPLETED, "worker": None})
    view = view_from_session(ended, row, queue_position=None, kinds=[])
    assert view.message == row_from_session(ended, mtime_ns=None, size=None).message != row.message
