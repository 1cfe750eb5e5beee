"""Layout invariants over many prompts: nothing interpenetrates, everything touches what carries it, is in the frame,
big enough to be seen, and stands as the prompt says, as the placed camera sees it."""

from math import dist

import pytest

from addon.models.layout import Layout
from addon.models.plan import ScenePlan
from addon.planning import OfflinePlanner, lay_out
from addon.planning.layout.geometry import Body, bounds, overlap_depth
from addon.planning.layout.relations import holds, seen_things
from addon.planning.layout.sizing import extent_of
from addon.planning.layout.view import Seen, View, fit_view, seen_box, view_of
from tests.planning.boxes import boxes

PLANNER = OfflinePlanner(boxes())
NOUNS = [
    "bee",
    "girl",
    "giraffe",
    "balloon",
    "mouse",
    "painting",
    "chicken",
    "desk",
    "refrigerator",
    "rabbit",
    "train",
    "key",
    "bicycle",
    "rug",
    "airplane",
    "frog",
]
RELATIONS = [
    "on the left of",
    "on the right of",
    "on the top of",
    "on the bottom of",
    "next to",
    "near",
    "in front of",
    "behind",
]
PAIRS = [
    f"a {NOUNS[number % 16]} {relation} a {NOUNS[(number * 7 + 3) % 16]}"
    for number in range(16)
    for relation in RELATIONS
    if number % 16 != (number * 7 + 3) % 16
]
SCENES = [
    "a small blue vase on a round wooden table next to two chairs",
    "four televisions, four bears and two chickens",
    "one cat, two books, one painting, two bowls and four stools",
    "a cat under a table and a dog behind the table",
    "an ant beside an elephant",
    "a ball between a box and a chair",
    "a ball between two chairs",
    "six candles around a cake",
    "a tree surrounded by flowers",
    "three cats on three chairs",
    "a stack of five books next to a lamp",
    "a pile of oranges in front of a bowl of apples",
    "twelve balls in a grid",
    "thirty cups",
    "a herd of sheep near a house",
    "a bird flying over a boat",
    "a sun, a house and a tree",
    "a dog on the left and a cat on the right",
    "a dog on the left",
    "a dog far from a cat",
    "a man riding a horse",
    "a red cube on a blue cube on a green cube",
    "a table with a cup, a plate and a bottle on it",
    "a dog chasing a ball",
    "a guitar leaning against a box",
    "a skyscraper and a strawberry",
    "generate an Under Armour 3d logo",
    'the word "HELLO" above a table',
    "a house in the background, a dog in the foreground",
    "an isometric view of a table with a cup",
    "a close-up of a frog on a book",
    "a car, top view",
    "a car and a truck, wide shot, low angle",
    "test scene",
]
ASPECTS = [16 / 9, 1.0, 9 / 16]


def laid(prompt: str, aspect: float = 16 / 9, seed: int = 0) -> tuple[ScenePlan, Layout, list[Body], View]:
    plan, layout = lay_out(PLANNER.plan(prompt, seed), boxes(), aspect)
    bodies = [
        Body(one.object_id, one.instance, *one.position, one.size, one.rotation_z, one.scale, one.supported_by)
        for one in layout.placements
    ]
    return plan, layout, bodies, view_of(layout.camera, aspect)


def together(plan: ScenePlan) -> set[frozenset[str]]:
    """Pairs whose boxes may share room: one is in or under the other, or both lie in one heap."""
    heaps = {frozenset((one.subject,)) for one in plan.relations if one.kind == "inside"}
    return heaps | {
        frozenset((one.subject, target))
        for one in plan.relations
        if one.kind in ("inside", "under", "below", "on")
        for target in one.targets
    }


@pytest.mark.parametrize("prompt", [*SCENES, *PAIRS])
def test_nothing_interpenetrates(prompt: str) -> None:
    plan, _, bodies, _ = laid(prompt)
    allowed = together(plan)
    for number, left in enumerate(bodies):
        for right in bodies[number + 1 :]:
            if frozenset((left.id, right.id)) not in allowed:
                assert overlap_depth(left, right) < 0.001, (left, right)


@pytest.mark.parametrize("prompt", [*SCENES, *PAIRS])
def test_everything_touches_what_carries_it(prompt: str) -> None:
    plan, _, bodies, _ = laid(prompt)
    hanging = {one.subject for one in plan.relations if one.kind == "above"}
    hanging |= {target for one in plan.relations if one.kind in ("below", "under") for target in one.targets}
    for body in bodies:
        if body.supported_by is None:
            assert abs(body.z) < 0.01 or body.id in hanging, body
            continue
        if any(one.kind == "inside" and one.subject == body.id for one in plan.relations):
            continue
        tops = [other.z + part for other in bodies if other.id == body.supported_by for part in surfaces(plan, other)]
        assert min(abs(body.z - top) for top in tops) < 0.01, (body, tops)


def surfaces(plan: ScenePlan, body: Body) -> list[float]:
    recipe = next((boxes().get(thing.recipe) for thing in plan.objects if thing.id == body.id), None)
    named = [surface.at[2] * body.scale for surface in recipe.surfaces.values()] if recipe else []
    return [*named, body.size[2]]


@pytest.mark.parametrize("aspect", ASPECTS)
@pytest.mark.parametrize("prompt", SCENES)
def test_everything_is_in_the_frame(prompt: str, aspect: float) -> None:
    plan, _, bodies, view = laid(prompt, aspect)
    for box in seen_things(view, bodies).values():
        assert -1 < box.x0 < box.x1 < 1
        assert -1 < box.y0 < box.y1 < 1
        assert box.near > 0
    assert plan.objects or plan.texts


@pytest.mark.parametrize("prompt", [*SCENES, *PAIRS])
def test_every_relation_is_seen_to_hold_or_told(prompt: str) -> None:
    plan, layout, bodies, view = laid(prompt)
    seen = seen_things(view, bodies)
    for relation in plan.relations:
        assert holds(relation, bodies, seen), relation
    assert layout.unmet == []


@pytest.mark.parametrize("prompt", PAIRS)
def test_what_is_asked_for_is_big_enough_to_be_recognised(prompt: str) -> None:
    _, _, bodies, view = laid(prompt)
    for name, box in seen_things(view, bodies).items():
        # At 960 pixels in width, 60 pixels along the longer side.
        assert max((box.x1 - box.x0) / 2, (box.y1 - box.y0) / 2 * 9 / 16) > 60 / 960, (name, box)


@pytest.mark.parametrize("front", ["desk", "rabbit", "woman", "bicycle", "lamp", "microwave"])
@pytest.mark.parametrize("rear", ["chicken", "refrigerator", "vase", "dog", "chair", "balloon"])
def test_what_is_hidden_is_mostly_covered_and_still_there(front: str, rear: str) -> None:
    plan, _, bodies, view = laid(f"a {rear} hidden by a {front}")
    subject, target = plan.objects
    seen = seen_things(view, bodies)
    share = seen[subject.id].covered_by(seen[target.id])
    assert seen[target.id].depth < seen[subject.id].depth
    assert 0.4 <= share <= 0.93


@pytest.mark.parametrize("count", [2, 3, 4, 5, 7, 8, 12])
@pytest.mark.parametrize("noun", ["bottle", "book", "giraffe", "car", "plate"])
def test_every_instance_can_be_counted(noun: str, count: int) -> None:
    _, _, bodies, view = laid(f"{count} {noun}s")
    assert len(bodies) == count
    boxes_seen: list[Seen] = [seen_box(view, body.corners()) for body in bodies]
    for box in boxes_seen:
        nearer = [other for other in boxes_seen if other is not box and other.depth < box.depth]
        assert max((box.covered_by(other) for other in nearer), default=0.0) < 0.6


def test_left_and_right_are_clearly_apart() -> None:
    plan, _, bodies, view = laid("a horse on the right of a man")
    horse, man = (seen_things(view, bodies)[thing.id] for thing in plan.objects)
    assert man.x1 < horse.x0


def test_sizes_keep_their_order_when_small_things_are_made_bigger() -> None:
    _, layout, bodies, _ = laid("an ant, a mouse, a dog and an elephant")
    by_name = {body.id: extent_of(body.size) for body in bodies}
    assert by_name["ant"] < by_name["mouse"] < by_name["dog"] < by_name["elephant"]
    assert by_name["ant"] > 0.15 * by_name["elephant"]
    assert max(bodies[3].size) == pytest.approx(4.0)
    assert layout.unmet == []


@pytest.mark.parametrize(
    "prompt",
    ["a boat on the sea at sunset", "a dog in a meadow", "a man riding a horse on the beach", "seven sheep in a field"],
)
@pytest.mark.parametrize("aspect", ASPECTS)
def test_the_horizon_is_in_the_picture_under_the_open_sky(prompt: str, aspect: float) -> None:
    _, _, bodies, view = laid(prompt, aspect)
    x, y, _ = view.position
    _, height, _ = view.project((x, y + 1e6, 0.0))
    assert 0.1 < height < 0.97
    assert seen_box(view, bodies[0].corners()).y0 < height


def test_what_is_asked_from_above_is_seen_from_above_outdoors() -> None:
    for words in ("top view", "high angle"):
        _, _, _, view = laid(f"a car in the desert, {words}")
        assert view.pitch > 30


def test_a_boat_lies_in_the_water_and_stands_on_land() -> None:
    _, _, (afloat,), _ = laid("a boat on the sea")
    _, _, (ashore,), _ = laid("a boat on the beach")
    assert -0.3 * afloat.size[2] < afloat.z < 0
    assert ashore.z == 0


def test_a_rider_is_as_big_as_beside_the_horse() -> None:
    _, _, bodies, _ = laid("a man riding a horse")
    heights = {body.id: body.size[2] for body in bodies}
    assert heights["man"] > 0.7 * heights["horse"]


@pytest.mark.parametrize("aspect", ASPECTS)
@pytest.mark.parametrize(
    ("prompt", "carrier"),
    [("five oranges in a bowl on a table", "bowl"), ("eight eggs in a basket", "basket"), ("an apple in a cup", "cup")],
)
def test_what_fills_something_looks_over_its_rim_and_can_be_counted(prompt: str, carrier: str, aspect: float) -> None:
    plan, layout, bodies, view = laid(prompt, aspect)
    assert layout.unmet == []
    around = next(body for body in bodies if body.id == carrier)
    heap = [body for body in bodies if body.id == plan.objects[0].id]
    assert len(heap) == plan.objects[0].count
    rim = around.z + around.size[2]
    for number, body in enumerate(heap):
        assert body.z + body.size[2] > rim + 0.15 * body.size[2]
        assert around.z <= min(one.z for one in heap) < rim
        for other in heap[number + 1 :]:
            apart = dist((body.x, body.y, body.z), (other.x, other.y, other.z))
            assert apart > 0.85 * min(*body.size, *other.size)
    boxes_seen = [seen_box(view, body.corners()) for body in heap]
    for box in boxes_seen:
        nearer = [other for other in boxes_seen if other.depth < box.depth]
        assert max((box.covered_by(other) for other in nearer), default=0.0) < 0.8


@pytest.mark.parametrize(
    ("prompt", "name", "carrier"),
    [
        ("a stack of four books next to a lamp on a desk", "book", "desk"),
        ("a cup on a table and a plate to the left of the cup", "plate", "table"),
        ("a bottle on a table. a glass is in front of the bottle", "glass", "table"),
        ("a vase on a table and a dog next to the vase", "dog", None),
        ("a vase on a table and a bicycle behind the vase", "bicycle", None),
    ],
)
def test_what_is_beside_a_thing_stands_on_the_same_support_where_it_fits(
    prompt: str, name: str, carrier: str | None
) -> None:
    _, layout, bodies, _ = laid(prompt)
    lowest = min((body for body in bodies if body.id == name), key=lambda body: body.z)
    assert lowest.supported_by == carrier
    assert layout.unmet == []


@pytest.mark.parametrize("noun", ["clock", "vase", "cup", "book"])
def test_what_is_on_top_of_something_tall_is_still_recognised(noun: str) -> None:
    _, _, bodies, view = laid(f"a {noun} on a shelf")
    box = seen_things(view, bodies)[noun]
    assert max((box.x1 - box.x0) / 2, (box.y1 - box.y0) / 2 * 9 / 16) > 0.055


def test_contradictions_are_told() -> None:
    plan, layout, _, _ = laid("a cat on a box and the box on the cat")
    assert len(layout.unmet) == 1
    assert plan.not_built[-1].text.startswith("box on cat")


def test_what_has_no_opening_is_told() -> None:
    plan, layout, _, _ = laid("a cat inside a pillow")
    assert len(layout.unmet) == 1
    assert plan.not_built[-1].text == "cat inside pillow"


def test_the_nearest_camera_that_sees_everything_touches_the_margin() -> None:
    points = [(x, y, z) for x in (-1.0, 2.0) for y in (0.0, 3.0) for z in (0.0, 1.5)]
    for pitch in (0.0, 20.0, 60.0):
        view = fit_view(points, pitch, 50.0, 1.5, 0.1)
        box = seen_box(view, points)
        widest = max(-box.x0, box.x1, -box.y0, box.y1)
        assert widest == pytest.approx(0.9, abs=1e-6)
        assert abs(box.x0 + box.x1) < 1e-6


def test_turned_boxes_are_apart_when_an_axis_separates_them() -> None:
    left = Body("a", 1, 0.0, 0.0, 0.0, (1.0, 1.0, 1.0), 45.0, 1.0)
    right = Body("b", 1, 1.3, 0.0, 0.0, (1.0, 1.0, 1.0), 0.0, 1.0)
    assert overlap_depth(left, right) < 0 or bounds([left]).overlaps(bounds([right]))
    assert overlap_depth(left, right.moved(-0.3, 0.0)) > 0
    assert overlap_depth(left, right.moved(0.0, 0.0, 1.0)) <= 0


def test_a_hen_in_a_scene_stays_smaller_than_the_farmer() -> None:
    _, _, bodies, _ = laid("a man feeding five chickens next to a house")
    by_name = {body.id: extent_of(body.size) for body in bodies}
    assert by_name["chicken"] < 0.75 * by_name["man"]
    assert by_name["man"] < 0.5 * by_name["house"]


def test_the_moon_has_a_ground_and_open_space_has_none() -> None:
    on_it, *_ = laid("a man riding a horse on the moon")
    in_it, *_ = laid("a man in space")
    assert on_it.has_ground
    assert not in_it.has_ground
