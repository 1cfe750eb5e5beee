"""The extension in real Blenders: installed into a clean profile, enabled, run. One profile for each program."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tools.extension.profile import install_into_profile

pytestmark = pytest.mark.blender
PACKAGE = "bl_ext.user_default.scenekeeper"
MARK = "FOUND "


@pytest.fixture(scope="module")
def profile(blender: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("profile")
    assert install_into_profile(blender, folder) is True
    return folder


def run(blender: Path, profile: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(blender), "-b", *arguments],
        env=os.environ | {"BLENDER_USER_RESOURCES": str(profile)},
        cwd=profile,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=240,
    )


def ask(blender: Path, profile: Path, script: str) -> Any:
    done = run(blender, profile, "--python-exit-code", "9", "--python-expr", script)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return [json.loads(line.removeprefix(MARK)) for line in done.stdout.splitlines() if line.startswith(MARK)]


def test_the_same_build_is_not_installed_twice(blender: Path, profile: Path) -> None:
    assert install_into_profile(blender, profile) is False


def test_one_that_was_removed_is_installed_again(blender: Path, tmp_path: Path, profile: Path) -> None:
    manifest = profile / "extensions" / "user_default" / "scenekeeper" / "blender_manifest.toml"
    manifest.unlink()
    assert install_into_profile(blender, profile) is True
    assert manifest.is_file()


def test_wheels_are_the_extensions_own(blender: Path, profile: Path) -> None:
    script = f"""
import json, aiohttp, pydantic, pydantic_settings, filelock, lark, webcolors, numpy
found = [module.__file__ for module in (aiohttp, pydantic, pydantic_settings, filelock, lark, webcolors)]
print({MARK!r} + json.dumps(found))
"""
    (paths,) = ask(blender, profile, script)
    assert all(str(profile) in path for path in paths)


def test_enabled_disabled_and_enabled_again(blender: Path, profile: Path) -> None:
    script = f"""
import bpy, addon_utils, json, threading
def look():
    print({MARK!r} + json.dumps([
        addon_utils.check({PACKAGE!r})[1], hasattr(bpy.types.WindowManager, "scenekeeper"),
        hasattr(bpy.types, "SCENEKEEPER_PT_sessions"),
        [thread.name for thread in threading.enumerate() if thread.name.startswith("scenekeeper")]]))
look()
for _ in range(2):
    addon_utils.disable({PACKAGE!r}, default_set=True)
    look()
    addon_utils.enable({PACKAGE!r}, default_set=True)
    look()
"""
    on, off = [True, True, True, []], [False, False, False, []]
    assert ask(blender, profile, script) == [on, off, on, off, on]


def test_the_own_folder_is_the_extensions(blender: Path, profile: Path) -> None:
    script = f"""
import importlib, json
preferences = importlib.import_module({PACKAGE + ".preferences"!r})
print({MARK!r} + json.dumps([str(preferences.output_folder(create=False)), list(preferences.config().command)]))
"""
    ((folder, command),) = ask(blender, profile, script)
    assert Path(folder) == profile / "extensions" / ".user" / "user_default" / "scenekeeper" / "output"
    assert command[1:] == ["-b", "-Y", "--offline-mode", "--addons", PACKAGE, "-c", "scenekeeper", "serve"]


def test_a_prompt_becomes_a_scene(blender: Path, profile: Path, tmp_path: Path) -> None:
    small = ("--preset", "draft", "--resolution", "160x90", "--samples", "4")
    done = run(blender, profile, "-c", "scenekeeper", "generate", "a red cube", *small, "--output", str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    (state,) = tmp_path.glob("*/session_state.json")
    session = json.loads(state.read_text())
    assert session["status"] == "completed"
    assert {"scene.blend", "render.png"} <= {artifact["name"] for artifact in session["result"]["artifacts"]}
    assert (state.parent / "render.png").read_bytes().startswith(b"\x89PNG")


def test_the_panels_operator_makes_a_scene_in_a_blender_of_its_own(blender: Path, profile: Path) -> None:
    script = f"""
import bpy, importlib, json, time
bpy.context.preferences.addons[{PACKAGE!r}].preferences.preset = "draft"
bpy.context.window_manager.scenekeeper.prompt = "a red cube"
answer = sorted(bpy.ops.scenekeeper.generate())
service = importlib.import_module({PACKAGE + ".session_service"!r})
desk = service.open_desk(importlib.import_module({PACKAGE + ".preferences"!r}).config())
deadline = time.monotonic() + 180
def ended():
    return desk.snapshot.lines and desk.snapshot.lines[0].state in ("completed", "failed")
while time.monotonic() < deadline and not ended():
    time.sleep(0.2)
print({MARK!r} + json.dumps([answer, desk.snapshot.lines[0].state, len(bpy.data.objects)]))
"""
    ((answer, state, objects),) = ask(blender, profile, script)
    assert answer == ["FINISHED"]
    assert state == "completed"
    assert objects == 3  # the default file's own
