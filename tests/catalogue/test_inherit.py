"""Recipes that begin as another one."""

import re
from pathlib import Path

import pytest

from addon.catalogue import load_catalogue

HORSE = """
name = "nag"
synonyms = ["old horse"]
category = "animal"
size = [0.6, 2, 1.6]
[slots]
body = { material = "fur", color = "#7a4a28", paintable = true }
mane = { material = "hair", color = "#241812" }
[poses.lying]
size = [0.6, 2, 0.8]
[[parts]]
name = "body"
shape = "sphere"
size = [0.6, 2, 1.6]
segments = 40
[[parts]]
name = "mane"
shape = "box"
slot = "mane"
size = [0.1, 0.5, 0.2]
"""
MULE = """
name = "mule"
base = "nag"
slots.body = { color = "#808080" }
poses.lying.size = [0.6, 2, 0.7]
parts = [{ name = "body", segments = 20 }, { name = "ears", shape = "box", size = [0.1, 0.1, 0.3] }]
"""


def write(folder: Path, *texts: str) -> Path:
    for text in texts:
        (folder / f"{text.split('name = ')[1].split()[0].strip(chr(34))}.toml").write_text(text)
    return folder


def test_what_a_recipe_says_goes_before_its_base_and_the_rest_is_taken_over(tmp_path: Path) -> None:
    mule = load_catalogue(write(tmp_path, HORSE, MULE)).get("mule")
    assert (mule.name, mule.synonyms, mule.category, mule.size) == ("mule", [], "animal", (0.6, 2, 1.6))
    assert (mule.slots["body"].color, mule.slots["body"].material) == ("#808080", "fur")
    assert mule.poses["lying"].size == (0.6, 2, 0.7)
    assert [part.name for part in mule.parts] == ["body", "mane", "ears"]
    assert getattr(mule.parts[0], "segments", None) == 20


def test_a_part_of_another_shape_replaces_and_what_is_without_is_gone_with_its_slot(tmp_path: Path) -> None:
    text = MULE.replace('name = "body", segments = 20', 'name = "body", shape = "box", size = [1, 1, 1]')
    text = text.replace('base = "nag"', 'base = "nag"\nwithout = ["mane"]')
    mule = load_catalogue(write(tmp_path, HORSE, text)).get("mule")
    assert [(part.name, part.shape) for part in mule.parts] == [("body", "box"), ("ears", "box")]
    assert set(mule.slots) == {"body"}


def test_a_pose_can_be_left_out_too(tmp_path: Path) -> None:
    text = MULE.replace("poses.lying.size = [0.6, 2, 0.7]\n", "")
    text = text.replace('base = "nag"', 'base = "nag"\nwithout = ["lying"]')
    assert load_catalogue(write(tmp_path, HORSE, text)).get("mule").poses == {}


def test_the_base_of_a_folder_of_ones_own_may_be_a_built_in_one(tmp_path: Path) -> None:
    catalogue = load_catalogue(write(tmp_path, 'name = "crier"\nbase = "person"\nslots.body = { color = "#ff0000" }\n'))
    assert [part.name for part in catalogue.get("crier").parts] == [part.name for part in catalogue.get("person").parts]
    assert catalogue.get("person").slots["body"].color != "#ff0000"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('base = "nag"', 'base = "nug"', r"mule.toml: base 'nug': there is no recipe of this name. Near: .*nag"),
        ('base = "nag"', 'base = "mule"', r"mule.toml: base 'mule': is based on itself"),
        (
            'base = "nag"',
            'base = "nag"\nwithout = ["tail"]',
            r"without 'tail' is unknown; parts and poses: body, ears, lying, mane",
        ),
        ("segments = 20", "segments = 2", r"parts\[0\] 'body'.sphere.segments: .*greater than or equal to 6"),
        ("parts = [", "parts = [3, ", r"parts\[0\]: "),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in MULE
    catalogue = load_catalogue(write(tmp_path, HORSE, MULE.replace(old, new)))
    (problem,) = catalogue.problems
    assert re.search(message, problem)


def test_a_circle_of_bases_is_told(tmp_path: Path) -> None:
    catalogue = load_catalogue(write(tmp_path, HORSE.replace('"nag"', '"nag"\nbase = "mule"'), MULE))
    assert len(catalogue.problems) == 2
    assert all("on itself, or on too many others" in problem for problem in catalogue.problems)
