"""A colour that is asked for is the thing's colour, not that of a small part of it."""

import bpy
import pytest

from addon.catalogue import load_catalogue
from addon.models.plan import PlanObject
from addon.scene.colour import hex_of, linear, oklab

from .conftest import Stage

pytestmark = pytest.mark.blender


def slot_colors(stage: Stage, name: str, **look: object) -> dict[str, tuple[float, ...]]:
    """The base colour of each slot of a thing that is painted."""
    stage.recipes[name] = load_catalogue().get(name)
    thing = PlanObject.model_validate({"id": name, "recipe": name, "noun": name, **look})
    stage.make([thing], [stage.place(name, 0, 0, 1)])
    found = {}
    for part in (one for one in bpy.data.objects if "slot" in one):
        (shader,) = (node for node in part.data.materials[0].node_tree.nodes if node.type == "BSDF_PRINCIPLED")
        found[part["slot"]] = tuple(shader.inputs["Base Color"].default_value)
    return found


def test_wings_take_a_tone_of_the_birds_colour(stage: Stage) -> None:
    red = slot_colors(stage, "bird", color="#c81e1e")
    assert red["wing"][0] > 4 * max(red["wing"][1:3])
    assert red["wing"] != red["body"]
    assert oklab((*red["wing"][:3], 1.0))[0] < oklab((*red["body"][:3], 1.0))[0]


def test_beak_and_eyes_stay(stage: Stage) -> None:
    usual, red = slot_colors(stage, "bird"), None
    stage.backend.reset()
    red = slot_colors(stage, "bird", color="#c81e1e")
    assert {name: red[name] for name in ("beak", "dark")} == {name: usual[name] for name in ("beak", "dark")}


def test_what_is_mostly_paintable_keeps_its_other_colours(stage: Stage) -> None:
    usual = slot_colors(stage, "airplane")
    stage.backend.reset()
    blue = slot_colors(stage, "airplane", color="#1e46c8")
    changed = {name for name, color in blue.items() if color != usual[name]}
    assert changed == {name for name, slot in load_catalogue().get("airplane").slots.items() if slot.paintable}


def test_hex_colours_come_back() -> None:
    assert hex_of(linear("#c81e64", surface=False)) == "#c81e64"
