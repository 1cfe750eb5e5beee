"""Which form of a thing is chosen: by shape word, by name, by seed."""

import pytest

from addon.catalogue import Catalogue, choose, load_catalogue, pick_variant
from addon.models.recipe import Recipe


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="module")
def table(catalogue: Catalogue) -> Recipe:
    return catalogue.get("table")


def test_the_first_variant_stands_for_the_thing(table: Recipe) -> None:
    assert choose(table).variant == "rectangular"
    assert choose(table).size == table.size


def test_a_shape_word_chooses_a_variant_with_its_own_size_and_surfaces(table: Recipe) -> None:
    form = choose(table, shape="circular")
    assert form.variant == "round"
    assert form.size[0] == form.size[1]
    assert form.surfaces["top"].size[0] < form.size[0]
    assert form.understood


def test_a_shape_word_without_a_variant_stretches_the_thing_and_its_surfaces(table: Recipe) -> None:
    form = choose(table, shape="tall")
    assert form.size[2] == pytest.approx(1.5 * table.size[2])
    assert form.surfaces["top"].at[2] == pytest.approx(1.5 * table.surfaces["top"].at[2])


def test_a_shape_word_that_means_nothing_here_is_not_understood(table: Recipe) -> None:
    form = choose(table, shape="crescent")
    assert not form.understood
    assert form.size == table.size


def test_a_named_variant_is_taken_unless_a_word_says_otherwise(table: Recipe) -> None:
    assert choose(table, parameters={"variant": "oval"}).variant == "oval"
    assert choose(table, shape="square", parameters={"variant": "oval"}).variant == "square"


def test_the_seed_chooses_among_weighted_variants_only(table: Recipe) -> None:
    chosen = [pick_variant(table, seed) for seed in range(60)]
    assert chosen == [pick_variant(table, seed) for seed in range(60)]
    assert set(chosen) == {"rectangular", "round"}


def test_parameters_stay_within_their_range(catalogue: Catalogue) -> None:
    clock = catalogue.get("clock")
    assert choose(clock, parameters={"ring": 99.0}).values["ring"] == clock.parameters["ring"].max


def test_words_asked_for_replace_all_words_of_a_thing(catalogue: Catalogue) -> None:
    post = catalogue.get("signpost")
    own, asked = choose(post), choose(post, parameters={"text": " BEACH "})
    assert asked.text == "BEACH"
    assert sum(part.shape == "text" for part in own.parts()) == 3
    assert sum(part.shape == "text" for part in asked.parts()) == 1
    assert asked.key != own.key


def test_a_thing_without_a_place_for_words_takes_none(table: Recipe) -> None:
    assert not table.takes_text
    assert choose(table, parameters={"text": "HELLO"}).text is None


def test_parts_exist_only_in_some_forms_or_in_all_but_some() -> None:
    box = {"shape": "box", "size": [1, 1, 1]}
    parts = [{"name": "folded", "unless": ["flying"], **box}, {"name": "spread", "only": ["flying"], **box}]
    data = {"name": "bat", "size": [1, 1, 1], "slots": {"body": {}}, "poses": {"flying": {}}, "parts": parts}
    bat = Recipe.model_validate(data)
    assert [part.name for part in choose(bat).parts()] == ["folded"]
    assert [part.name for part in choose(bat, pose="flying").parts()] == ["spread"]
    parts[0]["unless"] = ["sleeping"]
    with pytest.raises(ValueError, match="unless 'sleeping' is unknown; allowed: flying"):
        Recipe.model_validate(data)
