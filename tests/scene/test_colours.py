"""A colour that a prompt names is the colour that the picture shows, in every light."""

from pathlib import Path

import bpy
import pytest
from bpy_extras.object_utils import world_to_camera_view
from mathutils import Vector

from addon.models.layout import CameraPlacement
from addon.models.plan import PlanObject
from addon.models.session import Options

from .conftest import Stage
from .pixels import color_name, patch

NAMED = {
    "red": "#ff0000",
    "blue": "#0000ff",
    "green": "#008000",
    "yellow": "#ffff00",
    "brown": "#8b4513",
    "black": "#000000",
    "white": "#ffffff",
    "purple": "#800080",
    "orange": "#ff8c00",
}
CAMERA = CameraPlacement(position=(0.0, -14.0, 3.0), target=(0.0, 0.0, 0.4), lens_mm=45)
LIGHTS = [
    {"kind": "studio"},
    {"kind": "studio", "mood": "warm"},
    {"kind": "studio", "mood": "cool"},
    {"kind": "outdoor"},
    {"kind": "outdoor", "time": "dawn"},
    {"kind": "outdoor", "mood": "foggy"},
    {"kind": "indoor"},
    {"kind": "space"},
]
COLORED_LIGHTS = [
    {"kind": "studio", "mood": "dark"},
    {"kind": "outdoor", "time": "sunset"},
    {"kind": "outdoor", "time": "night"},
    {"kind": "indoor", "time": "night"},
    {"kind": "underwater"},
]


def shown_colors(stage: Stage, environment: dict[str, str], path: Path) -> dict[str, str]:
    """Render a row of balls and name the median colour of each."""
    balls = [
        PlanObject(id=f"sphere_{name}", recipe="sphere", noun="ball", color=color) for name, color in NAMED.items()
    ]
    places = [stage.place(ball.id, 1.15 * (number - 4), 0.0, 0.9) for number, ball in enumerate(balls)]
    options = Options(resolution=(480, 96), samples=8)
    stage.make(balls, places, camera=CAMERA, options=options, environment=environment)
    stage.render(path, options)
    found = {}
    for name, place in zip(NAMED, places, strict=True):
        x, y, z = place.position
        seen = world_to_camera_view(bpy.context.scene, bpy.context.scene.camera, Vector((x, y, z + 0.45)))
        found[name] = color_name(patch(path, (seen.x, seen.y), 0.028))
    return found


@pytest.mark.parametrize("environment", LIGHTS, ids=lambda light: "-".join(light.values()))
def test_named_colours_are_shown_as_named(stage: Stage, tmp_path: Path, environment: dict[str, str]) -> None:
    assert shown_colors(stage, environment, tmp_path / "row.png") == {name: name for name in NAMED}


@pytest.mark.parametrize("environment", COLORED_LIGHTS, ids=lambda light: "-".join(light.values()))
def test_strong_colours_stay_in_coloured_light(stage: Stage, tmp_path: Path, environment: dict[str, str]) -> None:
    shown = shown_colors(stage, environment, tmp_path / "row.png")
    strong = ("red", "blue", "green", "yellow", "black")
    assert {name: shown[name] for name in strong} == {name: name for name in strong}
