"""The extension's zip: built and validated by Blender's own tool, the same every time."""

import hashlib
import re
import tomllib
import zipfile
from pathlib import Path

import pytest

from addon.models.version import VERSION
from tools.extension.lock import needed_in_blender, requirements_text
from tools.extension.packing import author_command, build, validate
from tools.extension.wheels import PYTHONS, Target

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = (ROOT / "pyproject.toml").read_text()
LOCK = (ROOT / "requirements" / "run.txt").read_text()
MANIFEST = tomllib.loads((ROOT / "blender_manifest.toml").read_text())
TARGET = Target((3, 11), "linux-x64")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build([TARGET], tmp_path_factory.mktemp("first"), author_command(None))


def test_the_version_is_the_same_everywhere() -> None:
    assert MANIFEST["version"] == VERSION == tomllib.loads(PYPROJECT)["project"]["version"]


def test_permissions_give_reasons_that_blender_takes() -> None:
    assert set(MANIFEST["permissions"]) == {"network", "files"}
    for reason in MANIFEST["permissions"].values():
        assert len(reason) <= 64
        assert reason[-1].isalnum()


def test_only_what_the_add_on_needs_is_bundled() -> None:
    names = {pin.name for pin in needed_in_blender(PYPROJECT, LOCK)}
    assert {"aiohttp", "pydantic", "pydantic-core", "yarl", "filelock"} <= names
    assert names.isdisjoint({"typer", "rich", "psutil", "pygments", "bpy", "numpy", "pytest"})


@pytest.mark.parametrize("python", PYTHONS)
def test_every_pin_has_hashes_and_applies_where_it_says(python: tuple[int, int]) -> None:
    text = requirements_text(needed_in_blender(PYPROJECT, LOCK), python)
    assert ("backports-zstd" in text) is (python < (3, 14))
    assert ";" not in text
    for block in re.findall(r"^\S+==(?:.*\\\n)*.*$", text, re.MULTILINE):
        assert "--hash=sha256:" in block


def test_a_marker_that_is_not_understood_is_refused() -> None:
    pins = needed_in_blender(PYPROJECT, LOCK.replace("python_full_version < '3.14'", "sys_platform == 'win32'"))
    with pytest.raises(ValueError, match="not understood"):
        requirements_text(pins, (3, 11))


def test_the_same_sources_give_the_same_zip(archive: Path, tmp_path: Path) -> None:
    again = build([TARGET], tmp_path, author_command(None))
    assert again.name == archive.name == f"scenekeeper-{VERSION}-linux-x64.zip"
    assert hashlib.sha256(again.read_bytes()).digest() == hashlib.sha256(archive.read_bytes()).digest()


def test_the_manifest_lies_beside_the_add_on_and_names_its_wheels(archive: Path) -> None:
    with zipfile.ZipFile(archive) as opened:
        names = set(opened.namelist())
        manifest = tomllib.loads(opened.read("blender_manifest.toml").decode())
    assert {"__init__.py", "blender_manifest.toml", "panels/sessions.py", "models/session.py"} <= names
    assert not [name for name in names if "__pycache__" in name or name.startswith(("tests", "bridge", "addon/"))]
    assert manifest["platforms"] == ["linux-x64"]
    assert {name.removeprefix("./") for name in manifest["wheels"]} == {name for name in names if name.endswith(".whl")}
    assert [name for name in names if name.startswith("wheels/aiohttp-") and "cp311" in name]


def test_modules_import_only_relatively(archive: Path) -> None:
    with zipfile.ZipFile(archive) as opened:
        for name in opened.namelist():
            if name.endswith(".py"):
                text = opened.read(name).decode()
                assert not re.search(r"^\s*(from|import) (addon|bridge)\b", text, re.MULTILINE), name


def test_blenders_tool_is_really_asked(archive: Path, tmp_path: Path) -> None:
    broken = tmp_path / archive.name
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(broken, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data.replace(b'"4.2.0"', b'"4.2"') if name == "blender_manifest.toml" else data)
    with pytest.raises(SystemExit, match="refused"):
        validate(broken, author_command(None))
