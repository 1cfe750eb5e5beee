"""Puts everything of a layout into collections: the ground, and each object of the plan. Main thread."""

from collections.abc import Mapping, Sequence
from typing import Any

import bpy

from ..models.layout import Layout, Placement
from ..models.plan import PlanObject, ScenePlan
from ..models.recipe import Recipe
from ..models.sources import Source, SourceKind
from ..worker.backend import Report
from .assets import AssetGone, appended_asset
from .context import current_scene, refresh
from .ground import build_ground
from .named import name_ground
from .paint import placed_roots
from .sources import Files, build_backdrop, build_source, lay_decal
from .styles import apply_style
from .text import build_text
from .things import build_object, place_things

__all__ = ["assemble"]


def assemble(plan: ScenePlan, layout: Layout, recipes: Mapping[str, Recipe], report: Report, files: Files) -> list[str]:
    """Build the layout into the current scene, which is empty, with the plan's files. Returns warnings."""
    scene = current_scene()
    scene.name = plan.title[:60] or "Scene"
    scene.unit_settings.system = "METRIC"
    scene.unit_settings.scale_length = 1.0
    warnings: list[str] = []
    build_ground(scene, plan, layout)
    name_ground(plan)
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
        into = _collection(_group(content, thing.group) if thing.group else content, thing.noun)
        try:
            if source is None:
                build_object(thing, recipe, placements, into)
            elif source.kind is SourceKind.ASSET:
                warnings += _asset(thing, recipe, source, recipes, files, placements, into)
            else:
                build_source(thing, recipe, source, files, placements, into)
        except ValueError as error:  # a plan may bring recipes that nobody has looked at
            warnings.append(f"{thing.noun}: it cannot be built, so it is not in the scene ({error}).")
    for item in plan.texts:
        report(done / total, f"Building the text {item.text}")
        done += 1
        for placement in layout.placements:
            if placement.object_id == item.id:
                build_text(item, placement, _collection(content, item.text[:40]))
    warnings += _pictures(plan, files)
    apply_style(plan.style)
    refresh()
    report(1.0, "Built")
    return warnings


def _asset(
    thing: PlanObject,
    recipe: Recipe,
    source: Source,
    recipes: Mapping[str, Recipe],
    files: Files,
    placements: Sequence[Placement],
    collection: Any,
) -> list[str]:
    """The artist's asset, or the recipe in its place where the library is not what it was. Returns warnings."""
    try:
        shaped = appended_asset(source, files.assets, recipe.size, thing.id)
    except AssetGone as error:
        other = recipes.get(source.instead or "")
        if other is None:
            return [f"{thing.noun}: {error}, so it is not in the scene."]
        build_object(thing, other, [_fitted(one, other) for one in placements], collection)
        return [f"{thing.noun}: {error}; the catalogue's is built instead."]
    place_things(thing, recipe.name, shaped, placements, collection)
    return []


def _fitted(placement: Placement, recipe: Recipe) -> Placement:
    """The place of one thing for another, as large as fits there."""
    scale = min(there / own for there, own in zip(placement.size, recipe.size, strict=True))
    return placement.model_copy(update={"scale": scale, "recipe": recipe.name})


def _pictures(plan: ScenePlan, files: Files) -> list[str]:
    """What lies on things or behind them. Returns warnings."""
    warnings = []
    for picture in plan.pictures:
        if picture.kind == "backdrop":
            build_backdrop(picture, files)
        elif not lay_decal(picture, files, [root for root in placed_roots() if root["plan_id"] == picture.target]):
            warnings.append("A picture is not in the scene: the thing it belongs on has no even place for it.")
    return warnings


def _group(content: Any, name: str) -> Any:
    """The collection of a group, which others of it may have begun."""
    found = next((child for child in content.children if child.get("group") == name), None)
    if found is None:
        found = _collection(content, name)
        found["group"] = name
    return found


def _collection(parent: Any, name: str) -> Any:
    made = bpy.data.collections.new(name)
    parent.children.link(made)
    return made
