"""A colour that a prompt names is the colour that the picture shows, in every light."""

import math
from pathlib import Path

import bpy
import pytest
from bpy_extras.object_utils import world_to_camera_view
from mathutils import Vector

from addon.models.layout import CameraPlacement
from addon.models.plan import PlanObject
from addon.models.session import Options
from addon.planning.lexicon import load_lexicon
from addon.scene.colour import linear, oklab, srgb_to_linear

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
    {"kind": "outdoor", "weather": "overcast"},
    {"kind": "outdoor", "weather": "rain"},
    {"kind": "outdoor", "weather": "snow"},
    {"kind": "indoor"},
    {"kind": "space"},
]
COLORED_LIGHTS = [
    {"kind": "studio", "mood": "dark"},
    {"kind": "outdoor", "time": "sunset"},
    {"kind": "outdoor", "time": "night"},
    {"kind": "outdoor", "weather": "storm"},
    {"kind": "outdoor", "weather": "rain", "time": "night"},
    {"kind": "outdoor", "mood": "dark"},
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


COMMONEST = (
    "red", "green", "blue", "yellow", "orange", "purple", "pink", "brown", "black", "white", "gray", "cyan", "magenta",
    "turquoise", "navy", "maroon", "violet", "teal", "beige", "gold",
)  # fmt: skip
MATERIALS = ("plastic", "wood", "metal", "fabric", "ceramic")
FRONT = CameraPlacement(position=(0.0, -40.0, 6.0), target=(0.0, 0.0, 2.6), lens_mm=60)


def test_colours_survive_the_view_transform_on_every_kind_of_material(stage: Stage, tmp_path: Path) -> None:
    """Compared in OKLab with the colour that the word means: hue, how colourful, how light."""
    words = load_lexicon().colors
    balls, places = [], []
    for row, material in enumerate(MATERIALS):
        for column, name in enumerate(COMMONEST):
            ball = PlanObject(
                id=f"sphere_{name}_{material}", recipe="sphere", noun="ball", color=words[name], material=material
            )
            place = stage.place(ball.id, 1.1 * (column - 9.5), 0.0, 0.9)
            balls.append(ball)
            places.append(place.model_copy(update={"position": (place.position[0], 0.0, 1.05 * (4 - row))}))
    options = Options(resolution=(880, 240), samples=6)
    stage.make(balls, places, camera=FRONT, options=options)
    stage.render(tmp_path / "balls.png", options)
    wrong = {}
    for ball, place in zip(balls, places, strict=True):
        x, _, z = place.position
        seen = world_to_camera_view(bpy.context.scene, bpy.context.scene.camera, Vector((x, -0.3, z + 0.5)))
        shown = patch(tmp_path / "balls.png", (seen.x, seen.y), 0.008)
        light, a, b = oklab((*(srgb_to_linear(channel) for channel in shown), 1.0))
        wanted, wanted_a, wanted_b = oklab(linear(ball.color or "", surface=False))
        strong = math.hypot(wanted_a, wanted_b)
        turn = math.degrees(math.atan2(b, a) - math.atan2(wanted_b, wanted_a)) if strong > 0.03 else 0.0
        off = abs((turn + 180) % 360 - 180)
        # Polished metal shows what it mirrors, so it is darker than its colour.
        darker = 0.2 if ball.material == "metal" else 0.1
        if off > 10 or abs(light - wanted) > darker or math.hypot(a, b) < 0.7 * strong:
            wrong[ball.id] = f"{off:.0f} degrees, lightness {wanted:.2f} → {light:.2f}"
    assert wrong == {}
