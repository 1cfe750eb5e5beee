"""Which planner the settings and the user's permission make; what settings a model needs."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from addon.models.settings import Settings
from addon.planning import OfflinePlanner
from addon.planning.model import ModelPlanner, make_planner
from bridge.environment import worker_environment
from tests.planning.boxes import boxes
from tests.planning.chat_server import says, serving
from tests.planning.model_plans import KEY, PLAN


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings but the test's."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"SCENEKEEPER_{name.upper()}", raising=False)


def test_planning_is_offline_by_default() -> None:
    assert isinstance(make_planner(Settings(), boxes(), online=True), OfflinePlanner)


def test_a_model_of_this_machine_needs_no_online_access() -> None:
    with serving(says(PLAN)) as server:
        settings = Settings(model_url=server.url, model_name="tiny")
        plan = make_planner(settings, boxes(), online=False).plan("two cups on a table", 0)
    assert plan.planner == "model tiny"


def test_a_model_elsewhere_is_asked_only_with_online_access() -> None:
    settings = Settings(model_url="https://llm.example/v1", model_name="big", model_key=KEY)
    assert isinstance(make_planner(settings, boxes(), online=True), ModelPlanner)
    plan = make_planner(settings, boxes(), online=False).plan("two cups on a table", 0)
    assert plan.planner == "offline"
    assert "Allow Online Access is off" in plan.not_built[0].reason
    assert [thing.noun for thing in plan.objects] == ["cup", "table"]


def test_the_environment_names_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCENEKEEPER_MODEL_URL", "http://localhost:11434")
    monkeypatch.setenv("SCENEKEEPER_MODEL_NAME", "tiny")
    monkeypatch.setenv("SCENEKEEPER_MODEL_KEY", f" {KEY}\n")
    monkeypatch.setenv("SCENEKEEPER_MODEL_TIMEOUT_S", "30")
    settings = Settings()
    assert (settings.model_url, settings.model_name, settings.model_timeout_s) == ("http://localhost:11434", "tiny", 30)
    assert settings.model_key is not None and settings.model_key.get_secret_value() == KEY
    assert KEY not in repr(settings)


def test_an_empty_key_is_none() -> None:
    assert Settings(model_url="http://localhost", model_name="tiny", model_key="").model_key is None


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"model_url": "localhost:11434", "model_name": "tiny"}, "is not an address"),
        ({"model_url": "file:///etc/passwd", "model_name": "tiny"}, "is not an address"),
        ({"model_url": f"https://me:{KEY}@llm.example/v1", "model_name": "tiny"}, "is not an address"),
        ({"model_url": f"https://llm.example/v1?key={KEY}", "model_name": "tiny"}, "is not an address"),
        ({"model_url": "http://[::1", "model_name": "tiny"}, "is not an address"),
        ({"model_url": "http://localhost"}, "set model_name"),
        ({"model_url": "http://llm.example/v1", "model_name": "big", "model_key": KEY}, "use https"),
        ({"model_url": "https://llm.example", "model_name": "big", "model_key": f"{KEY}\r\nHost: x"}, "no key has"),
        ({"model_timeout_s": 0}, "greater than 0"),
    ],
)
def test_wrong_settings_are_told_without_what_was_given(values: dict[str, object], told: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Settings(**values)
    assert told in str(caught.value)
    assert KEY not in str(caught.value) + repr(caught.value)


def test_a_key_may_go_to_a_private_address_without_https() -> None:
    settings = Settings(model_url="http://192.168.1.20:8000/v1", model_name="tiny", model_key=KEY)
    assert settings.model_key is not None


def test_the_worker_gets_the_models_settings() -> None:
    settings = Settings(model_url="https://llm.example", model_name="big", model_key=KEY)
    environment = worker_environment({}, settings, "worker", "bridge", {})
    assert environment["SCENEKEEPER_MODEL_URL"] == "https://llm.example"
    assert environment["SCENEKEEPER_MODEL_NAME"] == "big"
    assert environment["SCENEKEEPER_MODEL_KEY"] == KEY
