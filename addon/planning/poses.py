"""Verbs and participles → the pose a thing takes. Pure, any thread."""

from collections.abc import Collection
from typing import Any

from ..models.plan import AnimationTrack
from .draft import Draft, Thing

__all__ = ["is_alive", "move", "sit_down", "take_pose"]

_ALIVE = frozenset({"animal", "person"})
_BACKS = frozenset({"saddle", "back"})


def is_alive(thing: Thing) -> bool:
    """Whether a thing is an animal or a person, which act and have poses."""
    return thing.match is not None and thing.match.recipe.category in _ALIVE


def take_pose(draft: Draft, thing: Thing, verb: dict[str, Any], text: str) -> None:
    """Give ``thing`` the best pose of its recipe for a verb of the lexicon; what is not shown is told."""
    poses: list[str] = verb.get("poses", [])
    if thing.match is None or not poses:
        return
    has = thing.match.recipe.poses
    pose = next((pose for pose in poses if pose in has), None)
    if pose is not None:
        thing.pose = pose
        if pose != poses[0]:
            draft.note(f"{text} {thing.noun}", f"It is shown {pose}.", pose)
    elif poses[0] != "standing" and (is_alive(thing) or not verb.get("still")):
        draft.note(f"{text} {thing.noun}", "It is shown in its usual pose.")


def sit_down(thing: Thing, on: Thing, seats: Collection[str]) -> None:
    """Let somebody on a chair or a horse sit as one does there, unless the prompt says otherwise."""
    if thing.match is None or on.match is None or "seated" not in thing.match.recipe.poses:
        return
    poses, surfaces = thing.match.recipe.poses, on.match.recipe.surfaces
    is_seat = on.match.recipe.name in seats
    is_back = "seat" not in surfaces and not _BACKS.isdisjoint(surfaces)
    # Elsewhere, as on a table, one sits as on the ground.
    can_sit = is_seat or is_back or "seat" in surfaces
    if (thing.pose == "sitting" and can_sit) or (thing.pose is None and is_seat and is_alive(thing)):
        thing.pose = "riding" if is_back and "riding" in poses else "seated"


def move(draft: Draft, thing: Thing, kind: str, text: str) -> None:
    """Let a thing move in the animation."""
    draft.animation.append(AnimationTrack.model_validate({"kind": kind, "target": thing.id, "seconds": 2.0}))
    draft.note(f"{text} {thing.noun}", "A picture shows no movement, and the animation moves the camera only.")
