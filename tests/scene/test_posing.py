"""Joints that are turned: what moves with them, and what stays."""

import numpy as np
import pytest

from addon.catalogue import choose, load_catalogue
from addon.models.recipe import Recipe
from addon.scene.parts.assemble import assemble

pytestmark = pytest.mark.blender
ROD = {"shape": "tube", "path": [[0.2, 0, 1, 0.05], [0.2, 0, 0.9, 0.05], [0.2, 0, 0.1, 0.05], [0.2, 0, 0, 0.05]]}


def puppet_data(**pose: object) -> dict[str, object]:
    """Two straight legs a metre long under a ball, with a hip each."""
    trunk = {"name": "trunk", "shape": "sphere", "size": [0.4, 0.4, 0.4], "at": [0, 0, 1.2]}
    badge = {"name": "badge", "shape": "box", "size": [0.1, 0.1, 0.1], "at": [0, 0, 0.8], "joint": "trunk"}
    return {
        "name": "puppet",
        "size": [1, 1, 1],
        "slots": {"body": {"paintable": True}},
        "joints": {
            "trunk": {"path": [[0, 0, 1.1, 0.2], [0, 0, 1.2, 0.2]]},
            "leg": {"of": "trunk", "path": [[0.2, 0, 0.9, 0.05], [0.2, 0, 0, 0.05]]},
        },
        "poses": {"posed": {"size": [1, 1, 1], **pose}},
        "parts": [trunk, {"name": "legs", "mirror": ["x"], **ROD}, badge],
    }


def puppet(**pose: object) -> Recipe:
    return Recipe.model_validate(puppet_data(**pose))


def extents(recipe: Recipe) -> dict[str, np.ndarray]:
    """Each part's lowest and highest corner in metres, before the fit to ``size``, from the trunk's middle."""
    made = assemble(choose(recipe, pose="posed"))
    scale = np.array(made.natural)
    boxes = {piece.name: np.array(piece.mesh.bounds()) * scale for piece in made.pieces}
    middle = boxes["trunk"].mean(axis=0)
    return {name: box - middle for name, box in boxes.items()}


def test_a_paired_joint_turns_both_sides_mirrored() -> None:
    legs = extents(puppet(turn={"leg": [0, -90, 0]}))["legs"]
    # Both feet at the height of the hips, as far out as the legs are long.
    assert legs[1][0] == pytest.approx(0.2 + 0.9, abs=0.06)
    assert legs[0][0] == pytest.approx(-1.1, abs=0.06)
    assert legs[0][2] > -0.45


def test_one_side_turns_alone_and_right_is_the_pictures() -> None:
    legs = extents(puppet(turn={"leg_right": [0, -90, 0]}))["legs"]
    assert legs[1][0] == pytest.approx(1.1, abs=0.06)
    assert legs[0][0] == pytest.approx(-0.25, abs=0.01)
    assert legs[0][2] == pytest.approx(-1.25, abs=0.06)


def test_forwards_is_towards_the_viewer_for_both() -> None:
    legs = extents(puppet(turn={"leg": [-90, 0, 0]}))["legs"]
    assert legs[0][1] == pytest.approx(-0.9, abs=0.06)


def test_a_part_with_a_joint_moves_with_it_alone() -> None:
    still = extents(puppet(turn={"leg": [-90, 0, 0]}))["badge"]
    assert still.mean(axis=0) == pytest.approx([0, 0, -0.4], abs=1e-6)


def test_a_part_stays_apart_from_joints_that_it_names() -> None:
    data = puppet_data(turn={"leg": [-90, 0, 0]})
    data["parts"][1]["apart"] = ["leg"]
    legs = extents(Recipe.model_validate(data))["legs"]
    assert legs[0][2] == pytest.approx(-1.25, abs=0.01)
    data["parts"][1]["apart"] = ["wing"]
    with pytest.raises(ValueError, match="apart 'wing' is unknown"):
        Recipe.model_validate(data)


def test_a_girls_skirt_hangs_when_she_raises_her_arms() -> None:
    made = assemble(choose(load_catalogue().get("girl"), pose="arms_raised"))
    boxes = {piece.name: np.array(piece.mesh.bounds()) * np.array(made.natural) for piece in made.pieces}
    assert boxes["skirt"][1][2] < boxes["head"][0][2]


def test_the_whole_turns_after_its_joints() -> None:
    legs = extents(puppet(rotate=[-90, 0, 0]))["legs"]
    # On its back: the feet towards the viewer.
    assert legs[0][1] == pytest.approx(-1.25, abs=0.06)


def test_poses_leave_the_unposed_thing_as_it_was() -> None:
    recipe = puppet(turn={"leg": [-90, 0, 0]})
    before = [piece.mesh.points.copy() for piece in assemble(choose(recipe)).pieces]
    assemble(choose(recipe, pose="posed"))
    after = [piece.mesh.points for piece in assemble(choose(recipe)).pieces]
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


def test_a_walking_person_sets_one_foot_before_the_other_and_keeps_their_height() -> None:
    person = load_catalogue().get("person")
    shoes = {}
    for pose in (None, "walking"):
        pieces = assemble(choose(person, pose=pose)).pieces
        points = next(piece.mesh.points for piece in pieces if piece.name == "shoes")
        shoes[pose] = points[points[:, 0] > 0][:, 1].mean() - points[points[:, 0] < 0][:, 1].mean()
    assert abs(shoes[None]) < 1e-6
    assert shoes["walking"] < -0.5


@pytest.mark.parametrize(
    ("joints", "pose", "message"),
    [
        ({"a": {"of": "b", "path": [[0, 0, 0, 1], [0, 0, 1, 1]]}}, {}, "joint 'a': of 'b' is unknown"),
        ({"a": {"path": [[0, 0, 0, 1], [0, 0, 1, 1]]}}, {"turn": {"a_left": [0, 0, 9]}}, "turn 'a_left' is unknown"),
    ],
)
def test_wrong_joints_are_told(joints: dict[str, object], pose: dict[str, object], message: str) -> None:
    data = puppet_data(**pose) | {"joints": joints}
    with pytest.raises(ValueError, match=message):
        Recipe.model_validate(data)
