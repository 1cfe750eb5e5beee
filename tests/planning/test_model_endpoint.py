"""An endpoint that is slow, busy, broken, wrong or spiteful. Real connections; every deadline is the planner's own."""

import gzip
import json
import logging
import socket
import time
from itertools import pairwise

import pytest

from addon.models.errors import SessionCancelled
from addon.models.plan import ScenePlan
from addon.planning.model import Endpoint, ModelPlanner
from tests.planning.boxes import boxes
from tests.planning.chat_server import Reply, says, serving
from tests.planning.model_plans import KEY, OFFLINE, PLAN, planner_of

PROMPT = "two red cups on a wooden table"


def reason(plan: ScenePlan) -> str:
    """Why the offline planner made it."""
    assert plan.planner == "offline"
    assert plan.not_built[0].text == "the language model's plan"
    assert plan.objects == OFFLINE.plan(PROMPT, 0).objects
    return plan.not_built[0].reason


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503])
def test_passing_trouble_is_tried_again(status: int) -> None:
    with serving(Reply(status), Reply(status), says(PLAN)) as server:
        plan = planner_of(server).plan(PROMPT, 0)
    assert plan.planner == "model tiny"
    assert len(server.requests) == 3


def test_pauses_grow_and_retries_end() -> None:
    with serving(Reply(500)) as server:
        said = reason(planner_of(server).plan(PROMPT, 0))
    assert "had an error (500)" in said
    pauses = [after - before for before, after in pairwise(server.times)]
    assert len(pauses) == 3
    assert pauses[0] >= 0.015 and pauses[1] >= 0.03 and pauses[2] >= 0.06


def test_the_endpoint_may_ask_for_a_longer_pause() -> None:
    with serving(Reply(429, headers={"Retry-After": "1"}), says(PLAN)) as server:
        assert planner_of(server).plan(PROMPT, 0).planner == "model tiny"
    assert server.times[1] - server.times[0] >= 1.0


def test_a_pause_beyond_the_deadline_is_not_waited_for() -> None:
    with serving(Reply(429, headers={"Retry-After": "900"})) as server:
        assert "too much to do" in reason(planner_of(server).plan(PROMPT, 0))
    assert len(server.requests) == 1


@pytest.mark.parametrize(("status", "meaning"), [(401, "refused the key"), (404, "knows no such model"), (402, "paid")])
def test_lasting_trouble_is_not_tried_again(status: int, meaning: str) -> None:
    with serving(Reply(status)) as server:
        assert meaning in reason(planner_of(server).plan(PROMPT, 0))
    assert len(server.requests) == 1


def test_an_endpoint_that_knows_only_the_bare_protocol_gets_that_from_then_on() -> None:
    with serving(Reply(400), says(PLAN)) as server:
        planner = planner_of(server)
        assert planner.plan(PROMPT, 0).planner == "model tiny"
        assert planner.plan(PROMPT, 0).planner == "model tiny"
    assert "response_format" in server.requests[0]
    assert [set(request) for request in server.requests[1:]] == [{"model", "messages", "stream"}] * 2


@pytest.mark.parametrize(
    "slow",
    [says(PLAN), says(PLAN), Reply(200, b" " * 4000)],
    ids=["silent", "trickling", "never ending"],
)
def test_a_slow_answer_ends_at_the_deadline(slow: Reply, request: pytest.FixtureRequest) -> None:
    is_silent = "silent" in request.node.name
    late = Reply(200, slow.body, pieces=1 if is_silent else 1000, pause_s=30 if is_silent else 0.05)
    signs: list[str] = []
    began = time.monotonic()
    with serving(late) as server:
        plan = planner_of(server, timeout_s=2.0).plan(PROMPT, 0, signs.append)
    assert "did not answer within 2 s" in reason(plan)
    assert 2.0 <= time.monotonic() - began < 5.0
    assert len(signs) >= 4, "the supervisor must hear from the main thread meanwhile"
    assert signs[0] == "Waiting for the language model (0 s)"


def test_a_session_that_shall_stop_does_not_wait() -> None:
    signs: list[str] = []

    def waiting(message: str) -> None:
        signs.append(message)
        if len(signs) == 3:
            raise SessionCancelled("cancelled")

    began = time.monotonic()
    with serving(Reply(200, says(PLAN).body, pause_s=30)) as server, pytest.raises(SessionCancelled):
        planner_of(server).plan(PROMPT, 0, waiting)
    assert time.monotonic() - began < 5.0


def test_a_connection_that_breaks_is_tried_again() -> None:
    broken = Reply(200, says(PLAN).body[:50], promised=500)
    with serving(broken, says(PLAN)) as server:
        assert planner_of(server).plan(PROMPT, 0).planner == "model tiny"
    with serving(broken) as server:
        assert "connection" in reason(planner_of(server).plan(PROMPT, 0))


def test_nobody_there_is_told() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        endpoint = Endpoint(f"http://127.0.0.1:{free.getsockname()[1]}/v1", "tiny", first_pause_s=0.02)
        plan = ModelPlanner(boxes(), endpoint, OFFLINE).plan(PROMPT, 0)
    assert "cannot be reached" in reason(plan)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Welcome to the router</html>",
        b"[]",
        b'{"choices": []}',
        b'{"choices": [{"message": {"content": 5}}]}',
        b'{"choices": [{"message": null}]}',
        b"[" * 200_000,
        b"\xff\xfe",
        gzip.compress(says(PLAN).body),
    ],
)
def test_what_is_no_completion_is_told(body: bytes) -> None:
    with serving(Reply(200, body)) as server:
        assert "does not speak the protocol" in reason(planner_of(server).plan(PROMPT, 0))
    assert len(server.requests) == 1


def test_an_endless_answer_is_not_read_to_its_end() -> None:
    with serving(Reply(200, b" " * 3_000_000)) as server:
        assert "too long" in reason(planner_of(server).plan(PROMPT, 0))


def test_a_redirect_does_not_carry_the_key_elsewhere() -> None:
    with serving(says(PLAN)) as other, serving(Reply(307, headers={"Location": other.url})) as server:
        assert "has moved" in reason(planner_of(server).plan(PROMPT, 0))
    assert other.requests == []


def test_the_key_goes_into_the_header_and_nowhere_else(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    quoting = Reply(401, json.dumps({"error": {"message": f"Incorrect API key provided: {KEY}"}}).encode())
    echo = says(PLAN | {"title": KEY})
    hidden = says(json.dumps(PLAN | {"title": "@"}).replace("@", "".join(f"\\u{ord(letter):04x}" for letter in KEY)))
    wrong = says({KEY: 1})
    for reply in (quoting, echo, hidden, wrong):
        with serving(reply) as server:
            planner = planner_of(server)
            plan = planner.plan(PROMPT, 0)
        assert {headers["Authorization"] for headers in server.headers} == {f"Bearer {KEY}"}
        assert plan.planner == "offline"
        assert KEY not in plan.model_dump_json() + repr(vars(planner)) + caplog.text


def test_without_a_key_none_is_sent() -> None:
    with serving(says(PLAN)) as server:
        planner_of(server, key=None).plan(PROMPT, 0)
    assert "Authorization" not in server.headers[0]


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("http://127.0.0.1:11434", "http://127.0.0.1:11434/v1/chat/completions"),
        ("http://127.0.0.1:1234/v1/", "http://127.0.0.1:1234/v1/chat/completions"),
        ("https://llm.example/api/v3", "https://llm.example/api/v3/chat/completions"),
        ("https://llm.example/v1/chat/completions", "https://llm.example/v1/chat/completions"),
    ],
)
def test_addresses_as_people_give_them(url: str, address: str) -> None:
    assert Endpoint(url, "tiny").address == address
