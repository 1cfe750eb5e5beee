"""Who sits on a seat: the pose, where it touches, and where the feet are."""

import pytest

from addon.catalogue import load_catalogue
from addon.models.layout import Layout, Placement
from addon.planning.layout import facts_of, place
from addon.planning.offline import OfflinePlanner

CATALOGUE = load_catalogue()


def laid(prompt: str) -> tuple[dict[str, list[Placement]], dict[str, str | None], Layout]:
    """Placements and poses by recipe, and the layout."""
    plan = OfflinePlanner(CATALOGUE).plan(prompt, seed=1)
    layout = place(plan, facts_of(plan, CATALOGUE))
    by_recipe: dict[str, list[Placement]] = {}
    for one in layout.placements:
        by_recipe.setdefault(one.recipe, []).append(one)
    return by_recipe, {thing.recipe: thing.pose for thing in plan.objects}, layout


def rest_height(one: Placement, pose: str) -> float:
    """Where what sits touches its seat, in metres above the ground."""
    seat = CATALOGUE.get(one.recipe).poses[pose].seat
    assert seat is not None
    return one.position[2] + seat[2] * one.scale


@pytest.mark.parametrize("seat", ["chair", "bench", "sofa", "armchair"])
def test_who_sits_on_a_seat_touches_it_with_the_feet_before_it(seat: str) -> None:
    things, poses, layout = laid(f"a woman sitting on a {seat}")
    (woman,), (carrier,) = things["woman"], things[seat]
    assert poses["woman"] == "seated"
    assert woman.supported_by == carrier.object_id
    assert woman.rotation_z == carrier.rotation_z
    surface = CATALOGUE.get(seat).surfaces["seat"]
    assert rest_height(woman, "seated") == pytest.approx(surface.at[2] * carrier.scale, abs=0.01)
    assert 0 < woman.position[2] < 0.1
    assert layout.unmet == []


def test_a_child_is_not_made_larger_to_reach_the_ground() -> None:
    things, _, _ = laid("a boy sitting on a chair")
    assert things["boy"][0].position[2] > 0.1


def test_several_share_a_sofa_side_by_side() -> None:
    things, _, _ = laid("two women sitting on a sofa")
    first, second = things["woman"]
    apart = ((first.position[0] - second.position[0]) ** 2 + (first.position[1] - second.position[1]) ** 2) ** 0.5
    assert apart >= 0.99 * first.size[0]


def test_a_rider_sits_on_the_back_of_the_horse() -> None:
    things, poses, _ = laid("a man riding a horse")
    (man,), (horse,) = things["man"], things["horse"]
    assert poses["man"] == "riding"
    back = CATALOGUE.get("horse").surfaces["back"].at[2] * horse.scale
    assert rest_height(man, "riding") == pytest.approx(back, abs=0.01)
    assert man.position[2] > 0.3


def test_on_the_ground_one_sits_as_one_does_there() -> None:
    _, poses, _ = laid("a sitting woman next to a chair")
    assert poses["woman"] == "sitting"
