"""A red bird is red all over: what takes an asked colour beside the paintable slots, where these are too little to see.

Main thread.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..models.recipe import Recipe, Slot
from .colour import from_oklab, hex_of, linear, oklab

__all__ = ["toned_slots"]

_ENOUGH, _WANTED = 0.56, 0.66
"""Shares of a thing's surface: with less than the first in the colour, others take it until there is the second."""
_KEPT = frozenset(
    {
        "glass", "crystal", "mirror", "light", "neon", "skin", "hair", "glossy", "paper", "leaf", "bark", "grass",
        "water", "velvet", "pearl", "screen", "rubber", "steel", "chrome", "aluminium", "iron", "metal",
    }
)  # fmt: skip
"""Materials that show what a thing is by their own colour: eyes, beaks, screens, pages, stems, stands."""
_OWN = frozenset({"beak", "horn", "horns", "tusk", "tooth", "teeth", "claw", "claws", "hoof", "nose", "tongue"})
"""Slots that keep their colour whatever they are made of."""
_DIALS = ("face", "dial")
"""Slots of paper that are no pages."""
_VIEWER = (0.37, -0.87, 0.33)
"""Whence things are seen as a rule, in their own frame."""
_SPREAD, _SHIFT = 0.5, 0.16
"""How much of the difference in lightness between two slots stays, and at most how much."""


def toned_slots(parts: Sequence[Any], recipe: Recipe, color: str) -> dict[str, str]:
    """For a thing of this colour: the colours of slots that are not paintable but take a tone of it, by name."""
    shares = _shares(parts)
    own = [name for name, slot in recipe.slots.items() if slot.paintable]
    have = sum(shares.get(name, 0.0) for name in own)
    if not own or have >= _ENOUGH or "person" in recipe.category:
        return {}
    base = recipe.slots[own[0]]
    found: dict[str, str] = {}
    for name in sorted(shares, key=lambda one: (-shares[one], one)):
        if have >= _WANTED:
            break
        slot = recipe.slots.get(name)
        taken = slot is None or name in own or name in _OWN
        if slot is not None and not taken and (slot.material not in _KEPT or name in _DIALS):
            found[name] = _tone(color, slot, base)
            have += shares[name]
    return found


def _shares(parts: Sequence[Any]) -> Mapping[str, float]:
    """How much of what turns to the viewer each slot has."""
    areas: dict[str, float] = {}
    for part in parts:
        faces = np.empty(len(part.data.polygons), dtype=np.float32)
        normals = np.empty(len(faces) * 3, dtype=np.float32)
        part.data.polygons.foreach_get("area", faces)
        part.data.polygons.foreach_get("normal", normals)
        turned = np.maximum(normals.reshape(-1, 3) @ np.array(_VIEWER), 0)
        name = str(part.get("slot", ""))
        areas[name] = areas.get(name, 0.0) + float(faces @ turned)
    whole = sum(areas.values()) or 1.0
    return {name: area / whole for name, area in areas.items()}


def _tone(color: str, slot: Slot, base: Slot) -> str:
    """The colour, lighter or darker as the slot is beside the one that is painted: parts stay apart."""
    lightness, green_red, blue_yellow = oklab(linear(color))
    apart = oklab(linear(slot.color))[0] - oklab(linear(base.color))[0]
    shifted = lightness + max(-_SHIFT, min(_SHIFT, apart * _SPREAD))
    return hex_of(from_oklab(max(0.05, min(0.97, shifted)), green_red, blue_yellow))
