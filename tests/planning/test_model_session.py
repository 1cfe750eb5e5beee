"""Whole sessions that a model plans, in a real Blender process: built, told, cancelled."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.planning.chat_server import ChatServer, Reply, says, serving
from tests.planning.model_plans import KEY, SUNDIAL

pytestmark = pytest.mark.blender

ROOT = Path(__file__).resolve().parents[2]
Json = dict[str, Any]
IMPOSSIBLE: Json = {
    "name": "nothing",
    "size": [1, 1, 1],
    "slots": {"body": {"paintable": True}},
    "parts": [{"name": "body", "shape": "cone", "size": [1, 1, 0], "top": -3}],
}
ANSWER: Json = {
    "objects": [
        {"id": "dial", "recipe": "sundial", "noun": "sundial"},
        {"id": "apple", "recipe": "apple", "noun": "apple", "color": "#20a030", "color_name": "green"},
        {"id": "void", "recipe": "nothing", "noun": "void"},
    ],
    "relations": [{"kind": "on", "subject": "apple", "targets": ["dial"]}],
    "recipes": [SUNDIAL, IMPOSSIBLE],
}


def environment(server: ChatServer, output: Path) -> dict[str, str]:
    """Ours only."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SCENEKEEPER_")}
    return kept | {
        "PYTHONPATH": str(ROOT),
        "SCENEKEEPER_OUTPUT": str(output),
        "SCENEKEEPER_PORT": "0",
        "SCENEKEEPER_MODEL_URL": server.url,
        "SCENEKEEPER_MODEL_NAME": "tiny",
        "SCENEKEEPER_MODEL_KEY": KEY,
        # A busy machine's main thread is slow to notice a cancel; replacing the process is another test's matter.
        "SCENEKEEPER_CANCEL_GRACE_S": "30",
    }


def call(url: str, body: Json | None = None) -> Json:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        result: Json = json.loads(answer.read())
        return result


def wait_for(look: Callable[[], Any], what: str) -> Any:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError(f"did not happen: {what}")


def test_what_a_model_plans_is_built_and_the_key_is_in_no_file(tmp_path: Path) -> None:
    output = tmp_path / "output"
    command = [sys.executable, "-P", "-m", "addon", "generate", "a green apple on a sundial in the void"]
    command += ["--preset", "draft", "--resolution", "64x36", "--samples", "1", "--agents", "concept", "builder"]
    with serving(says(ANSWER)) as server:
        done = subprocess.run(
            command,
            check=False,
            cwd=tmp_path,
            env=environment(server, output),
            capture_output=True,
            text=True,
            timeout=200,
        )
    assert done.returncode == 0, done.stderr
    folder = next(path.parent for path in output.glob("*/session_state.json"))
    assert json.loads((folder / "plan.json").read_text())["planner"] == "model tiny"
    warnings = json.loads((folder / "session_state.json").read_text())["result"]["warnings"]
    assert any("void: it cannot be built" in warning for warning in warnings), warnings
    assert b"sundial 1" in raw_names(folder / "scene.blend")
    for path in output.rglob("*"):
        assert not path.is_file() or KEY.encode() not in path.read_bytes(), path
    assert KEY not in done.stdout + done.stderr


def raw_names(path: Path) -> bytes:
    """Names of the objects in a .blend, as a Blender without interface lists them."""
    code = (
        "import bpy, sys; bpy.ops.wm.open_mainfile(filepath=sys.argv[1], use_scripts=False); "
        "print([thing.name for thing in bpy.data.objects])"
    )
    return subprocess.run([sys.executable, "-c", code, str(path)], check=False, capture_output=True, timeout=100).stdout


def test_a_session_that_waits_for_the_model_can_be_cancelled_at_once(tmp_path: Path) -> None:
    output = tmp_path / "output"
    with serving(Reply(200, says(ANSWER).body, pause_s=100)) as server:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "addon", "serve"],
            cwd=tmp_path,
            env=environment(server, output),
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.stderr is not None
            line = next(line for line in process.stderr if " serves " in line)
            base = line.split(" serves ")[1].split()[0]
            made = call(f"{base}/api/generate", {"prompt": "a cup", "agents": []})
            session = f"{base}/api/session/{made['id']}"
            wait_for(lambda: "Waiting for the language model" in (call(session)["message"] or ""), "waiting")
            call(f"{session}/cancel", {})
            wait_for(lambda: call(session)["status"] == "cancelled", "the session is cancelled")
            assert process.poll() is None
            health = wait_for(
                lambda: (h := call(f"{base}/api/health"))["blender"]["state"] == "idle" and h, "Blender is idle"
            )
            assert health["blender"]["pid"] == process.pid
        finally:
            process.terminate()
            process.wait(20)
            assert process.stderr is not None
            process.stderr.close()
