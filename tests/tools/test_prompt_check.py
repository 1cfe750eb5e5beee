"""The checker of finished scenes: it passes what is right, and fails each thing that is wrong, in real saved files."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from addon.catalogue import load_catalogue
from addon.models.layout import CameraPlacement, Layout, Placement
from addon.models.plan import PlanObject, ScenePlan
from addon.models.recipe import Recipe
from addon.models.session import Options
from addon.scene.backend import BlenderBackend
from tools.prompts.check import check
from tools.prompts.make import Maker
from tools.prompts.rows import Row, Wrong

pytestmark = pytest.mark.blender

CATALOGUE = load_catalogue()
CAMERA = CameraPlacement(position=(0.0, -7.0, 2.4), target=(0.0, 0.0, 0.4), lens_mm=50)
BOX = Recipe.model_validate(
    {
        "name": "zebra", "category": "animal", "size": [0.6, 2.0, 1.6],
        "slots": {"body": {"material": "paint", "color": "#eeeeee", "paintable": True}},
        "parts": [{"name": "body", "shape": "box", "size": [0.6, 2.0, 1.6], "at": [0, 0, 0.8]}],
    }
)  # fmt: skip

Place = tuple[str, float, float, float]
"""Recipe, x, y and the largest side in metres."""
Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Writes a scene of things at given places; colours and materials by place, in the plan's way."""
    backend = BlenderBackend()

    def made(places: Sequence[Place], looks: Sequence[dict[str, str]] = (), recipes: Sequence[Recipe] = ()) -> Path:
        known = {recipe.name: recipe for recipe in recipes}
        known |= {name: CATALOGUE.get(name) for name, *_ in places if name not in known}
        things, placements = [], []
        for number, (name, x, y, size) in enumerate(places):
            look = dict(looks[number]) if number < len(looks) else {}
            of = look.pop("of", None)
            if of is None:
                thing = {"id": f"t{number}", "recipe": name, "noun": name, **look}
                things.append(PlanObject.model_validate(thing))
            sides = [side * size / max(known[name].size) for side in known[name].size]
            placements.append(
                Placement(
                    object_id=of or f"t{number}", instance=2 if of else 1, recipe=name, position=(x, y, 0.0),
                    scale=size / max(known[name].size), size=(sides[0], sides[1], sides[2]), rotation_z=-20.0,
                )
            )  # fmt: skip
        plan, layout = ScenePlan(objects=things), Layout(placements=placements, camera=CAMERA)
        backend.reset()
        backend.build(plan, layout, known, lambda _done, _text: None)
        backend.texture(plan, known, lambda _done, _text: None)
        backend.stage(plan, layout, Options(resolution=(640, 360), samples=4))
        path = tmp_path / "scene.blend"
        backend.save(path)
        backend.reset()
        return path

    return made


def row(*include: dict[str, object], relation: str | None = None) -> Row:
    relations = [{"subject": 0, "relation": relation, "object": 1}] if relation else []
    return Row.model_validate({"prompt": "a prompt", "include": include, "relations": relations})


def asked(word: str, **wishes: object) -> dict[str, object]:
    return {"class": word, "count": 1, **wishes}


def about(found: list[Wrong]) -> set[str]:
    return {one.about for one in found}


CUBE_AND_BALL: list[Place] = [("cube", -1.1, 0, 1), ("sphere", 1.1, 0, 1)]
RED_AND_BLUE = [{"color": "#c81e1e", "color_name": "red"}, {"color": "#1e46c8", "color_name": "blue"}]


def test_a_right_scene_passes(make: Make) -> None:
    path = make(CUBE_AND_BALL, RED_AND_BLUE)
    right = row(asked("cube", color="red"), asked("sphere", color="blue"), relation="on the left of")
    assert check(path, right) == []


def test_left_and_right_are_the_viewers(make: Make) -> None:
    path = make(CUBE_AND_BALL)
    assert about(check(path, row(asked("cube"), asked("sphere"), relation="on the right of"))) == {"relations"}


def test_wrong_colours_fail(make: Make) -> None:
    path = make(CUBE_AND_BALL, RED_AND_BLUE)
    swapped = row(asked("cube", color="blue"), asked("sphere", color="red"))
    assert [one.about for one in check(path, swapped)] == ["colour", "colour"]
    assert about(check(path, row(asked("cube", color="brown"), asked("sphere", color="purple")))) == {"colour"}


@pytest.mark.parametrize(("count", "fails"), [(1, True), (2, False), (3, True)])
def test_counts_are_exact(make: Make, count: int, fails: bool) -> None:
    path = make([("cube", -1.1, 0, 1), ("cube", 0.6, 0, 1)], [{}, {"of": "t0"}])
    found = check(path, row({"class_surface": "cubes", "count": count}))
    assert about(found) == ({"count"} if fails else set())


def test_what_is_missing_is_told(make: Make) -> None:
    found = check(make(CUBE_AND_BALL), row(asked("giraffe")))
    assert [(one.about, one.text) for one in found] == [("include", "there is no giraffe")]


def test_a_thing_behind_another_is_not_seen(make: Make) -> None:
    path = make([("cube", 0, 0, 1.6), ("sphere", 0, 1.6, 0.5)])
    assert about(check(path, row(asked("cube"), asked("sphere")))) == {"seen"}


def test_a_thing_too_small_or_cut_off_is_not_seen(make: Make) -> None:
    path = make([("cube", 0, 0, 1), ("sphere", 1.2, 0, 0.06), ("cylinder", 2.6, 0, 1.0)])
    words = [one.text for one in check(path, row(asked("cube"), asked("sphere"), asked("cylinder")))]
    assert len(words) == 2
    assert "too small" in words[0]
    assert "cut off" in words[1]


def test_hidden_by_is_partly_hidden(make: Make) -> None:
    wanted = row(asked("sphere"), asked("cube"), relation="hidden by")
    assert check(make([("sphere", 0.55, 1.3, 0.9), ("cube", 0, 0, 1)]), wanted) == []
    assert about(check(make([("sphere", 1.6, 1.3, 0.9), ("cube", 0, 0, 1)]), wanted)) == {"relations"}
    assert "seen" in about(check(make([("sphere", 0, 1.6, 0.5), ("cube", 0, 0, 1.6)]), wanted))


def test_depth_tells_front_and_behind(make: Make) -> None:
    path = make([("sphere", -0.5, -1.2, 0.6), ("cube", 0.3, 0.6, 1)])
    assert check(path, row(asked("sphere"), asked("cube"), relation="in front of")) == []
    assert about(check(path, row(asked("sphere"), asked("cube"), relation="behind"))) == {"relations"}


def test_above_and_below_are_in_the_picture(make: Make) -> None:
    path = make([("sphere", -1.5, 0, 1), ("cube", 1.5, 0, 1)])
    for relation in ("on the top of", "on the bottom of"):
        assert about(check(path, row(asked("sphere"), asked("cube"), relation=relation))) == {"relations"}


def test_near_is_not_far(make: Make) -> None:
    wanted = row(asked("sphere"), asked("cube"), relation="next to")
    assert check(make([("sphere", -0.4, 0, 0.6), ("cube", 0.4, 0, 0.6)]), wanted) == []
    assert about(check(make([("sphere", -1.8, 0, 0.6), ("cube", 1.8, 0, 0.6)]), wanted)) == {"relations"}


def test_materials_are_read_from_the_shader(make: Make) -> None:
    path = make(CUBE_AND_BALL, [{"material": "wood"}, {"material": "metal"}])
    assert check(path, row(asked("cube", texture="wooden"), asked("sphere", texture="metallic"))) == []
    for cube, ball in (("metallic", "wooden"), ("glass", "rubber"), ("fabric", "plastic")):
        found = check(path, row(asked("cube", texture=cube), asked("sphere", texture=ball)))
        assert [one.about for one in found] == ["material", "material"]


def test_shapes_are_read_from_the_mesh(make: Make) -> None:
    path = make(CUBE_AND_BALL)
    assert check(path, row(asked("cube", shape="cubic"), asked("sphere", shape="spherical"))) == []
    for cube, ball in (("spherical", "cubic"), ("conical", "pyramidal"), ("round", "triangular")):
        found = check(path, row(asked("cube", shape=cube), asked("sphere", shape=ball)))
        assert [one.about for one in found] == ["shape", "shape"]


def test_big_and_small_are_compared(make: Make) -> None:
    path = make([("cube", -1, 0, 1.2), ("sphere", 1.1, 0, 0.5)])
    assert check(path, row(asked("cube", shape="big"), asked("sphere", shape="small"))) == []
    found = check(path, row(asked("cube", shape="small"), asked("sphere", shape="big")))
    assert [one.about for one in found] == ["shape", "shape"]


def test_a_box_named_zebra_fails_and_the_zebra_passes(make: Make) -> None:
    wanted = row(asked("zebra"))
    assert about(check(make([("zebra", 0, 0, 2)], recipes=[BOX]), wanted)) == {"form"}
    assert check(make([("zebra", 0, 0, 2)]), wanted) == []


def test_a_thing_built_as_another_fails(make: Make) -> None:
    path = make([("horse", 0, 0, 2)], [{"noun": "camel"}])
    found = check(path, row(asked("camel")))
    assert [(one.about, one.text) for one in found] == [("form", "camel: it is built as a horse")]


@pytest.mark.parametrize(
    ("prompt", "around", "thing"),
    [
        ("a white sky and a blue airplane", asked("sky", color="white"), asked("airplane", color="blue")),
        ("a yellow ocean and a red boat", asked("ocean", color="yellow"), asked("boat", color="red")),
        ("a wooden floor and a leather jacket", asked("floor", texture="wooden"), asked("jacket", texture="leather")),
    ],
)
def test_named_ground_and_sky_are_found(
    tmp_path: Path, prompt: str, around: dict[str, object], thing: dict[str, object]
) -> None:
    path = tmp_path / "scene.blend"
    assert Maker().make(prompt, path) > 0
    assert check(path, row(around, thing)) == []
    assert about(check(path, row({**around, "color": "purple"}))) == {"colour"}
    assert about(check(path, row(asked("wall")))) == {"include"}
