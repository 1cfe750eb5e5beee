"""The reviewer's hands: what each correction does to the scene, and how it is undone. Main thread."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np
from mathutils import Matrix, Vector

from ...models.layout import Layout
from ...models.plan import ScenePlan, ViewAngle
from ..context import current_scene, refresh
from ..ground import open_walls
from ..paint import placed_roots
from ..surroundings import brighten
from .contact import floor_of, free_height, riders, tolerance, units
from .facts import Collision, Facts
from .policy import Correction, Kind
from .raster import Floats
from .shapes import Thing

__all__ = ["Snapshot", "find_angle", "frame_all", "mend_light", "part", "settle"]

MARGIN = 1.12
_ANGLES = ((10, 0), (20, 0), (32, 0), (6, 16), (6, -16), (16, 24), (16, -24), (30, 30), (30, -30))
"""Degrees by which the camera is tried higher and around."""
_CALM = 0.012
"""Fault for each degree of turning: a view is left as it was asked for unless another one shows more."""


@dataclass(frozen=True)
class Snapshot:
    """Where camera and things were."""

    camera: Matrix
    ortho_scale: float
    focus_m: float
    places: dict[str, Vector]

    @classmethod
    def take(cls) -> "Snapshot":
        """Of the current scene."""
        camera = current_scene().camera
        places = {root.name: root.location.copy() for root in placed_roots()}
        data = camera.data
        return cls(camera.matrix_world.copy(), data.ortho_scale, data.dof.focus_distance, places)

    def restore(self) -> None:
        """Put everything back."""
        camera = current_scene().camera
        camera.matrix_world = self.camera
        camera.data.ortho_scale, camera.data.dof.focus_distance = self.ortho_scale, self.focus_m
        for root in placed_roots():
            root.location = self.places[root.name]
        _update()


def settle(plan: ScenePlan, layout: Layout, now: Facts, things: Sequence[Thing]) -> list[str]:
    """Bring what floats or is sunk into contact; what stands on it moves along.

    From the lowest up, each onto what is then below it: a heap settles as a whole.
    """
    sunk = {pair.first.name: pair.depth for pair in now.collisions if pair.carried and pair.steep}
    carriers = {one.object_id: one.supported_by for one in layout.placements}
    moved = {thing.name: thing for thing in things}
    done: dict[tuple[str, str], list[str]] = {}
    for unit in sorted(units(layout, things), key=lambda some: min(float(one.bounds[0][2]) for one in some)):
        current = [moved[one.name] for one in unit]
        gap = free_height(current, list(moved.values()), layout, floor_of(plan))
        gap = gap or -max(sunk.get(one.name, 0.0) for one in unit)
        if abs(gap) <= tolerance(unit[0]):
            continue
        group = {one.name: one for first in current for one in (first, *riders(first, list(moved.values()), layout))}
        _move(list(group.values()), Vector((0.0, 0.0, -gap)))
        moved |= {name: one.moved(np.array([0.0, 0.0, -gap])) for name, one in group.items()}
        under = next((one.noun for one in things if one.plan_id == carriers.get(unit[0].plan_id)), "ground")
        done.setdefault(("lowered" if gap > 0 else "raised", under), []).extend(one.label for one in unit)
    _update()
    return [_settled(labels, how, under) for (how, under), labels in done.items()]


def _settled(labels: Sequence[str], how: str, under: str) -> str:
    if len(labels) == 1:
        return f"The {labels[0]} was {how} until it stands on the {under}."
    return f"The {', the '.join(labels[:-1])} and the {labels[-1]} were {how} until they stand on the {under}."


def part(collisions: Sequence[Collision], things: Sequence[Thing], layout: Layout) -> list[str]:
    """Move things that run into each other apart on the ground, the smaller one, by as much as they overlap."""
    done = []
    for pair in collisions:
        if not pair.free:
            continue
        small, large = sorted((pair.first, pair.second), key=lambda one: float(np.prod(np.ptp(one.bounds, axis=0))))
        away = Vector((*(np.sum(small.bounds, axis=0) - np.sum(large.bounds, axis=0))[:2].tolist(), 0.0))
        if away.length < 1e-6:
            away = Vector((1.0, 0.0, 0.0))
        _move([small, *riders(small, things, layout)], away.normalized() * (pair.depth * 1.2 + tolerance(small)))
        done.append(f"The {small.label} was moved away from the {large.label}.")
    _update()
    return done


def _move(things: Sequence[Thing], by: Vector) -> None:
    for thing in things:
        root: Any = bpy.data.objects[thing.name]
        root.location += by


def frame_all(outline: Floats, layout: Layout) -> list[str]:
    """Move the camera along and across its view, never turning it, until every point is inside with a margin."""
    camera = current_scene().camera
    if not len(outline):
        return []
    # Fitting with a longer lens and then going back to the real one leaves a margin.
    lens = camera.data.lens
    camera.data.lens = lens * MARGIN
    place, scale = camera.camera_fit_coords(bpy.context.evaluated_depsgraph_get(), outline.ravel().tolist())
    camera.data.lens = lens
    if camera.data.type == "ORTHO":
        camera.data.ortho_scale = scale * MARGIN
    camera.location = place
    _refocus(camera, layout)
    return ["The camera was moved until everything is in the picture."]


def _refocus(camera: Any, layout: Layout) -> None:
    _update()
    if camera.data.dof.use_dof:
        look_at = Vector(layout.camera.target) - camera.matrix_world.translation
        camera.data.dof.focus_distance = max(0.01, look_at.length)


def find_angle(plan: ScenePlan, layout: Layout, outline: Floats, fault: Callable[[], float]) -> list[str]:
    """Try higher and turned viewpoints, everything in the picture, and stay at the one with the smallest ``fault``."""
    start, target = Snapshot.take(), Vector(layout.camera.target)
    best, least, words = start, fault(), ""
    for rise, turn in () if plan.camera.angle is ViewAngle.TOP else _ANGLES:
        current_scene().camera.matrix_world = _orbited(start.camera, target, math.radians(rise), math.radians(turn))
        _update()
        frame_all(outline, layout)
        found = fault() + _CALM * (rise + abs(turn))
        if found < least:
            best, least = Snapshot.take(), found
            around = f" and turned by {abs(turn)}" if turn else ""
            words = f"The camera was raised by {rise} degrees{around} to show what was hidden."
    best.restore()
    return [words] if words else []


def _orbited(before: Matrix, target: Vector, rise: float, turn: float) -> Matrix:
    """The camera's matrix after going around ``target``: up by ``rise``, then around by ``turn`` (radians)."""
    right = before.to_3x3() @ Vector((1.0, 0.0, 0.0))
    height = math.asin(max(-1.0, min(1.0, (before.translation - target).normalized().z)))
    # Straight above, the picture's up would flip over.
    rise = min(rise, math.radians(85) - height)
    around = Matrix.Rotation(turn, 4, "Z") @ Matrix.Rotation(-rise, 4, right)
    return Matrix.Translation(target) @ around @ Matrix.Translation(-target) @ before


def _update() -> None:
    refresh()
    open_walls(current_scene())


def mend_light(corrections: Sequence[Correction]) -> list[str]:
    """Change exposure or the ground's brightness."""
    done = []
    for one in corrections:
        if one.kind is Kind.EXPOSE:
            current_scene().view_settings.exposure += one.amount
            done.append(f"The exposure was {'raised' if one.amount > 0 else 'lowered'} by {abs(one.amount):.1f} stops.")
        elif one.kind is Kind.GROUND:
            brighten(one.amount)
            words = "lightened" if one.amount > 1 else "darkened"
            done.append(f"The background was {words}, so that things stand out.")
    return done
