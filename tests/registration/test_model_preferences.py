"""The language model in the add-on's preferences, in the real bpy: what the worker is told, and what nobody is."""

import pytest

from tests.registration.test_module import run

pytestmark = pytest.mark.blender


def test_the_worker_gets_the_model_that_the_preferences_name_and_the_key_is_shown_nowhere() -> None:
    script = """
addon_utils.enable("addon", default_set=True)
from addon.preferences import _model_environment, _model_obstacle, config
given = bpy.context.preferences.addons["addon"].preferences
said(environment=_model_environment(given), obstacle=_model_obstacle(given))
given.model_key = "sk-secret"
given.model_url = "https://llm.example/v1"
said(environment=_model_environment(given), obstacle=_model_obstacle(given))
given.model_name = "big"
said(
    environment=_model_environment(given),
    obstacle=_model_obstacle(given),
    shown=repr(config()),
    password=given.bl_rna.properties["model_key"].subtype,
)
given.model_url = "http://127.0.0.1:11434"
said(obstacle=_model_obstacle(given))
given.model_url = "http://[::1"
said(obstacle=_model_obstacle(given))
"""
    nothing, unnamed, whole, here, wrong = run(script)
    assert nothing == {"environment": {}, "obstacle": ""}
    assert unnamed["environment"] == {}
    assert "Name the model" in unnamed["obstacle"]
    assert whole["environment"] == {
        "SCENEKEEPER_MODEL_URL": "https://llm.example/v1",
        "SCENEKEEPER_MODEL_NAME": "big",
        "SCENEKEEPER_MODEL_KEY": "sk-secret",
    }
    assert "Allow Online Access" in whole["obstacle"]
    assert "--offline-mode" in whole["shown"]
    assert "sk-secret" not in whole["shown"]
    assert whole["password"] == "PASSWORD"
    assert here["obstacle"] == ""
    assert "must look like" in wrong["obstacle"]
