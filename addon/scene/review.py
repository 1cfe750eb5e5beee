"""The reviewer's eyes and hands: findings about the finished picture, and corrections that mend them. Main thread."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bpy
from mathutils import Matrix, Vector

from ..models.layout import Layout
from ..models.plan import EnvironmentKind, PlanObject, RelationKind, ScenePlan, Shot, TextItem, TimeOfDay
from ..worker.backend import Finding, Review
from .context import current_scene, refresh
from .exposure import Exposure, measure_picture
from .ground import open_walls
from .sight import Seen, Sight, look
from .surroundings import darken

__all__ = ["correct_scene", "review_scene"]

LEAST_VISIBLE = {RelationKind.HIDDEN_BY: 0.04, RelationKind.INSIDE: 0.1}
"""What stands behind or in something may show this little of itself."""
ENOUGH_VISIBLE, ENOUGH_INSIDE, ENOUGH_EXTENT = 0.3, 0.97, 0.03


def review_scene(plan: ScenePlan, picture: Path) -> Review:
    """Every thing visible and inside the frame, and the picture neither dark, burnt out nor flat?"""
    sight = look()
    exposure = measure_picture(picture, sight.spots)
    findings = [*_thing_findings(plan, sight), *_light_findings(plan, exposure)]
    measures = {
        "things": float(len(sight.seen)),
        "visible_least": min((seen.visible for seen in sight.seen), default=0.0),
        "inside_least": min((seen.inside for seen in sight.seen), default=0.0),
        "brightness_low": exposure.low,
        "brightness_median": exposure.median,
        "brightness_high": exposure.high,
        "brightness_things": exposure.things_high,
        "burnt_share": exposure.burnt,
    }
    return Review(tuple(findings), measures)


def _thing_findings(plan: ScenePlan, sight: Sight) -> Iterator[Finding]:
    covered = {one.subject: LEAST_VISIBLE[one.kind] for one in plan.relations if one.kind in LEAST_VISIBLE}
    behind = {one.subject for one in plan.relations if one.kind is RelationKind.HIDDEN_BY}
    close = plan.camera.shot is Shot.CLOSE_UP
    built = {seen.plan_id for seen in sight.seen}
    wishes: list[PlanObject | TextItem] = [*plan.objects, *plan.texts]
    for wanted in wishes:
        if wanted.id not in built:
            yield Finding("missing", f"{_words(wanted)} was not built.", wanted.id)
    for seen in sight.seen:
        name = f"{seen.noun} {seen.instance}"
        if seen.inside < (0.5 if close else ENOUGH_INSIDE):
            yield Finding("out_of_frame", f"{name}: {seen.inside:.0%} of it is in the picture.", seen.plan_id, True)
        elif seen.visible < covered.get(seen.plan_id, ENOUGH_VISIBLE):
            mendable = seen.plan_id not in behind
            yield Finding("hidden", f"{name}: only {seen.visible:.0%} of it can be seen.", seen.plan_id, mendable)
        if seen.extent < ENOUGH_EXTENT:
            yield Finding("too_small", f"{name} is only {seen.extent:.1%} of the picture large.", seen.plan_id)


def _words(wanted: PlanObject | TextItem) -> str:
    return wanted.noun if isinstance(wanted, PlanObject) else wanted.text


def _light_findings(plan: ScenePlan, exposure: Exposure) -> Iterator[Finding]:
    dim = plan.environment.time is TimeOfDay.NIGHT or plan.environment.mood in ("dark", "neon")
    dim = dim or plan.environment.kind is EnvironmentKind.SPACE
    # A black thing on a white ground is well lit, and so is a planet before a black sky.
    brightest = max(exposure.high, exposure.things_high)
    if brightest < (0.16 if dim else 0.32):
        yield Finding("too_dark", f"The picture's bright parts reach only {brightest:.0%}.", None, True)
    elif exposure.burnt > 0.3 and plan.environment.background not in ("#ffffff", "#fefefe"):
        yield Finding("blown_out", f"{exposure.burnt:.0%} of the picture is burnt out.", None, True)
    elif exposure.high - exposure.low < 0.07:
        yield Finding("low_contrast", "Things hardly stand out from their background.", None, True)


def correct_scene(plan: ScenePlan, layout: Layout, review: Review) -> list[str]:
    """Mend what camera and light can mend. Each correction solves its finding at once, so it converges."""
    codes = {finding.code for finding in review.findings if finding.correctable}
    done = []
    if "hidden" in codes and (moved := _uncover(layout)):
        done.append(moved)
        codes.add("out_of_frame")
    if "out_of_frame" in codes:
        _frame_all(layout)
        done.append("The camera was moved back until everything is in the picture.")
    scene = current_scene()
    open_walls(scene)
    if "too_dark" in codes:
        step = _stops(0.55, max(review.measures["brightness_high"], review.measures["brightness_things"]))
        scene.view_settings.exposure += step
        done.append(f"The exposure was raised by {step:.1f} stops.")
    elif "blown_out" in codes:
        scene.view_settings.exposure -= 1.0
        done.append("The exposure was lowered by 1.0 stops.")
    elif "low_contrast" in codes and review.measures.get("brightness_high", 1.0) < 0.3:
        scene.view_settings.exposure += 1.5
        done.append("The exposure was raised by 1.5 stops, so that dark things stand out.")
    elif "low_contrast" in codes:
        darken(0.4)
        done.append("The background was darkened, so that things stand out.")
    return done


def _stops(wanted: float, shown: float) -> float:
    """Photographic stops from a shown brightness to a wanted one (display values, gamma 2.2)."""
    return max(-3.0, min(4.0, 2.2 * math.log2(wanted / max(shown, 0.02))))


def _frame_all(layout: Layout) -> None:
    """Move the camera along and across its view, never turning it, until every point is inside with a margin."""
    scene = current_scene()
    camera = scene.camera
    points = look().points
    if not len(points):
        return
    # Fitting with a longer lens and then going back to the real one leaves a margin.
    lens, margin = camera.data.lens, 1.12
    camera.data.lens = lens * margin
    place, scale = camera.camera_fit_coords(bpy.context.evaluated_depsgraph_get(), points.ravel().tolist())
    camera.data.lens = lens
    if camera.data.type == "ORTHO":
        camera.data.ortho_scale = scale * margin
    camera.location = place
    _refocus(camera, layout)


def _refocus(camera: Any, layout: Layout) -> None:
    refresh()
    if camera.data.dof.use_dof:
        look_at = Vector(layout.camera.target) - camera.matrix_world.translation
        camera.data.dof.focus_distance = max(0.01, look_at.length)


def _uncover(layout: Layout) -> str | None:
    """Try a few higher and turned viewpoints and keep the one from which the worst hidden thing shows most."""
    scene = current_scene()
    camera, before = scene.camera, scene.camera.matrix_world.copy()
    target = Vector(layout.camera.target)
    best, best_share, best_words = before, _least(look().seen), None
    for rise, turn in ((12, 0), (24, 0), (12, 14), (12, -14), (24, 14), (24, -14)):
        camera.matrix_world = _orbited(before, target, math.radians(rise), math.radians(turn))
        refresh()
        share = _least(look().seen)
        if share > best_share + 0.05:
            best, best_share = camera.matrix_world.copy(), share
            best_words = f"The camera was raised by {rise} degrees and turned by {turn} to show what was hidden."
    camera.matrix_world = best
    refresh()
    return best_words


def _least(seen: tuple[Seen, ...]) -> float:
    return min((thing.visible for thing in seen), default=1.0)


def _orbited(before: Matrix, target: Vector, rise: float, turn: float) -> Matrix:
    """The camera's matrix after going around ``target``: up by ``rise``, then around by ``turn`` (radians)."""
    right = before.to_3x3() @ Vector((1.0, 0.0, 0.0))
    height = math.asin(max(-1.0, min(1.0, (before.translation - target).normalized().z)))
    # Straight above, the picture's up would flip over.
    rise = min(rise, math.radians(85) - height)
    around = Matrix.Rotation(turn, 4, "Z") @ Matrix.Rotation(-rise, 4, right)
    return Matrix.Translation(target) @ around @ Matrix.Translation(-target) @ before
