"""Weather shows: clouds hide the blue, rain and snow fall around the scene but not before the lens, roads shine."""

import colorsys
import math
from pathlib import Path

import bpy
import pytest
from mathutils import Vector

from addon.models.layout import CameraPlacement
from addon.models.plan import PlanObject, ScenePlan
from addon.models.session import Options
from addon.scene.atmosphere import air_of
from addon.scene.weather import COLLECTION

from .conftest import Stage
from .pixels import patch

BALL = PlanObject(id="sphere", recipe="sphere", noun="ball", color="#ff0000")
CAMERA = CameraPlacement(position=(0.0, -9.0, 1.6), target=(0.0, 0.0, 1.4), lens_mm=35)
SMALL = Options(resolution=(240, 136), samples=4)


def sky_of(stage: Stage, path: Path, **environment: str) -> tuple[float, float, float]:
    """Hue, saturation and value of the sky above a ball."""
    ball = stage.place("sphere", 0.0, 0.0, 1.0)
    stage.make([BALL], [ball], camera=CAMERA, options=SMALL, environment={"kind": "outdoor", **environment})
    return colorsys.rgb_to_hsv(*patch(stage.render(path, SMALL), (0.15, 0.9), 0.05))


@pytest.mark.parametrize("weather", ["overcast", "rain", "storm", "snow"])
def test_under_clouds_the_sky_is_grey(stage: Stage, tmp_path: Path, weather: str) -> None:
    _, saturation, _ = sky_of(stage, tmp_path / "sky.png", weather=weather)
    assert saturation < 0.25


def test_a_storm_is_darker_than_an_overcast_day(stage: Stage, tmp_path: Path) -> None:
    overcast = sky_of(stage, tmp_path / "overcast.png", weather="overcast")
    bpy.ops.wm.read_factory_settings(use_empty=True)
    assert sky_of(stage, tmp_path / "storm.png", weather="storm")[2] < 0.8 * overcast[2]


def test_a_dark_mood_out_of_doors_is_under_no_blue_sky(stage: Stage, tmp_path: Path) -> None:
    _, saturation, value = sky_of(stage, tmp_path / "dark.png", mood="dark")
    assert saturation < 0.3 and value < 0.6


@pytest.mark.parametrize(("weather", "name"), [("rain", "Rain"), ("storm", "Rain"), ("snow", "Snow")])
def test_what_falls_is_around_the_scene_and_not_before_the_lens(stage: Stage, weather: str, name: str) -> None:
    environment = {"kind": "outdoor", "weather": weather}
    stage.make([BALL], [stage.place("sphere", 0.0, 0.0, 1.0)], camera=CAMERA, environment=environment)
    fallen = bpy.data.collections[COLLECTION].objects
    assert [thing.name for thing in fallen] == [name]
    points = [vertex.co for vertex in fallen[0].data.vertices]
    lens = Vector(CAMERA.position)
    reach = math.dist(CAMERA.position, (0.0, 0.0, 0.5))
    assert min((point - lens).length for point in points) > 0.4 * reach
    assert sum(abs(point.x) < 2 and abs(point.y) < 2 for point in points) > 50


@pytest.mark.parametrize(
    "environment", [{"kind": "outdoor"}, {"kind": "indoor", "weather": "rain"}, {"kind": "studio"}]
)
def test_nothing_falls_elsewhere(stage: Stage, environment: dict[str, str]) -> None:
    stage.make([BALL], [stage.place("sphere", 0.0, 0.0, 1.0)], environment=environment)
    assert COLLECTION not in bpy.data.collections


def rough_of(stage: Stage, weather: str) -> bool:
    """Whether the street's roughness is a texture with puddles."""
    stage.make(
        [BALL], [stage.place("sphere", 0.0, 0.0, 1.0)], ground={"material": "asphalt"},
        environment={"kind": "outdoor", "scenery": "city", "weather": weather},
    )  # fmt: skip
    return "Puddles" in bpy.data.objects["Land"].active_material.node_tree.nodes


def test_rain_makes_a_street_wet(stage: Stage) -> None:
    assert rough_of(stage, "rain")


def test_an_overcast_street_is_dry(stage: Stage) -> None:
    assert not rough_of(stage, "overcast")


def plan_on(material: str, color: str | None = None) -> ScenePlan:
    """A plan that has nothing but a ground."""
    return ScenePlan.model_validate(
        {"environment": {"kind": "outdoor"}, "ground": {"material": material, "color": color}}
    )


def test_no_snow_lies_on_the_mountains_of_a_desert() -> None:
    assert air_of(plan_on("sand")).arid
    assert not air_of(plan_on("grass")).arid


def test_far_woods_are_those_of_the_season() -> None:
    assert air_of(plan_on("snow")).seasonal
    assert air_of(plan_on("grass", "#8a6a2a")).seasonal
    assert not air_of(plan_on("grass")).seasonal
