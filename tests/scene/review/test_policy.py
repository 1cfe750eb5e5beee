"""Findings and what they ask for, as rules without a scene."""

from dataclasses import replace

import pytest

from addon.models.plan import PlanObject, Relation, ScenePlan
from addon.scene.review.facts import Exposure, Facts
from addon.scene.review.findings import judge_light, judge_scene
from addon.scene.review.policy import Correction, Kind, light_corrections, scene_corrections
from addon.scene.review.relations import holds_in_picture
from addon.scene.review.sight import Seen
from addon.worker.backend import Finding


def seen(name: str, x: float, y: float = 0.5, depth: float = 5.0, instance: int = 1, **changes: object) -> Seen:
    """A thing whose silhouette is a fifth of the picture about (x, y), and a metre large in the world."""
    low = (x * 5 - 0.5, depth - 0.5, (y - 0.5) * 5)
    one = Seen(
        plan_id=name, instance=instance, noun=name, visible=1.0, inside=1.0, pixels=900, extent=0.2,
        box=(x - 0.1, y - 0.1, x + 0.1, y + 0.1), near=depth - 0.5, far=depth + 0.5, depth=depth, low=low,
        high=(low[0] + 1, low[1] + 1, low[2] + 1),
    )  # fmt: skip
    return replace(one, **changes)  # type: ignore[arg-type]


def plan(*names: str, count: int = 1, **fields: object) -> ScenePlan:
    objects = [PlanObject(id=name, recipe="cube", noun=name, count=count).model_dump() for name in names]
    return ScenePlan.model_validate({"objects": objects, **fields})


def relation(kind: str, subject: str = "cat", *targets: str) -> Relation:
    return Relation.model_validate({"kind": kind, "subject": subject, "targets": targets})


def said(plan: ScenePlan, *things: Seen, tried: bool = False) -> list[str]:
    return [finding.message for finding in judge_scene(plan, Facts(things), tried=tried)]


LEFT, RIGHT = seen("cat", 0.3), seen("dog", 0.7)


@pytest.mark.parametrize(
    ("kind", "subject", "target", "holds"),
    [
        ("left_of", LEFT, RIGHT, True),
        ("right_of", LEFT, RIGHT, False),
        ("left_of", seen("cat", 0.48), seen("dog", 0.52), False),
        ("in_front_of", seen("cat", 0.5, depth=4), seen("dog", 0.5, depth=6), True),
        ("behind", seen("cat", 0.5, depth=4), seen("dog", 0.5, depth=6), False),
        ("on", seen("cat", 0.5, 0.7), seen("dog", 0.5, 0.5), True),
        ("on", seen("cat", 0.8, 0.7), seen("dog", 0.5, 0.5), False),
        ("on", seen("cat", 0.5, 0.5, high=(9, 9, 1.1)), seen("dog", 0.5, 0.5), True),
        ("under", seen("cat", 0.5, 0.3), seen("dog", 0.5, 0.5), True),
        ("above", seen("cat", 0.5, 0.3), seen("dog", 0.5, 0.5), False),
        ("inside", seen("cat", 0.5), seen("dog", 0.5), True),
        ("inside", seen("cat", 0.9), seen("dog", 0.5), False),
        ("next_to", seen("cat", 0.3), seen("dog", 0.5), True),
        ("next_to", seen("cat", 0.0), seen("dog", 1.0), False),
        ("far_from", seen("cat", 0.0), seen("dog", 1.0), True),
        ("far_from", seen("cat", 0.4), seen("dog", 0.6), False),
        ("hidden_by", seen("cat", 0.5, depth=6, visible=0.4), seen("dog", 0.5, depth=4), True),
        ("hidden_by", seen("cat", 0.5, depth=6, visible=1.0), seen("dog", 0.5, depth=4), False),
        ("hidden_by", seen("cat", 0.5, depth=6, visible=0.0), seen("dog", 0.5, depth=4), False),
    ],
)  # fmt: skip
def test_relations_are_judged_as_they_are_seen(kind: str, subject: Seen, target: Seen, holds: bool) -> None:
    assert holds_in_picture(relation(kind, "cat", "dog"), [subject, target]) is holds


def test_between_and_around_need_things_on_both_sides() -> None:
    left, middle, right = seen("dog", 0.2), seen("cat", 0.5), seen("hen", 0.8)
    assert holds_in_picture(relation("between", "cat", "dog", "hen"), [left, middle, right])
    assert not holds_in_picture(relation("between", "dog", "cat", "hen"), [left, middle, right])
    ring = [
        seen("dog", x, depth=depth, instance=n) for n, (x, depth) in enumerate([(0.2, 5), (0.8, 5), (0.5, 3), (0.5, 7)])
    ]
    assert holds_in_picture(relation("around", "dog", "cat"), [middle, *ring])
    assert not holds_in_picture(relation("around", "dog", "cat"), [middle, *ring[:2]])


def test_a_place_in_the_picture_is_judged_by_its_middle() -> None:
    assert holds_in_picture(relation("left_of"), [LEFT])
    assert not holds_in_picture(relation("right_of"), [LEFT])


def test_all_well_is_nothing_to_say() -> None:
    assert said(plan("cat", "dog", relations=[relation("left_of", "cat", "dog").model_dump()]), LEFT, RIGHT) == []


def test_sentences_name_the_thing_and_what_is_wrong() -> None:
    hidden = replace(LEFT, visible=0.0, hidden_by="dog")
    assert said(plan("cat", "dog"), hidden, RIGHT) == ["The cat is hidden by the dog."]
    assert said(plan("cat", "dog"), hidden, RIGHT, tried=True) == [
        "The cat is hidden by the dog from every angle tried."
    ]
    off = replace(LEFT, inside=0.6, box=(-0.1, 0.4, 0.1, 0.6))
    assert said(plan("cat"), off) == ["The cat is cut off at the left: 60% of it is in the picture."]
    assert said(plan("cat", "dog"), LEFT) == ["The dog was not built."]
    wrong = plan("cat", "dog", relations=[relation("right_of", "cat", "dog").model_dump()])
    assert said(wrong, LEFT, RIGHT) == ["In the picture the cat is not to the right of the dog."]


def test_instances_are_counted_by_what_can_be_told_apart() -> None:
    cats = [seen("cat", 0.2 * n, instance=n, visible=0.1 if n == 4 else 1.0, hidden_by="dog") for n in (1, 2, 3, 4)]
    assert said(plan("cat", count=4), *cats) == ["Cat: only 3 of 4 can be told apart, the dog hides the rest."]
    assert said(plan("cat", count=4), *cats[:3]) == ["Cat: only 3 of 4 were built."]


def test_more_hidden_things_weigh_more() -> None:
    one, two = (
        sum(finding.weight for finding in judge_scene(plan("cat", "dog"), Facts(things)))
        for things in ([replace(LEFT, visible=0.1), RIGHT], [replace(LEFT, visible=0.1), replace(RIGHT, visible=0.1)])
    )
    assert two > one > 0


def exposure(**changes: object) -> Exposure:
    good = Exposure(0.3, 0.6, 0.8, 0.0, 0.2, 0.7, {("cat", 1): 0.9}, {("cat", 1): 40.0}, 70.0)
    return replace(good, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "fields", "code"),
    [
        ({}, {}, None),
        ({"high": 0.1, "things_high": 0.05}, {}, "too_dark"),
        ({"high": 0.05, "things_high": 0.6}, {}, None),
        ({"high": 0.2, "things_high": 0.2}, {"environment": {"time": "night"}}, None),
        ({"burnt": 0.5}, {}, "blown_out"),
        ({"median": 0.93, "things_low": 0.7}, {}, "blown_out"),
        ({"median": 0.93, "things_low": 0.3}, {}, None),
        ({"burnt": 0.5}, {"environment": {"background": "#ffffff"}}, None),
        ({"outlined": {("cat", 1): 0.1}}, {}, "low_contrast"),
    ],
)
def test_light_is_judged(changes: dict[str, object], fields: dict[str, object], code: str | None) -> None:
    found = judge_light(plan("cat", **fields), exposure(**changes), [LEFT])
    assert [finding.code for finding in found] == ([code] if code else [])


def finding(code: str, *, correctable: bool = True) -> Finding:
    return Finding(code, code, "cat", correctable)


def test_things_are_moved_before_the_camera_looks() -> None:
    asked = scene_corrections([finding("out_of_frame"), finding("hidden"), finding("overlap"), finding("floating")])
    assert [one.kind for one in asked] == [Kind.SETTLE, Kind.PART, Kind.ANGLE, Kind.FRAME]
    assert scene_corrections([finding("hidden", correctable=False), finding("too_small")]) == []


def test_light_is_changed_one_step_at_a_time() -> None:
    measures = {
        "brightness_high": 0.6, "brightness_things": 0.5, "lightness_faint": 80.0, "lightness_around": 82.0,
        "brightness_wanted": 0.55,
    }  # fmt: skip
    dark = measures | {"brightness_high": 0.05, "brightness_things": 0.05}
    (brighter,) = light_corrections([finding("too_dark"), finding("low_contrast")], dark)
    assert brighter.kind is Kind.EXPOSE and 2 < brighter.amount <= 4
    assert light_corrections([finding("blown_out")], measures) == [Correction(Kind.EXPOSE, -1.5)]
    (light,) = light_corrections([finding("low_contrast")], measures)
    (dusk,) = light_corrections(
        [finding("low_contrast")], measures | {"lightness_faint": 20.0, "lightness_around": 22.0}
    )
    assert light.kind is dusk.kind is Kind.GROUND
    assert light.amount < 1 < dusk.amount
    assert light_corrections([finding("hidden")], measures) == []
