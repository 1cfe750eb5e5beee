"""Registration in the real bpy, in a process of its own: what is given is given back, as often as one likes."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.blender
ROOT = Path(__file__).resolve().parents[2]
MARK = "FOUND "

HEAD = """
import sys, json, threading
import bpy, addon_utils
def said(**found):
    print("FOUND " + json.dumps(found), flush=True)
"""


def run(script: str, *arguments: object) -> list[dict[str, Any]]:
    """What the script says by ``said``. It must end well and say nothing on standard error."""
    command = [sys.executable, "-P", "-c", HEAD + script, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return [json.loads(line.removeprefix(MARK)) for line in done.stdout.splitlines() if line.startswith(MARK)]


def test_enabled_disabled_and_enabled_again() -> None:
    script = """
def ours():
    names = ("PT_generate", "PT_sessions", "OT_generate", "OT_cancel", "OT_retry")
    return [name for name in names if hasattr(bpy.types, "SCENEKEEPER_" + name)]
for _ in range(3):
    assert addon_utils.enable("addon", default_set=True) is not None
    said(
        on=ours(),
        draft=hasattr(bpy.types.WindowManager, "scenekeeper"),
        preferences="addon" in bpy.context.preferences.addons,
        timers=bpy.app.timers.is_registered(sys.modules["addon.session_service"]._tick)
        or bpy.app.timers.is_registered(sys.modules["addon.preferences"]._begin),
        heavy=sorted({"pydantic", "aiohttp", "addon.runtime", "addon.scene", "addon.state.store"} & set(sys.modules)),
    )
    addon_utils.disable("addon", default_set=True)
    said(
        on=ours(),
        draft=hasattr(bpy.types.WindowManager, "scenekeeper"),
        preferences="addon" in bpy.context.preferences.addons,
        threads=[thread.name for thread in threading.enumerate() if thread.name.startswith("scenekeeper")],
        operator="generate" in dir(bpy.ops.scenekeeper),
    )
"""
    on, off, *again = run(script)
    assert on["on"] == ["PT_generate", "PT_sessions", "OT_generate", "OT_cancel", "OT_retry"]
    assert (on["draft"], on["preferences"], on["timers"]) == (True, True, False)
    assert on["heavy"] == []
    assert off == {"on": [], "draft": False, "preferences": False, "threads": [], "operator": False}
    assert again == [on, off, on, off]


def test_a_registration_that_fails_gives_everything_back() -> None:
    script = """
import addon
from addon import cli_command, registration
def fail():
    raise RuntimeError("no commands here")
registration.cli_command.register, kept = fail, cli_command.register
try:
    addon.register()
except RuntimeError as error:
    said(error=str(error), draft=hasattr(bpy.types.WindowManager, "scenekeeper"),
         panel=hasattr(bpy.types, "SCENEKEEPER_PT_generate"))
registration.cli_command.register = kept
addon.register()
said(panel=hasattr(bpy.types, "SCENEKEEPER_PT_generate"))
addon.unregister()
"""
    failed, after = run(script)
    assert failed == {"error": "no commands here", "draft": False, "panel": False}
    assert after == {"panel": True}


def test_what_is_typed_stays_out_of_the_artists_file(tmp_path: Path) -> None:
    script = """
addon_utils.enable("addon", default_set=True)
bpy.context.preferences.addons["addon"].preferences.preset = "draft"
draft = bpy.context.window_manager.scenekeeper
draft.prompt, draft.seed = "a very secret lighthouse", 7
bpy.ops.wm.save_as_mainfile(filepath=sys.argv[1], compress=False)
bpy.ops.wm.read_homefile(use_empty=True)
bpy.ops.wm.open_mainfile(filepath=sys.argv[1])
draft = bpy.context.window_manager.scenekeeper
before = draft.preset
draft.preset = "final"
said(prompt=draft.prompt, seed=draft.seed, before=before, after=draft.preset)
"""
    file = tmp_path / "theirs.blend"
    (found,) = run(script, file)
    assert found == {"prompt": "a very secret lighthouse", "seed": 7, "before": "draft", "after": "final"}
    assert b"secret lighthouse" not in file.read_bytes()


def test_the_module_has_no_worker_and_says_so() -> None:
    script = """
addon_utils.enable("addon", default_set=True)
bpy.context.window_manager.scenekeeper.prompt = "a red cube"
said(poll=bpy.ops.scenekeeper.generate.poll())
try:
    bpy.ops.scenekeeper.generate()
except RuntimeError as error:
    said(error=str(error))
addon_utils.disable("addon", default_set=True)
"""
    poll, refused = run(script)
    assert poll == {"poll": False}
    assert "Blender program" in refused["error"]


def test_the_panels_presets_are_the_models() -> None:
    script = """
from addon.models.session import Preset
from addon.properties import PRESETS
said(panel=[name for name, *_ in PRESETS], models=[preset.value for preset in Preset])
"""
    (found,) = run(script)
    assert found["panel"] == found["models"]
