"""A folder of one's own recipes: whatever is in it, the rest works, and what is left out is told."""

import os
from pathlib import Path

import pytest

from addon.catalogue import load_catalogue
from addon.catalogue.own import MAX_FILES
from addon.catalogue.reading import MAX_BYTES

from .test_catalogue import GOOD


def written(folder: Path, name: str, text: str = GOOD) -> Path:
    path = folder / f"{name}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.replace('"kobold"', f'"{path.stem}"').replace("Garden Kobold", f"garden {path.stem}"))
    return path


def test_good_files_beside_bad_ones_are_there(tmp_path: Path) -> None:
    written(tmp_path, "kobold")
    written(tmp_path, "broken", "name = ")
    catalogue = load_catalogue(tmp_path)
    assert catalogue.get("kobold").name == "kobold"
    assert catalogue.own == ("kobold",)
    assert len(catalogue.problems) == 1


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('shape = "cone"', 'shape = "cone"\nsides = 2', 17),
        ("size = [0.2, 0.2, 0.5]", "size = [0.2, 0, 0.5]", 4),
        ("#c03020", "red", 6),
        ("default = 0.2", "default = 0.9", 8),
        ('pivot = "bottom"\n[[', 'pivot = "middle"\n[[', 13),
    ],
)
def test_the_line_is_named(tmp_path: Path, old: str, new: str, line: int) -> None:
    assert old in GOOD
    written(tmp_path, "kobold", GOOD.replace(old, new, 1))
    (problem,) = load_catalogue(tmp_path).problems
    assert f"kobold.toml, line {line}: " in problem


def test_toml_that_does_not_parse_is_told_with_its_line(tmp_path: Path) -> None:
    written(tmp_path, "kobold", GOOD.replace("[slots]", "[slots"))
    (problem,) = load_catalogue(tmp_path).problems
    assert "not valid TOML" in problem
    assert "line 5" in problem


def test_a_bad_file_leaves_the_built_in_thing_of_its_name(tmp_path: Path) -> None:
    written(tmp_path, "apple", GOOD.replace('"cone"', '"kone"'))
    catalogue = load_catalogue(tmp_path)
    assert catalogue.problems
    assert catalogue.get("apple") == load_catalogue().get("apple")


def test_of_two_with_one_name_the_first_counts(tmp_path: Path) -> None:
    written(tmp_path, "a/kobold", GOOD.replace("0.5]", "0.6]"))
    written(tmp_path, "b/kobold")
    catalogue = load_catalogue(tmp_path)
    assert catalogue.get("kobold").size[2] == 0.6
    (problem,) = catalogue.problems
    assert "b/kobold.toml" in problem
    assert "taken by a/kobold.toml" in problem


def test_what_is_no_recipe_at_all_is_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "huge.toml").write_text(GOOD + "#" * MAX_BYTES)
    (tmp_path / "binary.toml").write_bytes(bytes(range(128, 256)))
    (tmp_path / "empty.toml").write_text("")
    (tmp_path / "deep.toml").write_text('name = "deep"\nparts = ' + "[" * 20000)
    (tmp_path / "dangling.toml").symlink_to(tmp_path / "nowhere")
    (tmp_path / "loop.toml").symlink_to(tmp_path / "loop.toml")
    (tmp_path / "folder.toml").mkdir()
    written(tmp_path, "kobold")
    catalogue = load_catalogue(tmp_path)
    assert catalogue.own == ("kobold",)
    told = " ".join(catalogue.problems)
    for name in ("pipe", "huge", "binary", "empty", "deep", "dangling", "loop"):
        assert f"/{name}.toml" in told
    assert "Traceback" not in told


def test_a_link_to_a_recipe_is_read_and_a_link_to_a_folder_is_not_followed(tmp_path: Path) -> None:
    written(tmp_path, "elsewhere/kobold")
    own = tmp_path / "own"
    own.mkdir()
    (own / "kobold.toml").symlink_to(tmp_path / "elsewhere" / "kobold.toml")
    (own / "round").symlink_to(own)
    catalogue = load_catalogue(own)
    assert (catalogue.own, catalogue.problems) == (("kobold",), ())


def test_a_recipe_may_begin_as_another_of_ones_own_and_suffers_with_it(tmp_path: Path) -> None:
    written(tmp_path, "kobold")
    (tmp_path / "elf.toml").write_text('name = "elf"\nbase = "kobold"\nsynonyms = ["garden elf"]\n')
    assert load_catalogue(tmp_path).own == ("elf", "kobold")
    written(tmp_path, "kobold", GOOD.replace("[slots]", "[slots"))
    catalogue = load_catalogue(tmp_path)
    assert catalogue.own == ()
    assert len(catalogue.problems) == 2


def test_built_in_things_do_not_begin_as_ones_own(tmp_path: Path) -> None:
    based = next(name for name in load_catalogue().names() if _base(name))
    written(tmp_path, _base(based) or "")
    catalogue = load_catalogue(tmp_path)
    assert catalogue.problems == ()
    assert catalogue.get(based) == load_catalogue().get(based)


def _base(name: str) -> str | None:
    from addon.catalogue.catalogue import BUILT_IN

    (path,) = BUILT_IN.rglob(f"{name}.toml")
    line = next((line for line in path.read_text().splitlines() if line.startswith("base = ")), None)
    return line.split('"')[1] if line else None


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    catalogue = load_catalogue(tmp_path / "none")
    assert "'none' is not there" in catalogue.problems[0]
    assert catalogue.get("apple")


def test_a_folder_that_never_ends_ends(tmp_path: Path) -> None:
    for number in range(MAX_FILES + 5):
        (tmp_path / f"{number:05}.toml").write_text("x")
    problems = load_catalogue(tmp_path).problems
    assert len(problems) == MAX_FILES + 1
    assert "more than" in problems[-1] or "more than" in " ".join(problems[:1] + problems[-3:])
