"""Hats on heads and glasses before eyes: where they are put, how large, and in every pose."""

from math import cos, radians, sin

import pytest

from addon.catalogue import form_of, load_catalogue
from addon.models.layout import Placement
from addon.models.plan import PlanObject, ScenePlan
from addon.planning.layout import facts_of, place
from addon.planning.offline import OfflinePlanner

CATALOGUE = load_catalogue()
BODIES = [
    name for name in CATALOGUE.names() if any(one.kind == "head" for one in CATALOGUE.get(name).surfaces.values())
]


def laid(prompt: str) -> dict[str, list[Placement]]:
    """Placements by recipe."""
    plan = OfflinePlanner(CATALOGUE).plan(prompt, seed=1)
    found: dict[str, list[Placement]] = {}
    for one in place(plan, facts_of(plan, CATALOGUE)).placements:
        found.setdefault(one.recipe, []).append(one)
    return found


def head_of(body: Placement) -> tuple[float, float, float]:
    """The middle of a hat's rim, in the scene."""
    x, y, z = (value * body.scale for value in CATALOGUE.get(body.recipe).surfaces["head"].at)
    c, s = cos(radians(body.rotation_z)), sin(radians(body.rotation_z))
    return (body.position[0] + c * x - s * y, body.position[1] + s * x + c * y, body.position[2] + z)


@pytest.mark.parametrize("animal", ["cat", "giraffe", "chick", "teddy bear"])
def test_a_hat_is_on_the_head_in_its_size(animal: str) -> None:
    things = laid(f"a {animal} wearing a top hat")
    (body,), (hat,) = things[animal.replace(" ", "_")], things["top_hat"]
    assert hat.position == pytest.approx(head_of(body))
    assert hat.rotation_z == body.rotation_z
    assert (hat.supported_by, hat.worn) == (body.object_id, True)
    head = CATALOGUE.get(body.recipe).surfaces["head"].size[0] * body.scale
    assert 1.2 * head < hat.size[0] < 2.5 * head


def test_each_of_several_has_one() -> None:
    things = laid("three cats wearing party hats")
    hats = sorted(one.position for one in things["party_hat"])
    for hat, head in zip(hats, sorted(map(head_of, things["cat"])), strict=True):
        assert hat == pytest.approx(head)


def test_glasses_and_a_hat_at_once_and_what_stands_on_the_back_too() -> None:
    things = laid("an elephant with glasses and a crown")
    (body,), (glasses,), (crown,) = things["elephant"], things["glasses"], things["crown"]
    assert crown.position == pytest.approx(head_of(body))
    assert glasses.worn
    assert glasses.position[2] < crown.position[2]
    loaded = laid("a bird on a horse. the horse wears a hat")
    assert loaded["hat"][0].worn
    assert not loaded["bird"][0].worn


def test_a_thing_that_is_no_hat_is_not_worn() -> None:
    assert not laid("a ball on a cat")["ball"][0].worn


@pytest.mark.parametrize("name", BODIES)
def test_every_pose_has_its_own_head_within_the_thing(name: str) -> None:
    recipe = CATALOGUE.get(name)
    for pose in (None, *recipe.poses):
        form = form_of(recipe, PlanObject(id="t", recipe=name, noun=name, pose=pose))
        head = next(surface for surface in form.surfaces.values() if surface.kind == "head")
        assert 0 < head.at[2] < form.size[2]
        assert abs(head.at[0]) < form.size[0] / 2
        assert abs(head.at[1]) < form.size[1] / 2
        assert head.size[0] < max(form.size)
        if pose is not None:
            own = recipe.poses[pose].surfaces
            assert own is not None
            assert any(surface.kind == "head" for surface in own.values())


def test_a_plan_may_put_a_hat_on_a_table() -> None:
    plan = ScenePlan.model_validate(
        {
            "prompt": "a hat on a table",
            "title": "A hat",
            "seed": 1,
            "objects": [
                {"id": "hat", "recipe": "top_hat", "noun": "top hat"},
                {"id": "table", "recipe": "table", "noun": "table"},
            ],
            "relations": [{"kind": "on", "subject": "hat", "targets": ["table"]}],
        }
    )
    (hat,) = (one for one in place(plan, facts_of(plan, CATALOGUE)).placements if one.object_id == "hat")
    assert (hat.supported_by, hat.worn) == ("table", False)


@pytest.mark.parametrize(("prompt", "variant"), [("a snowman", "usual"), ("a snowman with a beanie", "bareheaded")])
def test_a_hat_takes_the_place_of_the_things_own(prompt: str, variant: str) -> None:
    snowman = OfflinePlanner(CATALOGUE).plan(prompt, seed=1).objects[0]
    assert snowman.parameters.get("variant", "usual") == variant
