"""Materials: every word makes a sound node tree, equal wishes share one, and exporters find the mean colour."""

import pytest

from addon.catalogue import load_catalogue
from addon.models.plan import PlanObject
from addon.scene.colour import linear
from addon.scene.materials import Wish, finish_for, material_for
from addon.scene.materials.finish import ALIASES, FINISHES
from addon.scene.materials.textures import TEXTURES

from .conftest import Stage


@pytest.mark.parametrize("word", sorted(FINISHES))
def test_every_material_is_a_sound_tree(stage: Stage, word: str) -> None:
    for pattern in (None, "striped", "dotted", "checkered"):
        material = material_for(Wish(word, "#3366cc", pattern))
        nodes = material.node_tree.nodes
        assert all(link.is_valid for link in material.node_tree.links)
        output = next(node for node in nodes if node.type == "OUTPUT_MATERIAL")
        assert output.inputs["Surface"].is_linked
        principled = next(node for node in nodes if node.type == "BSDF_PRINCIPLED")
        assert tuple(principled.inputs["Base Color"].default_value) == pytest.approx(linear("#3366cc"), abs=1e-6)


def test_every_texture_and_alias_exists() -> None:
    assert {finish.texture for finish in FINISHES.values()} - {"plain"} == set(TEXTURES)
    assert set(ALIASES.values()) <= set(FINISHES)
    assert not set(ALIASES) & set(FINISHES)


def test_a_texture_and_a_pattern_are_one_group_each_that_an_artist_can_change(stage: Stage) -> None:
    import bpy

    for color in ("#884422", "#ccaa77"):
        for pattern in ("striped", "dotted"):
            material_for(Wish("wood", color, pattern))
    groups = {group.name: group for group in bpy.data.node_groups}
    assert sorted(groups) == ["Dotted", "Striped", "Wood"]
    assert [socket.name for socket in groups["Wood"].interface.items_tree if socket.in_out == "INPUT"] == [
        "Vector",
        "Color",
        "Contrast",
        "Roughness",
    ]
    assert groups["Wood"].users == 4


@pytest.mark.parametrize("word", ["wooden", "Stainless steel", "metallic", "fluffy", "brick", "cardboard"])
def test_words_of_prompts_are_known(word: str) -> None:
    assert finish_for(word) is not None


def test_equal_wishes_share_a_material_and_others_do_not(stage: Stage) -> None:
    assert material_for(Wish("wood", "#884422")) == material_for(Wish("wood", "#884422"))
    assert material_for(Wish("wood", "#884422")) != material_for(Wish("wood", "#884423"))
    assert material_for(Wish("wood", size_m=1.0)) == material_for(Wish("wood", size_m=1.1))


def test_a_colour_word_paints_what_is_paintable_and_a_material_keeps_its_own_colour(stage: Stage) -> None:
    def base(thing: PlanObject) -> tuple[float, ...]:
        stage.backend.reset()
        stage.make([thing], [stage.place("sphere", 0, 0, 1)])
        import bpy

        part = next(part for part in bpy.data.objects if part.get("slot"))
        node = next(node for node in part.data.materials[0].node_tree.nodes if node.type == "BSDF_PRINCIPLED")
        return (*node.inputs["Base Color"].default_value, node.inputs["Metallic"].default_value)

    assert base(stage.ball(color="#00ff00")) == pytest.approx((*linear("#00ff00"), 0.0), abs=1e-6)
    gold = base(stage.ball(material="gold"))
    assert gold == pytest.approx((*linear(FINISHES["gold"].color), 1.0), abs=1e-6)
    assert base(stage.ball(material="gold", color="#ff0000")) == pytest.approx((*linear("#ff0000"), 1.0), abs=1e-6)


def test_a_slot_may_take_only_the_colour_or_only_the_material(stage: Stage) -> None:
    bed = load_catalogue().get("bed")
    stage.recipes["bed"] = bed
    blue_metal = PlanObject(id="bed", recipe="bed", noun="bed", color="#0000ff", material="metal")
    stage.make([blue_metal], [stage.place("bed", 0, 0, 2)])
    import bpy

    looks: dict[str, set[str]] = {}
    for part in bpy.data.objects:
        if part.get("slot"):
            looks.setdefault(str(part["slot"]), set()).add(part.data.materials[0].name.split(" ")[0])
    assert looks == {"frame": {"Metal"}, "body": {"Fabric"}, "sheet": {"Fabric"}}
    blanket = next(part for part in bpy.data.objects if part.get("slot") == "body").data.materials[0]
    assert tuple(blanket.diffuse_color) == pytest.approx(linear("#0000ff"), abs=1e-6)
