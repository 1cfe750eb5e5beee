"""Letters of metal stand in a dark studio whose lights they mirror; nothing else does."""

from pathlib import Path

import bpy
import pytest

from addon.catalogue import load_catalogue
from addon.models.session import Options
from addon.planning import plan_scene
from addon.scene.atmosphere import air_of
from addon.scene.backend import BlenderBackend

from .conftest import quiet
from .pixels import patch

SMALL = Options(resolution=(160, 90), samples=4)


def shown(backend: BlenderBackend, prompt: str, path: Path) -> None:
    """Plan, build and render a prompt."""
    catalogue = load_catalogue()
    plan, layout = plan_scene(prompt, 0, catalogue)
    recipes = {thing.recipe: catalogue.get(thing.recipe) for thing in plan.objects}
    backend.reset()
    backend.build(plan, layout, recipes, quiet)
    backend.texture(plan, recipes, quiet)
    backend.stage(plan, layout, SMALL)
    backend.render(path, SMALL, quiet)


def test_a_metal_wordmark_is_bright_before_a_dark_backdrop(backend: BlenderBackend, tmp_path: Path) -> None:
    shown(backend, "generate an ACME 3d logo", tmp_path / "logo.png")
    backdrop = sum(patch(tmp_path / "logo.png", (0.03, 0.9), 0.02))
    (root,) = [thing for thing in bpy.data.objects if thing.get("thing") == "text"]
    assert root["noun"] == "ACME"
    letters = max(sum(patch(tmp_path / "logo.png", (x / 40, 0.5), 0.01)) for x in range(4, 37))
    assert letters > 2.5 * backdrop


@pytest.mark.parametrize("prompt", ['the word "HELLO" in red plastic', "a golden cup", "a golden logo at sunset"])
def test_other_scenes_keep_their_light(prompt: str) -> None:
    plan, _ = plan_scene(prompt, 0, load_catalogue())
    assert not air_of(plan).polished
