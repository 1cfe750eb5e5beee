"""What closes the view: the far scenery, the shore, the street, the room's window, and lamps that light at night."""

from pathlib import Path

import bpy
import pytest

from addon.models.layout import CameraPlacement
from addon.models.plan import PlanObject
from addon.models.session import Options
from addon.scene.colour import luminance, srgb_to_linear

from .conftest import Stage, quiet
from .pixels import patch

AHEAD = CameraPlacement(position=(0.0, -6.0, 0.8), target=(0.0, 0.0, 1.0), lens_mm=50)
SMALL = Options(resolution=(160, 90), samples=4)


def skies(stage: Stage, folder: Path, **environment: str) -> list[tuple[float, float, float]]:
    """Colours along a line just above the horizon."""
    stage.backend.reset()
    around = {"kind": "outdoor", **environment}
    stage.make([stage.ball()], [stage.place("sphere", 0, 0, 1)], camera=AHEAD, options=SMALL, environment=around)
    picture = stage.render(folder / "a.png", SMALL)
    return [patch(picture, (x / 20, 0.53), 0.006) for x in range(1, 20)]


@pytest.mark.parametrize("scenery", ["hills", "forest", "city", "mountains"])
def test_far_scenery_is_seen_before_the_sky(stage: Stage, tmp_path: Path, scenery: str) -> None:
    empty = skies(stage, tmp_path, scenery="nothing")
    shown = skies(stage, tmp_path, scenery=scenery)
    changed = [max(abs(a - b) for a, b in zip(*pair, strict=True)) for pair in zip(empty, shown, strict=True)]
    assert sum(change > 0.02 for change in changed) > 4


def test_the_sea_beyond_a_beach_has_its_own_word_and_colour(stage: Stage) -> None:
    ground = {"material": "sand", "color": "#f4f4f2", "water_color": "#2bb9b0"}
    around = {"kind": "outdoor", "scenery": "sea"}
    stage.simple(environment=around, ground=ground, surroundings=["ocean", "sand"])
    named = {thing["noun"]: thing["thing"] for thing in bpy.data.objects if thing.get("noun") in ("ocean", "sand")}
    assert named == {"ocean": "water", "sand": "ground"}
    assert "#2bb9b0" in bpy.data.objects["Sea"].active_material.name


def test_a_beach_has_a_sea_and_a_street_a_pavement(stage: Stage) -> None:
    stage.simple(environment={"kind": "outdoor", "scenery": "sea"}, ground={"material": "sand"})
    sea = bpy.data.objects["Sea"]
    assert sea.active_material.name.startswith("Sea")
    assert min(corner[1] for corner in sea.bound_box) > 0.5
    stage.backend.reset()
    stage.simple(environment={"kind": "outdoor", "scenery": "city"}, ground={"material": "asphalt"})
    assert bpy.data.objects["Pavement"].active_material.name.startswith("Concrete")
    assert "Line 1" in bpy.data.objects


def test_a_room_has_a_window_that_is_bright_by_day_and_dark_by_night(stage: Stage) -> None:
    def view() -> float:
        material = bpy.data.objects["Window pane"].active_material
        return luminance(tuple(material.diffuse_color))

    stage.simple(environment={"kind": "indoor"})
    day = view()
    stage.backend.reset()
    stage.simple(environment={"kind": "indoor", "time": "night"})
    assert day > 5 * view()


def test_a_glowing_thing_lights_its_surroundings_at_night_only(stage: Stage, tmp_path: Path) -> None:
    def ground(material: str, time: str) -> float:
        stage.backend.reset()
        ball = PlanObject(id="sphere", recipe="sphere", noun="ball", material=material)
        stage.make(
            [ball], [stage.place("sphere", 0, 0, 0.4)], options=SMALL, environment={"kind": "outdoor", "time": time}
        )
        stage.backend.render(tmp_path / "a.png", SMALL, quiet)
        red, green, blue = (srgb_to_linear(channel) for channel in patch(tmp_path / "a.png", (0.62, 0.3), 0.02))
        return luminance((red, green, blue, 1.0))

    assert ground("light", "night") > 2 * ground("plastic", "night")
    assert [light.name for light in bpy.data.lights if light.type == "POINT"] == []
    ground("light", "night")
    assert [light.name for light in bpy.data.lights if light.type == "POINT"] == ["ball 1 light"]
    ground("light", "day")
    assert [light.name for light in bpy.data.lights if light.type == "POINT"] == []


def test_grass_grows_around_small_things_and_not_through_them(stage: Stage) -> None:
    stage.simple(environment={"kind": "outdoor"})
    for seats in (bpy.data.objects["Grass 1"], bpy.data.objects["Grass 2"]):
        middles = [face.center for face in seats.data.polygons]
        assert len(middles) > 1000
        assert min(middle.length for middle in middles) > 0.3
        assert [child.name[:4] for child in seats.children] == ["Tuft"]
    stage.backend.reset()
    stage.simple(environment={"kind": "outdoor"}, ground={"material": "sand"})
    assert "Grass 1" not in bpy.data.objects
