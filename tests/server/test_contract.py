"""Requests made up from the served OpenAPI document: no server error, no answer that the document does not tell of."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from addon.models.api import GenerateRequest
from addon.server.app import create_app
from addon.server.limits import Limits
from addon.server.thread import ServerThread
from addon.state.creation import create
from addon.state.store import SessionStore

from .conftest import make_context

# A cursor, a key that was used before, and files that are none are refused although their form is right. What needs a
# token or the order of several calls has tests of its own.
CONFIG = """
[checks]
ignored_auth.enabled = false

[[operations]]
include-path = "/api/sessions"
checks.positive_data_acceptance.enabled = false

[[operations]]
include-path = "/api/generate"
checks.positive_data_acceptance.enabled = false

[[operations]]
include-path = "/api/uploads"
checks.positive_data_acceptance.enabled = false

[[operations]]
include-path = "/api/download/{id}/{kind}"
parameters = {id = "SESSION"}
"""
FILES = {"scene.blend": b"BLENDER", "render.png": b"PNG", "concept.md": b"# A cube", "plan.json": b"{}"}


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """An address, and the id of a session with files."""
    store = SessionStore(tmp_path / "output")
    store.open()
    made = [create(store, GenerateRequest(prompt=f"cube {number}")).session.id for number in range(3)]
    for name, content in FILES.items():
        (store.folder(made[0]) / name).write_bytes(content)
    # Streams that end at once, so that their answers come to an end.
    limits = Limits(poll_s=0.02, heartbeat_s=0.02, stream_life_s=0.05, linger_s=0.2, stop_s=0.5)
    server = ServerThread(lambda: create_app(make_context(store, limits)), "127.0.0.1", 0)
    yield server.start(), made[0]
    server.stop()
    store.close()


def test_every_answer_is_documented(served: tuple[str, str], tmp_path: Path) -> None:
    address, session_id = served
    config = tmp_path / "schemathesis.toml"
    config.write_text(CONFIG.replace("SESSION", session_id))
    program = [sys.executable, "-m", "schemathesis.cli", f"--config-file={config}", "run"]
    bounds = ["--max-examples=20", "--phases=examples,coverage,fuzzing", "--seed=1", "--generation-database=none"]
    run = subprocess.run(
        [*program, f"{address}/api/openapi.json", "--request-timeout=10", *bounds],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=tmp_path,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
    assert "14 selected / 14 total" in run.stdout
