"""Ground and sky that the prompt names carry its word, as things do. Main thread."""

from typing import Any

import bpy

from ..models.plan import ScenePlan
from .ground import COLLECTION, PART

__all__ = ["name_ground", "name_sky"]

_SKIES = ("sky", "skies")
_WATERS = ("sea", "seas", "ocean", "oceans", "water", "lake", "bay", "lagoon", "waves")
_LEVEL = ("floor", "backdrop")


def name_ground(plan: ScenePlan) -> None:
    """Give the level ground ``thing`` ("ground"), ``noun`` and ``instance``, where the prompt has a word for it.

    The sea beyond a beach is "water", and has the word for that; so has a room's own window.
    """
    nouns = [noun for noun in plan.surroundings if noun not in (*_SKIES, "window")]
    collection = bpy.data.collections.get(COLLECTION)
    things: Any = list(collection.objects) if collection is not None else []
    for sea in [one for one in things if one.get(PART) == "sea"]:
        for noun in [noun for noun in nouns if noun in _WATERS][:1]:
            _name(sea, "water", noun)
        nouns = [noun for noun in nouns if noun not in _WATERS]
    for pane in [one for one in things if one.get(PART) == "pane" and "window" in plan.surroundings]:
        _name(pane, "window", "window")
    for thing in [one for one in things if one.get(PART) in _LEVEL][: len(nouns[:1])]:
        _name(thing, "ground", nouns[0])


def name_sky(scene: Any, plan: ScenePlan) -> None:
    """The same for the world, where the prompt speaks of the sky."""
    if any(noun in _SKIES for noun in plan.surroundings) and scene.world is not None:
        _name(scene.world, "sky", "sky")


def _name(block: Any, thing: str, noun: str) -> None:
    block["thing"], block["noun"], block["instance"] = thing, noun, 1
