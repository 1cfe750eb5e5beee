"""Which material each part of each thing gets: the plan's wishes on paintable slots, the recipe's on the rest.

Main thread.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import bpy
import numpy as np

from ..models.plan import PlanObject, ScenePlan, Style, TextItem, TimeOfDay, Worn
from ..models.recipe import Recipe, Slot
from .dominance import toned_slots
from .materials import Wish, finish_for, material_for

__all__ = ["paint_things", "placed_roots"]

GRAINED = frozenset({"wood", "dark_wood", "light_wood", "bamboo", "bark", "hair", "metal", "steel", "aluminium"})


def placed_roots() -> list[Any]:
    """The root objects of everything placed, in the order of plan and instance."""
    things: Any = bpy.data.objects
    roots = [thing for thing in things if "plan_id" in thing and thing.parent is None]
    return sorted(roots, key=lambda root: (str(root["plan_id"]), int(root.get("instance", 1))))


def paint_things(plan: ScenePlan, recipes: Mapping[str, Recipe], hazy: bool) -> list[str]:
    """Give every part of every placed thing its material. Returns warnings about words that are no material."""
    things = {thing.id: thing for thing in plan.objects}
    texts = {item.id: item for item in plan.texts}
    unknown: dict[str, None] = {}
    tones: dict[str, dict[str, str]] = {}
    for root in placed_roots():
        plan_id = str(root["plan_id"])
        thing, recipe = things.get(plan_id), recipes.get(str(root.get("thing", "")))
        if thing is not None and recipe is not None and thing.color is not None and plan_id not in tones:
            tones[plan_id] = toned_slots(list(_meshes(root)), recipe, thing.color)
        for part in _meshes(root):
            if _keeps_its_look(part, things.get(plan_id), plan.style):
                continue
            if plan_id in things:
                wish = _thing_wish(part, things[plan_id], recipe, plan, hazy)
                if (tone := tones.get(plan_id, {}).get(str(part.get("slot", "")))) is not None:
                    wish = replace(wish, color=tone)
            elif plan_id in texts:
                wish = _text_wish(texts[plan_id], plan, hazy)
            else:
                continue
            if finish_for(wish.material) is None:
                unknown[wish.material] = None
            _assign(part, material_for(wish))
    return [f"The material {word!r} is not known; plastic is used instead." for word in unknown]


def _meshes(root: Any) -> Iterator[Any]:
    if root.type == "MESH":
        yield root
    for child in root.children_recursive:
        if child.type == "MESH":
            yield child


def _keeps_its_look(part: Any, thing: PlanObject | None, style: Style) -> bool:
    """Pictures always do, and so does what a file brought with its materials, unless the plan wants another look."""
    if not len(part.data.materials):
        return False
    asked = thing is not None and (thing.color or thing.material or thing.pattern)
    return "slot" not in part or not (asked or style is not Style.REALISTIC)


def _assign(part: Any, material: Any) -> None:
    # Instances share one mesh and look alike, so its slots are set once for all of them.
    slots = part.data.materials
    if len(slots) == 1 and slots[0] == material:
        return
    slots.clear()
    slots.append(material)


def _thing_wish(part: Any, thing: PlanObject, recipe: Recipe | None, plan: ScenePlan, hazy: bool) -> Wish:
    slots = recipe.slots if recipe is not None else {}
    slot = slots.get(str(part.get("slot", "")), Slot(paintable=not slots))
    worn = _worn(str(part.get("slot", "")), thing, recipe)
    # A recipe without any paintable slot takes the colour all over rather than not at all.
    asked = slot.paintable if any(known.paintable for known in slots.values()) else True
    material: str = slot.material
    color: str | None = slot.color
    if worn is not None:
        material = worn.material or _dyed(slot.material) if worn.color else worn.material or slot.material
        color = worn.color or (_own_color(material) if worn.material else slot.color)
    elif asked in (True, "material") and thing.material is not None:
        material = thing.material
        color = thing.color or _own_color(material)
    elif asked in (True, "color") and thing.color is not None:
        color = thing.color
        material = _dyed(material)
    elif plan.environment.time is TimeOfDay.NIGHT and material == "glass" and _is_building(recipe):
        material, color = "lit_window", None
    material, color = _styled(plan.style, material, color)
    patterned = worn or (thing if asked in (True, "color") else None)
    return Wish(
        material,
        color,
        patterned.pattern if patterned is not None else None,
        patterned.pattern_color if patterned is not None else None,
        max(recipe.size) if recipe is not None else 1.0,
        _long_axis(part) if _grained(material) else 2,
        hazy,
    )


def _worn(slot: str, thing: PlanObject, recipe: Recipe | None) -> Worn | None:
    """The garment, the last one where several do, that colours a slot."""
    garments = recipe.garments if recipe is not None else {}
    fitting = [one for one in thing.wears if one.garment in garments and slot in garments[one.garment].paints]
    return next((one for one in reversed(fitting) if one.color or one.material or one.pattern), None)


def _is_building(recipe: Recipe | None) -> bool:
    return recipe is not None and recipe.category == "building"


def _text_wish(item: TextItem, plan: ScenePlan, hazy: bool) -> Wish:
    usual = "neon" if plan.environment.mood == "neon" else "steel" if item.logo and item.color is None else "plastic"
    material = item.material or usual
    color = item.color or _own_color(material)
    if item.color is None and item.material is None and material == "plastic":
        color = "#d8402f"
    return Wish(material, color, size_m=max(0.05, item.height_m * 2), hazy=hazy)


def _own_color(material: str) -> str | None:
    known = finish_for(material)
    return known[1].color if known is not None else None


def _dyed(material: str) -> str:
    """Metals known by their colour become plain metal when another colour is asked for."""
    known = finish_for(material)
    if known is not None and known[1].own_color and known[1].metallic > 0.5:
        return "metal"
    return material


def _styled(style: Style, material: str, color: str | None) -> tuple[str, str | None]:
    if style is Style.CLAY:
        return "clay", color
    if style in (Style.TOY, Style.WIREFRAME):
        return "plastic", color
    if style is Style.LOW_POLY:
        return "matte", color
    return material, color


def _grained(material: str) -> bool:
    known = finish_for(material)
    return known is not None and known[0] in GRAINED


def _long_axis(part: Any) -> int:
    """The axis along which the mesh's longest edges run: a part may be four legs, wider apart than they are long."""
    mesh = part.data
    corners, ends = np.empty(len(mesh.vertices) * 3), np.empty(len(mesh.edges) * 2, dtype=np.int32)
    mesh.vertices.foreach_get("co", corners)
    mesh.edges.foreach_get("vertices", ends)
    pairs = corners.reshape(-1, 3)[ends.reshape(-1, 2)]
    return int(np.argmax(((pairs[:, 1] - pairs[:, 0]) ** 2).sum(axis=0)))
