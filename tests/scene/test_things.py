"""Recipes as Blender objects: every recipe's geometry, and what others rely on in the objects."""

import tomllib
from pathlib import Path

import bpy
import numpy as np
import pytest

from addon.catalogue import Catalogue, choose, load_catalogue
from addon.models.layout import Placement
from addon.models.plan import PlanObject, TextItem
from addon.models.recipe import Recipe
from addon.planning.layout.facts import text_size
from addon.scene.parts import assemble as assembling
from addon.scene.text import build_text
from addon.scene.things import build_object
from tools.lint_recipes import lint, lint_garments

from .conftest import Stage

pytestmark = pytest.mark.blender
CATALOGUE = load_catalogue()


@pytest.fixture
def collection() -> bpy.types.Collection:
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    made = bpy.data.collections.new("things")
    bpy.context.scene.collection.children.link(made)
    return made


def placements(count: int, size: tuple[float, float, float] = (1, 1, 1)) -> list[Placement]:
    return [
        Placement(
            object_id="a",
            instance=number + 1,
            recipe="any",
            position=(2.0 * number, 0.5, 0.25),
            rotation_z=90,
            scale=2,
            size=size,
        )
        for number in range(count)
    ]


def plan(name: str, **values: object) -> PlanObject:
    return PlanObject.model_validate({"id": "a", "recipe": name, "noun": name, **values})


def box_of(root: bpy.types.Object) -> tuple[np.ndarray, np.ndarray]:
    bpy.context.view_layer.update()
    points = np.array([part.matrix_world @ vertex.co for part in root.children for vertex in part.data.vertices])
    return points.min(axis=0), points.max(axis=0)


@pytest.mark.parametrize("name", CATALOGUE.names())
def test_every_recipe_passes_the_lint(name: str) -> None:
    problems, _ = lint(CATALOGUE.get(name))
    assert problems == []


@pytest.mark.parametrize("name", ["person", "man", "woman", "boy", "girl"])
def test_clothes_are_sound_and_leave_the_body_its_size(name: str) -> None:
    recipe = CATALOGUE.get(name)
    assert lint_garments(recipe) == []
    for garment in recipe.garments:
        bare, dressed = assembling.assemble(choose(recipe)), assembling.assemble(choose(recipe, wears=[garment]))
        heads = [next(piece.mesh.bounds() for piece in made.pieces if piece.name == "head") for made in (bare, dressed)]
        assert np.allclose(*heads)
        low, high = (
            np.min([piece.mesh.bounds()[0] for piece in dressed.pieces], axis=0),
            np.max([piece.mesh.bounds()[1] for piece in dressed.pieces], axis=0),
        )
        assert high[2] - low[2] <= choose(recipe, wears=[garment]).outer_size[2] + 0.01


def test_what_a_person_wears_takes_the_colour_and_the_person_does_not(stage: Stage) -> None:
    stage.recipes["man"] = CATALOGUE.get("man")
    wears = [{"garment": "hat", "color": "#00ff00"}, {"garment": "jacket", "material": "leather"}]
    stage.make([plan("man", wears=wears).model_copy(update={"id": "man"})], [stage.place("man", 0, 0, 1.8)])
    looks = {str(part["slot"]): part.data.materials[0].name for part in bpy.data.objects if part.get("slot")}
    assert "#00ff00" in looks["hat"]
    assert looks["jacket"].startswith("Leather")
    assert "#00ff00" not in looks["body"] + looks["skin"]
    assert not {"scarf", "lenses", "apron"} & set(looks)


def test_the_example_in_the_documentation_is_a_good_recipe(collection: bpy.types.Collection) -> None:
    page = (Path(__file__).parents[2] / "docs" / "recipes.md").read_text(encoding="utf-8")
    example = tomllib.loads(page.split("```toml\n")[1].split("```")[0])
    problems, _ = lint(Recipe.model_validate(example))
    assert problems == []


def test_the_lint_finds_a_box_that_pretends(collection: bpy.types.Collection) -> None:
    part = {"name": "body", "shape": "box", "size": (1, 1, 1)}
    data = {"name": "zebra", "size": (1, 3, 1), "slots": {"body": {}}, "parts": [part]}
    problems, _ = lint(Recipe.model_validate(data))
    assert any("triangles" in text for text in problems)
    assert any("distorts" in text for text in problems)
    assert any("paintable" in text for text in problems)


def test_objects_are_named_marked_placed_and_share_their_meshes(collection: bpy.types.Collection) -> None:
    recipe = CATALOGUE.get("apple")
    roots = build_object(plan("apple", noun="apple"), recipe, placements(3), collection)
    assert [root["instance"] for root in roots] == [1, 2, 3]
    assert {(root["thing"], root["noun"], root["plan_id"]) for root in roots} == {("apple", "apple", "a")}
    assert sorted(part["slot"] for part in roots[0].children) == sorted(part.slot for part in recipe.parts)
    assert {part.data for part in roots[0].children} == {part.data for part in roots[2].children}
    assert len(bpy.data.meshes) == len(recipe.parts)
    assert all(part.scale[:] == (1, 1, 1) and part.data.uv_layers for part in roots[0].children)
    low, high = box_of(roots[1])
    x, y, z = recipe.size
    # Turned by 90 degrees and twice as large.
    assert high - low == pytest.approx(np.array([2 * y, 2 * x, 2 * z]), rel=0.02)
    assert (low + high)[:2] / 2 == pytest.approx([2.0, 0.5], abs=1e-4)
    assert low[2] == pytest.approx(0.25, abs=1e-4)


def test_a_shape_word_builds_that_variant_at_its_size(collection: bpy.types.Collection) -> None:
    recipe = CATALOGUE.get("table")
    (root,) = build_object(plan("table", shape="round"), recipe, placements(1), collection)
    low, high = box_of(root)
    assert (high - low) / 2 == pytest.approx(np.array(choose(recipe, shape="round").size), rel=0.02)


@pytest.mark.parametrize("name", ["cow", "rock", "train"])
def test_building_twice_gives_the_same_points(name: str) -> None:
    points = []
    for _ in range(2):
        assembling._cache.clear()
        recipe = load_catalogue().get(name)
        points.append([piece.mesh.points for piece in assembling.assemble(choose(recipe)).pieces])
    assert all(np.array_equal(a, b) for a, b in zip(*points, strict=True))


@pytest.mark.parametrize("name", ["person", "giraffe", "chair"])
def test_things_face_the_viewer_and_are_the_same_on_both_sides(name: str) -> None:
    pieces = assembling.assemble(choose(CATALOGUE.get(name))).pieces
    points = np.concatenate([piece.mesh.points for piece in pieces])
    assert points[:, 0].min() == pytest.approx(-points[:, 0].max(), rel=1e-6)
    eyes = [piece.mesh.points[:, 1].mean() for piece in pieces if piece.name == "eyes"]
    assert all(y < 0 for y in eyes)


def test_a_recipe_that_cannot_be_made_is_told_by_recipe_and_part(collection: bpy.types.Collection) -> None:
    part = {"name": "blob", "shape": "blend", "balls": [{"at": (0, 0, 0), "r": (1, 1, 1), "cut": True}]}
    recipe = Recipe.model_validate({"name": "nothing", "size": (1, 1, 1), "slots": {"body": {}}, "parts": [part]})
    with pytest.raises(ValueError, match="recipe 'nothing', part 'blob'"):
        build_object(plan("nothing"), recipe, placements(1), collection)


def test_parts_stand_on_anchors_and_numbers_follow_parameters(catalogue_of_one: Catalogue) -> None:
    recipe = catalogue_of_one.get("post")
    pieces = {piece.name: piece.mesh for piece in assembling.assemble(choose(recipe, parameters={"top": 0.5})).pieces}
    assert pieces["knob"].bounds()[0][2] == pytest.approx(pieces["post"].bounds()[1][2])
    knob, post = (np.ptp(pieces[name].points[:, 2]) for name in ("knob", "post"))
    assert knob / post == pytest.approx(0.5)
    ring = pieces["ring"].bounds()
    # The post's origin is its middle, here raised with everything so that the thing stands on the ground.
    assert (ring[0][2] + ring[1][2]) / 2 == pytest.approx(sum(pieces["post"].bounds())[2] / 2)


@pytest.fixture
def catalogue_of_one(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    folder = tmp_path_factory.mktemp("recipes")
    (folder / "post.toml").write_text(
        'name = "post"\nsize = [0.2, 0.2, 1.2]\nslots.body = { paintable = true }\n'
        "parameters.top = { default = 0.2, min = 0.1, max = 1 }\n"
        '[[parts]]\nname = "post"\nshape = "box"\nsize = [0.2, 0.2, 1]\n'
        '[[parts]]\nname = "knob"\nshape = "sphere"\nsize = [0.2, 0.2, "top"]\nto = "post.top"\npivot = "bottom"\n'
        '[[parts]]\nname = "ring"\nshape = "torus"\nradius = 0.08\ntube = 0.01\nto = "post.origin"\n'
    )
    return load_catalogue(folder)


@pytest.mark.parametrize("text", ["GO", "PLEASE KEEP OFF THE GRASS", "Ünïcode"])
@pytest.mark.parametrize("name", sorted(name for name in CATALOGUE.names() if CATALOGUE.get(name).takes_text))
def test_words_asked_for_stay_on_the_thing(name: str, text: str) -> None:
    recipe = CATALOGUE.get(name)
    own, asked = assembling.assemble(choose(recipe)), assembling.assemble(choose(recipe, parameters={"text": text}))
    body = [piece.mesh for piece in own.pieces if piece.name not in _words_of(recipe)]
    words = [piece.mesh for piece in asked.pieces if piece.name in _words_of(recipe)]
    assert words
    low, high = np.min([mesh.bounds()[0] for mesh in body], axis=0), np.max([mesh.bounds()[1] for mesh in body], axis=0)
    for mesh in words:
        assert (mesh.bounds()[0] >= low - 0.03).all()
        assert (mesh.bounds()[1] <= high + 0.03).all()


def _words_of(recipe: Recipe) -> set[str]:
    return {part.name for part in recipe.parts if part.shape == "text"}


def test_text_stands_upright_is_is_closed(collection: bpy.types.Collection) -> None:
    item = TextItem(id="logo", text="Ab©8", height_m=0.5, depth_m=0.1)
    (place,) = placements(1)
    root = build_text(item, place.model_copy(update={"rotation_z": 0.0, "scale": 1.0}), collection)
    (part,) = root.children
    assert (root["thing"], root["noun"], root["instance"], part["slot"]) == ("text", "Ab©8", 1, "body")
    low, _ = box_of(root)
    assert low[2] == pytest.approx(0.25, abs=1e-4)
    edges = {tuple(sorted(edge)): 0 for face in part.data.polygons for edge in face.edge_keys}
    for face in part.data.polygons:
        for edge in face.edge_keys:
            edges[tuple(sorted(edge))] += 1
    assert set(edges.values()) == {2}


@pytest.mark.parametrize("text", ["HELLO", "Under Armour", "WIMBLEDON", "Big yellow quartz gems", "1984", "jolly"])
def test_text_is_as_large_as_its_layout_expects(collection: bpy.types.Collection, text: str) -> None:
    item = TextItem(id="title", text=text, height_m=0.5, depth_m=0.1)
    (place,) = placements(1)
    root = build_text(item, place.model_copy(update={"rotation_z": 0.0, "scale": 1.0}), collection)
    low, high = box_of(root)
    assert high - low == pytest.approx(np.array(text_size(item)), rel=0.07)


def test_text_without_anything_to_draw_is_an_error(collection: bpy.types.Collection) -> None:
    (place,) = placements(1)
    with pytest.raises(ValueError, match="can be drawn"):
        build_text(TextItem(id="a", text="  "), place, collection)
