"""Tufts of grass in the foreground of a meadow, where a flat texture would be seen to be one. Main thread.

A few hundred faces stand where tufts grow, and Blender puts the same tuft on each: it costs little memory, and an
artist makes them real with Object › Apply › Make Instances Real.
"""

import math
import random

from ..models.layout import Layout, Placement
from ..models.plan import EnvironmentKind, ScenePlan, Style
from .extent import Extent, footprint
from .outskirts import Add

__all__ = ["add_grass", "grows_grass"]

_TUFTS, _KINDS, _BLADES = 4600, 2, 12
_TALLEST_M, _SHARE, _LEAST = 0.08, 0.05, 0.011
"""Height of a tuft: in metres at most, at most and at least (else none) as a share of the scene's radius."""

Point = tuple[float, float, float]


def grows_grass(plan: ScenePlan) -> bool:
    """Whether the ground is a meadow that is to look like one."""
    meadow = plan.environment.kind is EnvironmentKind.OUTDOOR and plan.ground.material in (None, "grass")
    return meadow and plan.style in (Style.REALISTIC, Style.TOY)


def add_grass(add: Add, layout: Layout, extent: Extent, seed: int) -> None:
    """Tufts around what stands on the ground, as far as the camera sees single ones."""
    standing = [place for place in layout.placements if place.position[2] < 0.02 * extent.radius]
    lowest = min((place.size[2] for place in standing), default=extent.radius)
    height = min(_TALLEST_M, _SHARE * extent.radius, 0.3 * lowest)
    if height < _LEAST * extent.radius:
        return
    chance = random.Random(seed)
    for kind in range(_KINDS):
        points: list[Point] = []
        for _ in range(_TUFTS // _KINDS):
            x, y = _somewhere(layout, chance)
            if not any(_covers(place, x, y) for place in standing):
                points += _seat(x, y, height * chance.uniform(0.6, 1.25), chance)
        seats = [[first, first + 1, first + 2, first + 3] for first in range(0, len(points), 4)]
        meadow = add(f"Grass {kind + 1}", "tuft", points, seats)
        tuft = add(f"Tuft {kind + 1}", "tuft", *_tuft(chance))
        tuft.parent = meadow
        meadow.instance_type, meadow.use_instance_faces_scale = "FACES", True
        meadow.show_instancer_for_render = meadow.show_instancer_for_viewport = False


def _somewhere(layout: Layout, chance: random.Random) -> tuple[float, float]:
    """A place in the picture, as many near as far."""
    camera = layout.camera
    away = math.dist(camera.position, camera.target)
    depth = away * math.exp(chance.uniform(math.log(0.4), math.log(2.6)))
    half = depth * camera.sensor_mm / 2 / camera.lens_mm * 1.1
    return camera.position[0] + chance.uniform(-half, half), camera.position[1] + depth


def _covers(place: Placement, x: float, y: float) -> bool:
    wide, deep = footprint(place)
    return ((x - place.position[0]) / wide) ** 2 + ((y - place.position[1]) / deep) ** 2 < 0.6


def _seat(x: float, y: float, size: float, chance: random.Random) -> list[Point]:
    """A square that gives a tuft its place, turn and size (the root of the square's area)."""
    turn = chance.uniform(0.0, math.tau)
    corners = [(turn + math.pi / 2 * step, size / math.sqrt(2)) for step in range(4)]
    return [(x + reach * math.cos(angle), y + reach * math.sin(angle), 0.0) for angle, reach in corners]


def _tuft(chance: random.Random) -> tuple[list[Point], list[list[int]]]:
    """Bent blades about the origin, a unit high."""
    points: list[Point] = []
    faces: list[list[int]] = []
    for _ in range(_BLADES):
        turn, root = chance.uniform(0, math.tau), chance.uniform(0.0, 0.4)
        tall, lean, wide = chance.uniform(0.5, 1.0), chance.uniform(0.1, 0.55), 0.035
        out, aside = (math.cos(turn), math.sin(turn)), (-math.sin(turn), math.cos(turn))
        first = len(points)
        for share, spread in ((0.0, 1.0), (0.55, 0.8)):
            reach, rise = root + lean * share**2, tall * share
            points += [
                (
                    out[0] * reach + side * wide * spread * aside[0],
                    out[1] * reach + side * wide * spread * aside[1],
                    rise,
                )
                for side in (-1, 1)
            ]
        points.append((out[0] * (root + lean), out[1] * (root + lean), tall * 0.95))
        faces += [[first, first + 1, first + 3, first + 2], [first + 2, first + 3, first + 4]]
    return points, faces
