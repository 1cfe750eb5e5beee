"""Full disks and folders that cannot be written, under a bridge that runs and under one that starts."""

import json
import re
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from addon.models.api import GenerateRequest
from addon.state.creation import create
from addon.state.store import SessionStore
from tests.bridge.running import RunningBridge, running, wait_for
from tests.stress.submitting import submit
from tests.stress.trouble import ROOTED, Room, nobodys_folder, read_only, small_disk, unprivileged

pytestmark = [pytest.mark.blender, pytest.mark.stress, pytest.mark.timeout(120)]


def address(bridge: RunningBridge) -> str:
    """From its own words: it may have been unable to write its address down."""
    log = bridge.log
    found = wait_for(lambda: re.search(r"answers at (\S+)", log.read_text()), 30, "the bridge answers")
    assert found is not None
    return found[1]


def call(base: str, method: str, path: str, body: object = None) -> tuple[int, Any]:
    request = urllib.request.Request(base + path, method=method, headers={"Content-Type": "application/json"})
    data = None if method == "GET" else json.dumps(body or {}).encode()
    try:
        with urllib.request.urlopen(request, data, timeout=20) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        assert error.headers["Content-Type"] == "application/problem+json"
        return error.code, json.loads(error.read())


def states(output: Path) -> dict[str, Any]:
    return {path.parent.name: json.loads(path.read_bytes()) for path in output.glob("[!.]*/session_state.json")}


def reads_and_refuses(base: str, known: str, status: int, code: str) -> None:
    """Every read works, every change is refused in the one shape."""
    for path in ("/api/sessions", "/api/sessions?q=cube", f"/api/session/{known}", "/api/health", "/api/agents"):
        assert call(base, "GET", path)[0] == 200, path
    for method, path in (
        ("POST", "/api/generate"),
        ("POST", f"/api/session/{known}/cancel"),
    ):
        answer = call(base, method, path, {"prompt": "a cube"} if "generate" in path else None)
        assert (answer[0], answer[1]["code"]) == (status, code), (path, answer)


def test_a_full_disk_stops_nothing_for_ever() -> None:
    with small_disk(16) as output:
        room = Room(output)
        with running(output, blender="bpy") as bridge:
            first = bridge.blender_pid()
            bridge.ended(submit(bridge, "a red cube"))
            working = submit(bridge, "a blue ball", resolution=[320, 180], samples=16)
            waiting = submit(bridge, "a green cone")
            wait_for(lambda: bridge.session(working)["current_stage"] == "render", 60, "it renders")
            room.use_up(bridge)
            reads_and_refuses(bridge.address, waiting, 507, "disk_full")
            wait_for(
                lambda: (bridge.call("GET", "/api/health")["blender"]["message"] or "").startswith("Waiting: "),
                60,
                "it tells what it waits for",
            )
            assert bridge.session(working)["status"] == "in_progress"
            known = set(states(output))
            room.make()
            for name in (working, waiting):
                assert bridge.ended(name, 90)["status"] == "completed"
                assert bridge.session(name)["recovery"] == []
            assert bridge.blender_pid() == first, "a full disk kills no Blender"
            assert (
                known == set(states(output)) == {row["id"] for row in bridge.call("GET", "/api/sessions")["sessions"]}
            )


def test_a_bridge_starts_on_a_full_disk_and_works_when_there_is_room() -> None:
    if not ROOTED:
        # A limit on file sizes cannot be set before the bridge and lifted later from outside: a full folder stands in.
        with nobodys_folder() as output:
            starts_in_a_folder_without(output, lambda: read_only(output), 503, "folder_read_only")
        return
    with small_disk(4) as output:
        room = Room(output)
        known = make_one(output)
        room.use_up()
        bridge = RunningBridge(output, [sys.executable, "-m", "bridge", "serve"], blender="/none")
        try:
            base = address(bridge)
            wait_for(lambda: call(base, "GET", "/api/sessions")[1]["total"] == 1, 10, "the session is seen")
            reads_and_refuses(base, known, 507, "disk_full")
            room.make()
            wait_for(lambda: call(base, "POST", "/api/generate", {"prompt": "a cube"})[0] == 202, 10, "it accepts")
            wait_for(lambda: call(base, "GET", "/api/sessions")[1]["total"] == 2, 5, "both are seen")
            assert "Traceback" not in bridge.log.read_text()
        finally:
            assert bridge.stop() == 0


def make_one(output: Path) -> str:
    store = SessionStore(output)
    store.open()
    try:
        return create(store, GenerateRequest(prompt="a red cube")).session.id
    finally:
        store.close()


def starts_in_a_folder_without(output: Path, trouble: Any, status: int, code: str) -> None:
    with unprivileged(output) as bridge:
        base = address(bridge)
        known = call(base, "POST", "/api/generate", {"prompt": "a red cube"})[1]["id"]
        with trouble():
            reads_and_refuses(base, known, status, code)
        assert call(base, "POST", "/api/generate", {"prompt": "a cube"})[0] == 202
    for path in output.glob(".index.sqlite3*"):
        path.unlink()
    with trouble(), unprivileged(output) as bridge:
        base = address(bridge)
        wait_for(lambda: call(base, "GET", "/api/sessions")[1]["total"] == 2, 10, "the sessions are seen")
        reads_and_refuses(base, known, status, code)
        assert call(base, "GET", "/api/health")[1]["blender"]["message"]
        assert "Traceback" not in bridge.log.read_text()


def test_a_read_only_folder_is_read_and_taken_when_it_can_be() -> None:
    with nobodys_folder() as output:
        starts_in_a_folder_without(output, lambda: read_only(output), 503, "folder_read_only")
        with read_only(output):
            waiting = unprivileged(output)
            bridge = waiting.__enter__()
            base = address(bridge)
            assert call(base, "POST", "/api/generate", {"prompt": "a cube"})[0] == 503
        try:
            wait_for(lambda: call(base, "POST", "/api/generate", {"prompt": "a cube"})[0] == 202, 10, "it accepts")
            wait_for(lambda: call(base, "GET", "/api/sessions")[1]["total"] == 3, 10, "all are seen")
            bridge.ready()
        finally:
            waiting.__exit__(None, None, None)
