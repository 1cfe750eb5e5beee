"""Puts everything of a layout into collections: the ground, and each object of the plan. Main thread."""

from collections.abc import Mapping
from typing import Any

import bpy

from ..models.layout import Layout
from ..models.plan import ScenePlan
from ..models.recipe import Recipe
from ..worker.backend import Report
from .context import current_scene, refresh
from .extent import extent_of
from .ground import build_ground
from .styles import apply_style
from .text import build_text
from .things import build_object

__all__ = ["assemble"]


def assemble(plan: ScenePlan, layout: Layout, recipes: Mapping[str, Recipe], report: Report) -> list[str]:
    """Build the layout into the current scene, which is empty. Returns warnings."""
    scene = current_scene()
    scene.name = plan.title[:60] or "Scene"
    scene.unit_settings.system = "METRIC"
    scene.unit_settings.scale_length = 1.0
    warnings: list[str] = []
    build_ground(scene, plan, extent_of(layout))
    content = bpy.data.collections.new("Scene")
    scene.collection.children.link(content)
    total = max(1, len(plan.objects) + len(plan.texts))
    done = 0
    for thing in plan.objects:
        report(done / total, f"Building {thing.noun}")
        done += 1
        placements = [placement for placement in layout.placements if placement.object_id == thing.id]
        if not placements:
            warnings.append(f"{thing.noun}: no place was found for it, so it is not in the scene.")
            continue
        recipe = recipes.get(placements[0].recipe) or recipes.get(thing.recipe)
        if recipe is None:
            warnings.append(f"{thing.noun}: there is no recipe {thing.recipe!r}, so it is not in the scene.")
            continue
        try:
            build_object(thing, recipe, placements, _collection(content, thing.noun))
        except ValueError as error:  # a plan may bring recipes that nobody has looked at
            warnings.append(f"{thing.noun}: it cannot be built, so it is not in the scene ({error}).")
    for item in plan.texts:
        report(done / total, f"Building the text {item.text}")
        done += 1
        for placement in layout.placements:
            if placement.object_id == item.id:
                build_text(item, placement, _collection(content, item.text[:40]))
    apply_style(plan.style)
    refresh()
    report(1.0, "Built")
    return warnings


def _collection(parent: Any, name: str) -> Any:
    made = bpy.data.collections.new(name)
    parent.children.link(made)
    return made
