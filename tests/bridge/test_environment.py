"""A worker gets every setting as the bridge resolved it, and nothing else of ours."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from addon.models.settings import Settings
from bridge.environment import worker_environment


def test_the_worker_reads_the_settings_that_the_bridge_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(
        output=tmp_path / "out",
        port=6001,
        token=SecretStr("secret"),
        allowed_origins=["https://a.example", "https://b.example"],
        max_attempts=7,
        hang_deadline_s=12.5,
        recipes=tmp_path,
    )
    environment = worker_environment({"PATH": "/bin", "SCENEKEEPER_PORT": "1"}, settings, "w1", "b1", {"X": "y"})
    assert environment["X"] == "y"
    assert environment["PATH"] == "/bin"
    assert environment["SCENEKEEPER_WORKER_ID"] == "w1"
    assert environment["SCENEKEEPER_SUPERVISOR"] == "b1"
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    worker = Settings()
    assert (worker.bind, worker.port, worker.output) == ("127.0.0.1", 0, tmp_path / "out")
    assert worker.token is not None
    assert worker.token.get_secret_value() == "secret"
    same = {"allowed_origins", "max_queue", "max_attempts", "hang_deadline_s", "recipes", "stop_deadline_s"}
    assert {name: getattr(worker, name) for name in same} == {name: getattr(settings, name) for name in same}
