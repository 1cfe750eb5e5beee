"""The reviewer: looks before a picture is taken and mends places and camera, and looks at the picture. Main thread."""

from dataclasses import dataclass, replace
from pathlib import Path

from ...models.layout import Layout
from ...models.plan import ScenePlan
from ...worker.backend import Finding, Review
from .contact import collisions, rests
from .facts import Exposure, Facts
from .findings import judge_light, judge_scene, wanted_brightness
from .mend import Snapshot, find_angle, frame_all, mend_light, part, settle
from .overlap import Overlaps
from .picture import measure_picture
from .policy import Correction, Kind, light_corrections, scene_corrections
from .shapes import Solid, Thing
from .sight import Sight, look_at, outline
from .solids import camera_view, ground_solids, placed_things
from .view import AREA

__all__ = ["correct_picture", "prepare_scene", "review_picture"]

ROUNDS = 2
_COARSE = AREA // 4
_BETTER = 0.05
"""By how much the fault must shrink for a correction to stay."""


@dataclass(frozen=True)
class _Look:
    """A scene as it is now, and what is wrong with it."""

    things: list[Thing]
    ground: tuple[Solid, ...]
    sight: Sight
    facts: Facts
    findings: list[Finding]

    @property
    def fault(self) -> float:
        return sum(finding.weight for finding in self.findings)


def prepare_scene(plan: ScenePlan, layout: Layout) -> Review:
    """Look, mend what is amiss at most twice, and keep each correction only where the scene is better with it."""
    overlaps, tried = Overlaps(), set[Kind]()
    now, told = _look(plan, layout, overlaps), list[str]()
    for _ in range(ROUNDS):
        before = now.fault
        for correction in scene_corrections(now.findings):
            tried.add(correction.kind)
            snapshot = Snapshot.take()
            words = _apply(correction, plan, layout, now)
            after = _look(plan, layout, overlaps) if words else now
            if after.fault <= now.fault - _BETTER:
                now, told = after, told + words
            else:
                snapshot.restore()
        if now.fault >= before:
            break
    findings = judge_scene(plan, now.facts, tried=Kind.ANGLE in tried)
    return Review(tuple(findings), _measures(now.sight), tuple(told), now.sight)


def _look(plan: ScenePlan, layout: Layout, overlaps: Overlaps) -> _Look:
    things, ground = placed_things(), ground_solids()
    sight = look_at(things, ground, camera_view())
    facts = Facts(sight.seen, tuple(rests(plan, layout, things)), tuple(collisions(plan, layout, things, overlaps)))
    return _Look(things, ground, sight, facts, judge_scene(plan, facts))


def _apply(correction: Correction, plan: ScenePlan, layout: Layout, now: _Look) -> list[str]:
    """Do it; what was done, nothing where there was nothing to do."""
    if correction.kind is Kind.SETTLE:
        return settle(plan, layout, now.facts, now.things)
    if correction.kind is Kind.PART:
        return part(now.facts.collisions, now.things, layout)
    if correction.kind is Kind.FRAME:
        return frame_all(outline(now.things), layout)

    def fault() -> float:
        seen = look_at(now.things, now.ground, camera_view(_COARSE)).seen
        return sum(finding.weight for finding in judge_scene(plan, replace(now.facts, seen=seen)))

    return find_angle(plan, layout, outline(now.things), fault)


def review_picture(plan: ScenePlan, layout: Layout, picture: Path, before: Review | None) -> Review:
    """Judge a picture, and its scene too where ``before`` has not seen it."""
    if before is None or not isinstance(before.sight, Sight):
        look = _look(plan, layout, Overlaps())
        before = Review(tuple(look.findings), _measures(look.sight), (), look.sight)
    sight = before.sight
    if not isinstance(sight, Sight):
        raise TypeError("a review without a sight")
    exposure = measure_picture(picture, sight)
    light = judge_light(plan, exposure, sight.seen)
    seen_codes = {"too_dark", "blown_out", "low_contrast"}
    scene = [finding for finding in before.findings if finding.code not in seen_codes]
    measures = {**_measures(sight), **_light(exposure, light), "brightness_wanted": wanted_brightness(plan)}
    return replace(before, findings=(*scene, *light), measures=measures)


def correct_picture(review: Review) -> list[str]:
    """Change light and background as the findings about a picture ask."""
    return mend_light(light_corrections(review.findings, review.measures))


def _measures(sight: Sight) -> dict[str, float]:
    return {
        "things": float(len(sight.seen)),
        "visible_least": min((seen.visible for seen in sight.seen), default=0.0),
        "inside_least": min((seen.inside for seen in sight.seen), default=0.0),
    }


def _light(exposure: Exposure, findings: list[Finding]) -> dict[str, float]:
    faint = [
        light
        for (plan_id, _), light in exposure.lightness.items()
        if any(finding.object_id == plan_id and finding.code == "low_contrast" for finding in findings)
    ]
    return {
        "brightness_low": exposure.low,
        "brightness_median": exposure.median,
        "brightness_high": exposure.high,
        "brightness_things": exposure.things_high,
        "burnt_share": exposure.burnt,
        "outlined_least": min(exposure.outlined.values(), default=1.0),
        "lightness_around": exposure.around,
        "lightness_faint": sum(faint) / len(faint) if faint else 50.0,
    }
