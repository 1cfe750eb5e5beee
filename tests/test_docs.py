"""The documents say what the code does."""

import re
import tomllib
from pathlib import Path

import pytest

from addon.models.settings import Settings
from addon.models.version import VERSION
from tools.write_schemas import FOLDER, schemas

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", Settings.model_fields)
def test_the_readme_has_every_setting(name: str) -> None:
    field = Settings.model_fields[name]
    variable = field.validation_alias or f"SCENEKEEPER_{name.upper()}"
    default = field.get_default(call_default_factory=True)
    shown = "" if default in (None, [], "") else f"`{default}`"
    assert f"| `{variable}` | {shown} | {field.description} |" in README


def test_every_link_leads_somewhere() -> None:
    for document in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


@pytest.mark.parametrize("name", schemas())
def test_the_published_schemas_are_the_models(name: str) -> None:
    published = (FOLDER / name).read_text(encoding="utf-8")
    assert published == schemas()[name], "run: python tools/write_schemas.py"


def test_one_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    manifest = tomllib.loads((ROOT / "blender_manifest.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == manifest["version"] == VERSION


def test_lock_files_carry_hashes_and_no_addresses() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text(encoding="utf-8")
        assert "--hash=sha256:" in text
        assert "://" not in text, lock.name
    assert "resolved" not in (ROOT / "tools" / "package-lock.json").read_text(encoding="utf-8")
