"""Prompts that name files: which words mean them, what they become, and where they stand."""

import pytest

from addon.catalogue import load_catalogue
from addon.formats import inspect
from addon.models.layout import Layout
from addon.models.plan import EnvironmentKind, RelationKind, ScenePlan
from addon.models.uploads import Upload, UploadRole
from addon.planning import OfflinePlanner, plan_scene
from tests.samples import glb, jpeg, obj, stl, svg

CATALOGUE = load_catalogue()
PLANNER = OfflinePlanner(CATALOGUE)


def upload(name: str, data: bytes, role: UploadRole | None = None) -> Upload:
    """The record of a file."""
    found = inspect(data)
    return Upload(
        name=name,
        file=f"uploads/1{found.suffix}",
        kind=found.kind,
        media_type=found.media_type,
        size=len(data),
        sha256="",
        role=role,
        extent=found.extent,
        orientation=found.orientation,
        colors=list(found.colors),
    )


LOGO = upload("acme_logo.svg", svg())
PHOTO = upload("IMG_2031.jpg", jpeg())
MODEL = upload("untitled.glb", glb())
CHAIR = upload("redChair-2.glb", glb())


def planned(prompt: str, *uploads: Upload) -> tuple[ScenePlan, Layout]:
    return plan_scene(prompt, 0, CATALOGUE, planner=PLANNER, uploads=uploads)


@pytest.mark.parametrize(
    ("prompt", "file", "noun"),
    [
        ("my logo on a wooden table", LOGO, "logo"),
        ("the acme logo on a wooden table", LOGO, "acme logo"),
        ("the model on a round table", MODEL, "model"),
        ("put it on a table", MODEL, "3d model"),
        ("the uploaded object on a table", MODEL, "object"),
        ("untitled.glb on a table", MODEL, "untitled.glb"),
        ("my red chair on a table", CHAIR, "red chair"),
        ("the photo on a table", PHOTO, "photo"),
        ("a framed picture on a desk", PHOTO, "picture"),
    ],
)
def test_words_that_mean_a_file_stand_where_the_prompt_has_them(prompt: str, file: Upload, noun: str) -> None:
    plan, layout = planned(prompt, file)
    shown = next(thing for thing in plan.objects if thing.recipe == "upload1")
    assert shown.noun == noun
    assert [source.file for source in plan.sources] == [file.file]
    on = next(relation for relation in plan.relations if relation.kind is RelationKind.ON)
    assert on.subject == shown.id
    carried = next(one for one in layout.placements if one.object_id == shown.id)
    carrier = next(one for one in layout.placements if one.object_id == on.targets[0])
    assert carried.supported_by == carrier.object_id
    assert carried.position[2] == pytest.approx(carrier.size[2], rel=0.2)
    assert plan.prompt == prompt
    assert "upload1" not in plan.title
    assert plan.not_built == []


def test_a_file_that_is_not_mentioned_is_a_further_thing() -> None:
    plan, layout = planned("three apples", CHAIR, PHOTO)
    assert [(thing.recipe, thing.noun) for thing in plan.objects] == [
        ("apple", "apple"),
        ("upload1", "red chair"),
        ("upload2", "picture"),
    ]
    assert {one.object_id for one in layout.placements} == {thing.id for thing in plan.objects}


def test_a_picture_of_something_is_no_file() -> None:
    plan, _ = planned("a picture of a dog", PHOTO)
    assert [thing.recipe for thing in plan.objects] == ["dog", "upload1"]


@pytest.mark.parametrize(
    "prompt",
    ["a cat with my photo as the background", "the background is my photo, a cat", "a cat, the picture as a backdrop"],
)
def test_a_backdrop_is_no_thing(prompt: str) -> None:
    plan, layout = planned(prompt, PHOTO)
    assert [thing.recipe for thing in plan.objects] == ["cat"]
    assert [(one.kind, one.aspect) for one in plan.pictures] == [("backdrop", 1.6)]
    assert len(layout.placements) == 1


@pytest.mark.parametrize(
    "prompt",
    [
        "my photo printed on a white mug next to a plant",
        "a plant next to a mug, my photo as a decal on the mug",
        "the sticker on a mug",
        "a mug with my photo as a sticker",
    ],
)
def test_a_decal_is_on_its_thing(prompt: str) -> None:
    plan, _ = planned(prompt, PHOTO)
    (picture,) = plan.pictures
    assert (picture.kind, picture.target) == ("decal", "mug")
    assert all(thing.recipe != "upload1" for thing in plan.objects)


def test_a_decal_on_nothing_is_framed_and_told() -> None:
    plan, _ = planned("my photo as a decal", PHOTO)
    assert [thing.recipe for thing in plan.objects] == ["upload1"]
    assert [(note.text, note.reason) for note in plan.not_built] == [
        ("photo", "There is nothing that it could be on; it is framed.")
    ]


def test_a_picture_on_the_wall_hangs_behind_everything() -> None:
    plan, layout = planned("a sofa and a plant, my photo on the wall", PHOTO)
    assert plan.environment.kind is EnvironmentKind.INDOOR
    hung = next(one for one in layout.placements if one.recipe == "upload1")
    others = [one for one in layout.placements if one is not hung]
    assert hung.rotation_z == 0
    assert all(hung.position[1] > one.position[1] for one in others)
    assert all(hung.position[2] > 0.8 * one.size[2] for one in others)


@pytest.mark.parametrize(
    "prompt",
    [
        "my photos on the wall, a sofa",
        "a sofa, the sunset and the beach on the wall",
        "the beach, the sunset on the wall, a sofa",
    ],
)
def test_several_pictures_hang_beside_each_other(prompt: str) -> None:
    plan, layout = planned(prompt, upload("beach.jpg", jpeg()), upload("sunset.jpg", jpeg(100, 160)))
    assert [source.hung for source in plan.sources] == [True, True]
    hung = [one for one in layout.placements if one.recipe.startswith("upload")]
    assert abs(hung[0].position[0] - hung[1].position[0]) > (hung[0].size[0] + hung[1].size[0]) / 2
    assert len(plan.objects) == 3


def test_what_the_request_says_goes_before_the_prompt() -> None:
    plan, _ = planned("my photo on the wall, a mug", upload("a.jpg", jpeg(), UploadRole.BACKDROP))
    assert [picture.kind for picture in plan.pictures] == ["backdrop"]
    assert [thing.recipe for thing in plan.objects] == ["mug"]


def test_looks_and_sizes_are_said_of_files() -> None:
    plan, layout = planned("a gold logo 3 m tall", LOGO)
    (logo,) = plan.objects
    assert logo.material == "gold"
    assert max(layout.placements[0].size) == pytest.approx(3, rel=0.1)
    plan, _ = planned("my photo in a silver frame on a desk", PHOTO)
    assert plan.objects[0].material == "silver"


@pytest.mark.parametrize(
    ("data", "largest"),
    [
        (glb((0.4, 0.8, 0.2)), 0.8),
        (glb((400, 800, 200)), 0.5),
        (stl((20, 20, 140)), 0.14),
        (stl((1, 1, 2)), 0.5),
        (obj((1, 2, 1)), 2),
        (obj((0.001, 0.002, 0.001)), 0.5),
    ],
)
def test_a_model_has_a_sensible_size(data: bytes, largest: float) -> None:
    plan, _ = planned("the model", upload("part.x", data))
    assert max(plan.recipes[0].size) == pytest.approx(largest, rel=1e-3)


def test_the_same_files_give_the_same_plan() -> None:
    first, second = (
        planned("my chair and the logo on a table, the photo on the wall", CHAIR, LOGO, PHOTO) for _ in "ab"
    )
    assert first == second
