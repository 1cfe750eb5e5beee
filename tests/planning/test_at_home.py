"""What things are where they are at home, and what goes around others alone."""

import pytest

from addon.catalogue import load_catalogue
from addon.models.plan import RelationKind
from addon.planning import OfflinePlanner, lay_out

CATALOGUE = load_catalogue()
PLANNER = OfflinePlanner(CATALOGUE)


@pytest.mark.parametrize(
    ("prompt", "recipe"), [("a cactus in the desert", "desert_cactus"), ("a cactus on a table", "cactus")]
)
def test_a_cactus_has_a_pot_only_where_it_needs_one(prompt: str, recipe: str) -> None:
    assert recipe in [thing.recipe for thing in PLANNER.plan(prompt, 0).objects]


def test_one_train_goes_around_a_tree_in_front_of_it() -> None:
    plan = PLANNER.plan("a toy train going around a christmas tree", 0)
    assert [relation.kind for relation in plan.relations] == [RelationKind.IN_FRONT_OF]


def test_a_room_shows_the_window_that_the_prompt_speaks_of() -> None:
    plan = PLANNER.plan("a living room with a sofa and a window", 0)
    assert "window" in plan.surroundings and "window" not in [thing.recipe for thing in plan.objects]


def test_who_sits_on_a_bench_looks_where_it_does() -> None:
    _, layout = lay_out(PLANNER.plan("a man reading a newspaper on a bench", 0), CATALOGUE, 16 / 9)
    turns = {one.object_id: one.rotation_z for one in layout.placements}
    assert turns["man"] == pytest.approx(turns["bench"])
