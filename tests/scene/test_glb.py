"""GLB files pass the Khronos validator and hold what was asked for."""

import json
import os
import shutil
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from addon.models.plan import PlanObject

from .conftest import Stage

ROOT = Path(__file__).parents[2]
MODULES = ROOT / ".cache" / "node" / "node_modules"
INSTALL = "mkdir -p .cache/node && cp tools/package*.json .cache/node/ && npm ci --prefix .cache/node"


def validation(path: Path) -> dict[str, Any]:
    """The Khronos validator's report; the test fails with what to do where it is not installed."""
    here = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    node = shutil.which("node", path=here)
    if node is None:
        pytest.fail("The Khronos validator needs Node.js: there is no program 'node' on the PATH.")
    if not (MODULES / "gltf-validator").is_dir():
        pytest.fail(f"The Khronos validator is not installed. Run: {INSTALL}")
    command = [node, str(ROOT / "tools" / "validate_glb.js"), str(MODULES), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def document(path: Path) -> dict[str, Any]:
    """The JSON chunk of a GLB."""
    data = path.read_bytes()
    (length,) = struct.unpack_from("<I", data, 12)
    parsed: dict[str, Any] = json.loads(data[20 : 20 + length])
    return parsed


def test_the_validator_finds_no_fault_and_the_things_are_there(stage: Stage, tmp_path: Path) -> None:
    objects = [
        stage.ball(color="#d02020", pattern="dotted"),
        PlanObject(id="cube", recipe="cube", noun="box", material="gold"),
        PlanObject(id="cylinder", recipe="cylinder", noun="vase", material="glass"),
    ]
    places = [stage.place("sphere", -1.5, 0, 1), stage.place("cube", 0, 0, 1), stage.place("cylinder", 1.5, 0, 1)]
    stage.make(objects, places, style="low_poly", environment={"kind": "indoor"})
    stage.backend.export_glb(tmp_path / "scene.glb")
    report = validation(tmp_path / "scene.glb")
    assert report["issues"]["numErrors"] == 0, report["issues"]["messages"]
    assert report["issues"]["numWarnings"] == 0, report["issues"]["messages"]
    nouns = {node.get("extras", {}).get("noun") for node in document(tmp_path / "scene.glb")["nodes"]}
    assert {"ball", "box", "vase"} <= nouns


def test_materials_keep_their_mean_colour_and_the_scene_its_textures(stage: Stage, tmp_path: Path) -> None:
    stage.make(
        [PlanObject(id="cube", recipe="cube", noun="box", material="wood", color="#804020")],
        [stage.place("cube", 0, 0, 1)],
    )
    import bpy

    links = {material.name: len(material.node_tree.links) for material in bpy.data.materials}
    stage.backend.export_glb(tmp_path / "scene.glb")
    materials = document(tmp_path / "scene.glb")["materials"]
    factor = materials[0]["pbrMetallicRoughness"]["baseColorFactor"]
    assert factor[:3] == pytest.approx([0.2158, 0.0513, 0.0144], abs=0.002)
    assert {material.name: len(material.node_tree.links) for material in bpy.data.materials} == links
