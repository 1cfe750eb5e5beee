"""Blender as a module runs where no window system is installed."""

import ctypes
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.stand_ins import FUNCTIONS, LIBRARIES, make_stand_ins, read_needs, stand_in

_RENDER = """
import sys, bpy
bpy.ops.mesh.primitive_monkey_add()
scene = bpy.context.scene
scene.render.engine, scene.cycles.samples = "CYCLES", 1
scene.render.resolution_x, scene.render.resolution_y = 64, 36
scene.render.filepath = sys.argv[1]
bpy.ops.render.render(write_still=True)
bpy.ops.wm.save_as_mainfile(filepath=sys.argv[2])
"""


def bpy_folder() -> Path:
    spec = importlib.util.find_spec("bpy")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def test_a_stand_in_loads_and_returns_zero(tmp_path: Path) -> None:
    path = tmp_path / "libXnothing.so.1"
    path.write_bytes(stand_in(path.name, [b"XOpenDisplay", b"xkb_state_new"]))
    library = ctypes.CDLL(str(path))
    assert library.XOpenDisplay(None) == 0
    assert library.xkb_state_new() == 0
    assert not hasattr(library, "XCloseDisplay")


def test_nothing_is_made_where_everything_loads() -> None:
    needed = {name for name in read_needs(bpy_folder() / "__init__.so").libraries if LIBRARIES.match(name)}
    assert "libX11.so.6" in needed
    assert make_stand_ins(bpy_folder()) == []


@pytest.mark.blender
def test_blender_renders_and_saves_with_stand_ins_for_all_of_the_window_system(tmp_path: Path) -> None:
    libraries = [bpy_folder() / "__init__.so", *(bpy_folder() / "lib").glob("*.so*")]
    needs = [read_needs(path) for path in libraries]
    functions = sorted({name for need in needs for name in need.wanted if FUNCTIONS.match(name)})
    for name in {name for need in needs for name in need.libraries if LIBRARIES.match(name)}:
        (tmp_path / name).write_bytes(stand_in(name, functions))
    picture, scene = tmp_path / "picture.png", tmp_path / "scene.blend"
    done = subprocess.run(
        [sys.executable, "-c", _RENDER, str(picture), str(scene)],
        env=os.environ | {"LD_LIBRARY_PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert scene.stat().st_size > 10_000
