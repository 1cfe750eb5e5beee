"""Which Blender is taken, with real programs that say who they are."""

from pathlib import Path

import pytest

from bridge.blender import Kind, NoBlender, find_blender


def program(folder: Path, says: str, name: str = "blender") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def empty_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "path"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return folder


def test_the_program_that_is_named(tmp_path: Path, empty_path: Path) -> None:
    program(empty_path, "Blender 5.1.0")
    named = program(tmp_path / "own", "Blender 4.2.3 LTS")
    found = find_blender(str(named))
    assert (found.kind, found.version, found.program) == (Kind.PROGRAM, "4.2.3", named)
    assert found.command(online=False)[:4] == [str(named), "-b", "-Y", "--offline-mode"]
    assert "--online-mode" in found.command(online=True)


def test_a_link_stays_what_it_is_called(tmp_path: Path) -> None:
    link = tmp_path / "blender"
    link.symlink_to(program(tmp_path / "own", "Blender 4.2.3", name="launcher"))
    assert find_blender(str(link)).program == link


def test_one_on_path_goes_before_the_module(empty_path: Path) -> None:
    on_path = program(empty_path, "Blender 5.2.2\n\tbuild date: today")
    assert find_blender("").program == on_path


def test_an_old_one_on_path_leaves_it_to_the_module(empty_path: Path) -> None:
    program(empty_path, "Blender 3.6.5")
    found = find_blender("")
    assert found.kind is Kind.MODULE
    assert found.command(online=False)[-3:] == ["-m", "addon", "serve"]


def test_the_module_can_be_asked_for(empty_path: Path) -> None:
    program(empty_path, "Blender 5.2.2")
    assert find_blender("bpy").kind is Kind.MODULE


@pytest.mark.parametrize(
    ("says", "expected"), [("Blender 4.1.1", "too old"), ("GNU bash 5", "not a Blender"), ("", "not a Blender")]
)
def test_a_program_that_does_not_do_is_refused_with_a_reason(tmp_path: Path, says: str, expected: str) -> None:
    with pytest.raises(NoBlender, match=expected):
        find_blender(str(program(tmp_path, says)))


def test_a_program_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoBlender, match="not a program here"):
        find_blender(str(tmp_path / "nothing"))


def test_a_file_that_cannot_run_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "blender"
    path.write_bytes(b"\x7fELF not really")
    path.chmod(0o755)
    with pytest.raises(NoBlender, match="cannot be run"):
        find_blender(str(path))
