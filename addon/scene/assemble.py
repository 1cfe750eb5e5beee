"""Puts everything of a layout into collections: the ground, and each object of the plan. Main thread."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import bpy

from ..models.layout import Layout
from ..models.plan import ScenePlan
from ..models.recipe import Recipe
from ..worker.backend import Report
from .context import current_scene, refresh
from .ground import build_ground
from .paint import placed_roots
from .sources import build_backdrop, build_source, lay_decal
from .styles import apply_style
from .text import build_text
from .things import build_object

__all__ = ["assemble"]


def assemble(
    plan: ScenePlan, layout: Layout, recipes: Mapping[str, Recipe], report: Report, folder: Path | None
) -> list[str]:
    """Build the layout into the current scene, which is empty; ``folder`` holds the plan's files. Returns warnings."""
    scene = current_scene()
    scene.name = plan.title[:60] or "Scene"
    scene.unit_settings.system = "METRIC"
    scene.unit_settings.scale_length = 1.0
    warnings: list[str] = []
    build_ground(scene, plan, layout)
    content = bpy.data.collections.new("Scene")
    scene.collection.children.link(content)
    sources = {source.recipe: source for source in plan.sources}
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
        source = sources.get(recipe.name)
        try:
            if source is not None:
                build_source(thing, recipe, source, folder, placements, _collection(content, thing.noun))
            else:
                build_object(thing, recipe, placements, _collection(content, thing.noun))
        except ValueError as error:  # a plan may bring recipes that nobody has looked at
            warnings.append(f"{thing.noun}: it cannot be built, so it is not in the scene ({error}).")
    for item in plan.texts:
        report(done / total, f"Building the text {item.text}")
        done += 1
        for placement in layout.placements:
            if placement.object_id == item.id:
                build_text(item, placement, _collection(content, item.text[:40]))
    warnings += _pictures(plan, folder)
    apply_style(plan.style)
    refresh()
    report(1.0, "Built")
    return warnings


def _pictures(plan: ScenePlan, folder: Path | None) -> list[str]:
    """What lies on things or behind them. Returns warnings."""
    warnings = []
    for picture in plan.pictures:
        if picture.kind == "backdrop":
            build_backdrop(picture, folder)
        elif not lay_decal(picture, folder, [root for root in placed_roots() if root["plan_id"] == picture.target]):
            warnings.append("A picture is not in the scene: the thing it belongs on has no even place for it.")
    return warnings


def _collection(parent: Any, name: str) -> Any:
    made = bpy.data.collections.new(name)
    parent.children.link(made)
    return made
