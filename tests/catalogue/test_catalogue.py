"""The catalogue: names, nouns, folders of one's own, and errors that say what to mend."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from addon.catalogue import Catalogue, RecipeInvalid, UnknownRecipe, load_catalogue

GOOD = """
name = "kobold"
synonyms = ["Garden Kobold"]
size = [0.2, 0.2, 0.5]
[slots]
body = { material = "ceramic", color = "#c03020", paintable = true }
[parameters]
hat = { default = 0.2, min = 0.1, max = 0.3 }
[[parts]]
name = "belly"
shape = "sphere"
size = [0.2, 0.2, 0.3]
pivot = "bottom"
[[parts]]
name = "hat"
shape = "cone"
size = [0.12, 0.12, "hat"]
to = "belly.top"
pivot = "bottom"
"""


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def test_every_recipe_validates_and_is_named_as_its_file(catalogue: Catalogue) -> None:
    for name in catalogue.names():
        recipe = catalogue.get(name)
        assert recipe.name == name
        assert any(slot.paintable for slot in recipe.slots.values()), name


def test_no_noun_means_two_things(catalogue: Catalogue) -> None:
    seen: dict[str, str] = {}
    for name in catalogue.names():
        for noun in {name.replace("_", " "), *(word.lower() for word in catalogue.get(name).synonyms)}:
            assert seen.setdefault(noun, name) == name, f"{noun!r} is in {seen[noun]} and {name}"


@pytest.mark.parametrize(("noun", "name"), [("couch", "sofa"), (" Apple ", "apple"), ("PINE  tree", "pine_tree")])
def test_things_are_found_by_noun(catalogue: Catalogue, noun: str, name: str) -> None:
    found = catalogue.find(noun)
    assert found is not None
    assert found.name == name


def test_an_unknown_thing_is_none_by_noun_and_an_error_by_name(catalogue: Catalogue) -> None:
    assert catalogue.find("gyroscope") is None
    with pytest.raises(UnknownRecipe, match=r"no recipe 'aple'.*Near: apple"):
        catalogue.get("aple")
    with pytest.raises(KeyError):
        catalogue.get("aple")


def test_a_folder_of_ones_own_adds_and_overrides(tmp_path: Path) -> None:
    (tmp_path / "kobold.toml").write_text(GOOD)
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "apple.toml").write_text(GOOD.replace('"kobold"', '"apple"'))
    catalogue = load_catalogue(tmp_path)
    assert catalogue.get("apple").parts[1].name == "hat"
    found = catalogue.find("garden kobold")
    assert found is not None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('shape = "cone"', 'shape = "kone"', r"parts\[1\] 'hat'.*'kone'.*'box', 'cylinder'"),
        ('shape = "cone"', 'shape = "cone"\nsides = 2', r"parts\[1\] 'hat'.cone.sides: .*greater than or equal to 3"),
        ('shape = "cone"', 'shape = "cone"\ncolour = 2', r"parts\[1\] 'hat'.cone.colour: Extra inputs"),
        ('to = "belly.top"', 'to = "bely.top"', r"part 'hat': to 'bely' is unknown; allowed: belly"),
        ('to = "belly.top"', 'to = "belly.up"', r"side 'up' is unknown; allowed: back, bottom"),
        ('to = "belly.top"', 'slot = "beard"', r"slot 'beard' is unknown; allowed: body"),
        ('"hat"]', '"hut * 2"]', r"parameter 'hut' is unknown; allowed: hat"),
        ('"hat"]', '"2 *"]', r"parts\[1\] 'hat'.cone.size\[2\].*ends too early"),
        ("size = [0.2, 0.2, 0.5]", "size = [0.2, 0, 0.5]", r"size\[1\]: Input should be greater than 0"),
        ("#c03020", "red", r"slots.body.color: .*pattern"),
        ("default = 0.2", "default = 0.9", r"parameters.hat: default 0.9 must lie between"),
        ('name = "kobold"', 'nam = "kobold"', r"name: a text is required"),
        ("[slots]", "[slots", r"not valid TOML"),
    ],
)
def test_a_wrong_file_is_told_by_file_and_field(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = tmp_path / "kobold.toml"
    assert old in GOOD
    path.write_text(GOOD.replace(old, new))
    catalogue = load_catalogue(tmp_path)
    (problem,) = catalogue.problems
    assert re.search(message, problem)
    assert problem.startswith(f"Recipe {tmp_path.name}/kobold.toml")
    assert problem.endswith("It is left out until that is mended.")
    assert "kobold" not in catalogue.names()


def test_loading_reads_headers_of_the_built_in_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Three hundred files that would take seconds to validate: what is wrong in one is found when it is asked for.
    for number in range(300):
        text = GOOD.replace('"kobold"', f'"kobold_{number}"').replace("Garden Kobold", f"kobold {number} of 300")
        (tmp_path / f"{number}.toml").write_text(text.replace('shape = "cone"', 'shape = "kone"'))
    monkeypatch.setattr("addon.catalogue.catalogue.BUILT_IN", tmp_path)
    catalogue = load_catalogue()
    assert "kobold_299" in catalogue.names()
    with pytest.raises(RecipeInvalid):
        catalogue.get("kobold_299")


def test_the_catalogue_needs_no_blender() -> None:
    code = "import sys, addon.catalogue; addon.catalogue.load_catalogue().get('cat'); assert 'bpy' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
