"""POST /api/generate: durable, idempotent, bounded, and strict about what it reads."""

import asyncio
import json

import pytest

from addon.models.session import SessionStatus

from .conftest import Serve, Served


async def test_a_session_is_on_disk_before_it_is_answered(served: Served) -> None:
    async with served.client.post("/api/generate", json={"prompt": "  test scene ", "agents": []}) as answer:
        body = await answer.json()
        assert answer.status == 202
        assert answer.headers["Location"] == f"/api/session/{body['id']}"
    assert body == {"id": body["id"], "session_id": body["id"], "status": "pending", "message": "Waiting in the queue"}
    state = json.loads((served.store.output / body["id"] / "session_state.json").read_text())
    assert (state["status"], state["prompt"]) == ("pending", "test scene")


async def test_every_option_is_taken(served: Served) -> None:
    options = {
        "seed": 7,
        "preset": "draft",
        "resolution": [160, 90],
        "samples": 4,
        "engine": "eevee",
        "device": "cpu",
        "formats": ["glb"],
        "frames": 12,
    }
    sent = {"prompt": "a cube", "agents": ["concept", "builder"], "options": options}
    async with served.client.post("/api/generate", json=sent) as answer:
        assert answer.status == 202
        location = answer.headers["Location"]
    async with served.client.get(location) as answer:
        session = await answer.json()
    assert session["options"] == options | {"formats": ["blend", "glb"]}
    assert [stage["name"] for stage in session["stages"]] == ["concept", "builder"]


async def test_the_same_key_gives_the_same_session_and_answer(served: Served) -> None:
    async def post(prompt: str) -> tuple[int, str | None, dict[str, object]]:
        headers = {"Idempotency-Key": "order 4711"}
        async with served.client.post("/api/generate", json={"prompt": prompt}, headers=headers) as answer:
            return answer.status, answer.headers.get("Location"), await answer.json()

    answers = await asyncio.gather(*(post("a cube") for _ in range(10)))
    served.end(str(answers[0][2]["id"]))
    assert all(answer == answers[0] for answer in (*answers, await post("a cube")))
    assert answers[0][0] == 202
    status, _, other = await post("a sphere")
    assert (status, other["code"]) == (422, "idempotency_conflict")
    assert sum(served.store.index.counts().values()) == 1


@pytest.mark.parametrize("key", ["", " ", "x" * 201, "caf\u00e9", " a", "a\tb"])
async def test_a_key_that_is_none_is_named(served: Served, key: str) -> None:
    headers = [b"POST /api/generate HTTP/1.1", f"Host: 127.0.0.1:{served.server.port}".encode()]
    headers += [b"Content-Type: application/json", b"Content-Length: 14", b"Connection: close"]
    # As bytes: clients trim and refuse such values themselves.
    raw = b"\r\n".join([*headers, b"Idempotency-Key: " + key.encode()]) + b'\r\n\r\n{"prompt":"a"}'
    reader, writer = await asyncio.open_connection("127.0.0.1", served.server.port)
    writer.write(raw)
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    # Spaces around a value are not part of it.
    if key == " a":
        assert head.startswith(b"HTTP/1.1 202 ")
    else:
        assert head.startswith(b"HTTP/1.1 422 ")
        assert json.loads(body)["errors"][0]["field"] == "Idempotency-Key"


async def test_a_full_queue_says_when_to_come_again(serve: Serve) -> None:
    served = await serve(queue=2)
    for _ in range(2):
        served.make()
    async with served.client.post("/api/generate", json={"prompt": "one more"}) as answer:
        assert answer.status == 429
        assert int(answer.headers["Retry-After"]) > 0
        assert (await answer.json())["code"] == "queue_full"
    assert served.store.index.counts()[SessionStatus.PENDING] == 2


async def test_many_at_once_are_all_made_once(served: Served) -> None:
    async def post(number: int) -> str:
        async with served.client.post("/api/generate", json={"prompt": f"cube {number}"}) as answer:
            assert answer.status == 202
            name: str = (await answer.json())["id"]
            assert (served.store.output / name / "session_state.json").exists()
            return name

    names = await asyncio.gather(*map(post, range(200)))
    assert len(set(names)) == 200
    assert served.store.index.counts()[SessionStatus.PENDING] == 200
