"""The packages that are really imported may be another add-on's."""

import importlib
import importlib.metadata
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from addon.dependencies import NEEDED, find_problems

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    find_problems.cache_clear()
    yield
    find_problems.cache_clear()


def bring(folder: Path, name: str, version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a package's description before all others, as an add-on that changes ``sys.path`` does."""
    about = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    monkeypatch.syspath_prepend(str(folder))


def test_here_everything_is_well() -> None:
    assert find_problems() == ()


@pytest.mark.parametrize(
    ("name", "version", "expected"),
    [
        ("aiohttp", "3.8.6", "aiohttp 3.8.6; 3.12 or later"),
        ("aiohttp", "4.0.0a1", "too new: a version before 4 is needed"),
        ("typing-extensions", "4.9.0", "needs a later typing-extensions than 4.9.0"),
        ("multidict", "4.0.2", "needs a later multidict than 4.0.2"),
        ("pydantic", "1.10.13", "pydantic 1.10.13; 2.11 or later"),
    ],
)
def test_another_version_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, version: str, expected: str
) -> None:
    bring(tmp_path, name, version, monkeypatch)
    problems = find_problems()
    assert problems
    assert all(re.search(expected, problem) for problem in problems)


def test_a_missing_package_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    assert len(find_problems()) >= len(NEEDED)
    assert any("aiohttp is missing" in problem for problem in find_problems())
    with pytest.raises(importlib.metadata.PackageNotFoundError):
        importlib.metadata.version("aiohttp")


def test_a_module_loaded_before_ours_was_there_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    loaded = importlib.import_module("typing_extensions")
    (tmp_path / "typing_extensions.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    (problem,) = find_problems()
    assert problem.startswith("Restart Blender once")
    monkeypatch.setattr(loaded, "__file__", str(tmp_path / "typing_extensions.py"))
    find_problems.cache_clear()
    assert find_problems() == ()


def test_the_ranges_are_those_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    ranges = {}
    for line in project["dependencies"]:
        name, low, _, high = re.match(r"([\w.-]+)>=([\d.]+)(,<([\d.]+))?", line).groups()  # type: ignore[union-attr]
        ranges[name] = (_numbers(low), _numbers(high) if high else None)
    if sys.version_info >= (3, 14):
        del ranges["backports.zstd"]
    assert ranges == NEEDED


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(".")))
