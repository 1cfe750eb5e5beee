"""What the offline planner reads from English, as a table: prompt → things, relations, what is told."""

import pytest

from addon.models.plan import Arrangement, Facing, ScenePlan, TextItem, ViewAngle
from addon.planning import OfflinePlanner
from tests.planning.boxes import boxes

PLANNER = OfflinePlanner(boxes())


def read(prompt: str) -> ScenePlan:
    return PLANNER.plan(prompt, 0)


def things(plan: ScenePlan) -> list[tuple[str, int]]:
    return [(thing.noun, thing.count) for thing in plan.objects]


def relations(plan: ScenePlan) -> set[str]:
    return {f"{one.subject} {one.kind.value} {' '.join(one.targets)}".strip() for one in plan.relations}


def looks(plan: ScenePlan) -> list[tuple[str | None, ...]]:
    return [(thing.noun, thing.color_name, thing.material, thing.shape) for thing in plan.objects]


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("a cat", [("cat", 1)]),
        ("four televisions, four bears and two chickens", [("television", 4), ("bear", 4), ("chicken", 2)]),
        ("12 eggs", [("egg", 12)]),
        ("a dozen eggs", [("egg", 12)]),
        ("three dozen eggs", [("egg", 36)]),
        ("a pair of candles", [("candle", 2)]),
        ("a couple of dogs and several cups", [("dog", 2), ("cup", 4)]),
        ("twenty-one balls", [("ball", 21)]),
        ("forty eight pens", [("pen", 48)]),
        ("three knifes, two tomatos and four mouses", [("knife", 3), ("tomato", 2), ("mouse", 4)]),
        ("five sheeps, two fishs and six strawberrys", [("sheep", 5), ("fish", 2), ("strawberry", 6)]),
        ("three tabels and two chiars", [("table", 3), ("chair", 2)]),
        ("two women and three men", [("woman", 2), ("man", 3)]),
        ("an orange and a lemon", [("orange", 1), ("lemon", 1)]),
        ("an orange cat", [("cat", 1)]),
        ("a stack of books", [("book", 4)]),
        ("a stack of six books", [("book", 6)]),
        ("two apples, one red and one green", [("apple", 1), ("apple", 1)]),
        ("three red, blue and green balls", [("ball", 1), ("ball", 1), ("ball", 1)]),
        ("MAKE A RED CAR AND A BLUE TRUCK", [("car", 1), ("truck", 1)]),
        ("please make me a scene with a dog & a cat", [("dog", 1), ("cat", 1)]),
        ("could you create a picture of a horse for me", [("horse", 1)]),
        ("a cat. the cat is black", [("cat", 1)]),
    ],
)
def test_counts_and_names_things(prompt: str, expected: list[tuple[str, int]]) -> None:
    assert things(read(prompt)) == expected


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("a green bench and a red car", [("bench", "green", None, None), ("car", "red", None, None)]),
        ("a rubber ball and a plastic bottle", [("ball", None, "rubber", None), ("bottle", None, "plastic", None)]),
        ("a round cake and a square box", [("cake", None, None, "round"), ("box", None, None, "square")]),
        ("a dark blue glass vase", [("vase", "dark blue", "glass", None)]),
        ("a gold watch", [("watch", "gold", "gold", None)]),
        ("a big, round, red, wooden table", [("table", "red", "wood", "round")]),
        ("a chair made of glass", [("chair", None, "glass", None)]),
        ("a house painted red", [("house", "red", None, None)]),
        (
            "the chair is wooden and the table is metallic",
            [("chair", None, "wood", None), ("table", None, "metal", None)],
        ),
        ("a fluffy rabbit and a leather wallet", [("rabbit", None, "fur", None), ("wallet", None, "leather", None)]),
    ],
)
def test_gives_each_thing_its_own_look(prompt: str, expected: list[tuple[str | None, ...]]) -> None:
    assert looks(read(prompt)) == expected


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("on", "on"),
        ("on the top of", "on"),
        ("on top of", "on"),
        ("under", "under"),
        ("underneath", "under"),
        ("above", "above"),
        ("below", "below"),
        ("on the bottom of", "below"),
        ("at the bottom of", "below"),
        ("on the left of", "left_of"),
        ("to the left of", "left_of"),
        ("left of", "left_of"),
        ("on the right of", "right_of"),
        ("to the right side of", "right_of"),
        ("in front of", "in_front_of"),
        ("behind", "behind"),
        ("hidden by", "hidden_by"),
        ("hidden behind", "hidden_by"),
        ("next to", "next_to"),
        ("beside", "next_to"),
        ("on side of", "next_to"),
        ("near", "near"),
        ("close to", "near"),
        ("far from", "far_from"),
        ("inside", "inside"),
        ("in", "inside"),
        ("around", "around"),
        ("leaning against", "against"),
        ("facing", "facing"),
        ("is behind", "behind"),
        ("that is in front of", "in_front_of"),
        ("standing next to", "next_to"),
        ("sits on", "on"),
        ("riding", "on"),
        ("flying over", "above"),
    ],
)
def test_reads_every_relation(words: str, kind: str) -> None:
    plan = read(f"a mouse {words} a box")
    assert f"mouse {kind} box" in relations(plan)
    assert things(plan) == [("mouse", 1), ("box", 1)]


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        (
            "a small blue vase on a round wooden table next to two chairs",
            {"vase on table", "table next_to chair"},
        ),
        ("a red apple, a knife and a bowl on a wooden table", {"apple on table", "knife on table", "bowl on table"}),
        ("a table with a cup, a plate and a candle on it", {"cup on table", "plate on table", "candle on table"}),
        ("a ball between a box and a chair", {"ball between box chair"}),
        ("a ball between two chairs", {"ball between chair"}),
        ("a tree surrounded by flowers", {"flower around tree"}),
        ("a basket filled with apples", {"apple inside basket"}),
        ("a bowl of apples", {"apple inside bowl"}),
        ("a red cube on a blue cube on a green cube", {"cube on cube_2", "cube_2 on cube_3"}),
        ("a dog on the left and a cat on the right", {"dog left_of", "cat right_of"}),
        ("on the left a dog, on the right a cat", {"dog left_of", "cat right_of"}),
        ("a house in the background", {"house behind"}),
        ("a man wearing a hat", {"hat on man"}),
        ("a dog chasing a ball", {"dog next_to ball", "dog facing ball"}),
        ("a red car left of a blue car and a cat on the blue car", {"car left_of car_2", "cat on car_2"}),
    ],
)
def test_nests_and_shares_relations(prompt: str, expected: set[str]) -> None:
    assert relations(read(prompt)) == expected


@pytest.mark.parametrize(
    ("prompt", "field", "value"),
    [
        ("a cat in a kitchen", "environment.kind", "indoor"),
        ("a house at sunset", "environment.time", "sunset"),
        ("a fish underwater", "environment.kind", "underwater"),
        ("an airplane in space", "environment.kind", "space"),
        ("a car in a foggy forest", "environment.mood", "foggy"),
        ("a ball on a white background", "environment.background", "#f4f4f2"),
        ("a toy on a wooden floor", "ground.material", "wood"),
        ("a low poly tree", "style", "low_poly"),
        ("a horse, clay render", "style", "clay"),
        ("a wireframe of a car", "style", "wireframe"),
        ("a close-up of a frog", "camera.shot", "close_up"),
        ("a bowl, top view", "camera.angle", "top"),
        ("an isometric view of a house", "camera.orthographic", True),
        ("a cup with a blurred background", "camera.depth_of_field", True),
    ],
)
def test_reads_place_light_style_and_camera(prompt: str, field: str, value: object) -> None:
    plan = read(prompt)
    found: object = plan
    for name in field.split("."):
        found = getattr(found, name)
    assert found == value
    assert plan.objects
    assert [note.text for note in plan.not_built] == []


def test_a_logo_is_bevelled_metal_letters() -> None:
    plan = read("generate an Under Armour 3d logo")
    assert [(item.text, item.logo, item.material) for item in plan.texts] == [("UNDER ARMOUR", True, "silver")]
    assert plan.texts[0].bevel_m > 0
    assert not plan.objects
    assert not plan.not_built


@pytest.mark.parametrize(
    ("prompt", "text"),
    [
        ('the word "Hello" in gold', "Hello"),
        ("Nike logo", "NIKE"),
        ("a red logo of Acme", "ACME"),
        ("text saying 'Happy Birthday'", "Happy Birthday"),
        ("the letters ABC", "ABC"),
    ],
)
def test_finds_the_letters(prompt: str, text: str) -> None:
    plan = read(prompt)
    assert [item.text for item in plan.texts] == [text]


def test_turns_sizes_comparisons_and_measures_into_numbers() -> None:
    small, big = read("a small chair and a big chair").objects
    assert small.scale < 1 < big.scale
    dog = read("a dog bigger than a car").objects[0]
    assert dog.size_m is not None
    assert dog.size_m > 4.3
    assert read("a 30 cm tall vase").objects[0].size_m == pytest.approx(0.3)


def test_small_and_tall_are_so_beside_each_other() -> None:
    alone, (lamp, table) = read("a small table").objects[0], read("a tall lamp and a small table").objects
    assert table.scale < alone.scale
    assert lamp.scale > 1
    far_apart = read("a big elephant and a small cat").objects[1]
    assert far_apart.scale == read("a small cat").objects[0].scale


def test_reads_arrangements_facings_patterns_and_exclusions() -> None:
    assert read("five cups in a row").objects[0].arrangement is Arrangement.ROW
    assert read("a pile of oranges").objects[0].arrangement is Arrangement.PILE
    assert read("a car facing left").objects[0].facing is Facing.LEFT
    ball = read("a striped red and white ball").objects[0]
    assert (ball.pattern, ball.color_name) == ("striped", "red")
    assert ball.pattern_color is not None
    assert read("a cat without a hat").exclusions == ["hat"]
    assert read("a bowl, from above").camera.angle is ViewAngle.TOP


def test_tells_what_it_did_not_build_and_what_stands_for_it() -> None:
    notes = {note.text: note.substitute for note in read("a poodle, a hypotenuse and a beautiful vase").not_built}
    assert notes["poodle"] == "dog"
    assert notes["hypotenuse"] is None
    assert "beautiful vase" in notes


def test_a_relation_to_something_that_is_not_built_is_told() -> None:
    plan = read("a cat on a hypotenuse")
    assert things(plan) == [("cat", 1)]
    assert not plan.relations
    assert any("hypotenuse" in note.text and "cat" in note.text for note in plan.not_built)


@pytest.mark.parametrize("prompt", ["test scene", "", "   ", "?!?!", "something nice", "ein roter Apfel auf dem Tisch"])
def test_a_prompt_that_names_nothing_gives_a_still_life_and_says_so(prompt: str) -> None:
    plan = read(prompt)
    assert len(plan.objects) >= 3
    assert plan.not_built[-1].substitute


def test_a_place_alone_shows_what_is_found_there() -> None:
    plan = read("a kitchen")
    assert plan.environment.kind == "indoor"
    assert [thing.noun for thing in plan.objects] == ["table", "chair", "bowl"]


@pytest.mark.parametrize(
    ("prompt", "text", "material"),
    [
        ('"HELLO WORLD" in big golden letters', "HELLO WORLD", "gold"),
        ('big golden letters saying "HELLO"', "HELLO", "gold"),
        ("golden letters that spell PARIS", "PARIS", "gold"),
        ('3D text "BLENDER" in blue plastic', "BLENDER", "plastic"),
        ('the title "My Movie" in chrome', "My Movie", "chrome"),
        ("wooden letters spelling HOME", "HOME", "wood"),
    ],
)
def test_letters_are_those_that_are_quoted_or_said(prompt: str, text: str, material: str) -> None:
    plan = read(prompt)
    assert [(item.text, item.material) for item in plan.texts] == [(text, material)]
    assert (plan.objects, plan.relations, plan.not_built) == ([], [], [])


def test_big_letters_are_bigger() -> None:
    big, plain = read('"HI" in big letters').texts[0], read('"HI" in letters').texts[0]
    assert big.height_m > plain.height_m


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("HELLO", ["HELLO"]),
        ("UNDER ARMOUR", ["UNDER", "ARMOUR"]),
        ("GO HOME", ["GO HOME"]),
        ("THE QUICK BROWN FOX JUMPS", ["THE QUICK", "BROWN FOX", "JUMPS"]),
        ("INTERNATIONALISATION", ["INTERNATIONALISATION"]),
    ],
)
def test_long_texts_are_set_in_lines_that_fill_a_picture(text: str, lines: list[str]) -> None:
    assert TextItem(id="a", text=text).lines == lines


@pytest.mark.parametrize(
    ("prompt", "material", "color"),
    [("a bottle on black marble", "marble", "#141414"), ("a cup and a spoon on wood", "wood", None)],
)
def test_a_material_without_an_article_is_what_everything_stands_on(
    prompt: str, material: str, color: str | None
) -> None:
    plan = read(prompt)
    assert (plan.ground.material, plan.ground.color) == (material, color)
    assert not plan.relations
    assert not plan.not_built


def test_a_clay_model_is_the_thing_in_clay() -> None:
    plan = read("a clay model of a cat")
    assert (things(plan), plan.style) == ([("cat", 1)], "clay")


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("a bowl of apples", [("bowl", 1), ("apple", 6)]),
        ("a bowl of three apples", [("bowl", 1), ("apple", 3)]),
        ("a bowl of fruit", [("bowl", 1), ("fruit", 6)]),
        ("a bowl of soup", [("bowl", 1)]),
    ],
)
def test_a_container_of_something_is_filled(prompt: str, expected: list[tuple[str, int]]) -> None:
    assert things(read(prompt)) == expected
