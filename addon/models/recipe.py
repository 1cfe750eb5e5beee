"""Recipe: what a thing is made of, as data. Files in ``addon/catalogue/recipes``, read by ``addon.catalogue``.

A recipe never holds code. Units: metres and degrees. A thing stands on z = 0, is centred on x = y = 0 and faces -Y.
"""

from typing import Annotated, Literal

from pydantic import Field

from .base import Strict

__all__ = ["Part", "Recipe", "Slot", "Surface"]

Vector = tuple[float, float, float]


class Slot(Strict):
    """A material slot. A colour or material word of the prompt paints the slots with ``paintable``."""

    material: str = "plastic"
    color: Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")] = "#c8c8c8"
    paintable: bool = False


class Surface(Strict):
    """Where other things can stand (``on``) or go (``in``): a rectangle at height ``at[2]``, half as free above."""

    kind: Literal["on", "in"] = "on"
    at: Vector
    size: tuple[float, float]


class Part(Strict):
    """One solid. ``at`` is its centre before rotation by ``rotate`` (XYZ Euler, degrees)."""

    name: str
    shape: Literal["box", "cylinder", "cone", "sphere", "torus", "capsule", "lathe", "extrude", "tube"]
    slot: str = "body"
    size: Vector = (1, 1, 1)
    at: Vector = (0, 0, 0)
    rotate: Vector = (0, 0, 0)


class Recipe(Strict):
    """One thing. ``size`` is the finished thing's bounding box (x, y, z) in metres, which the linter checks."""

    schema_version: Literal[1] = 1
    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
    synonyms: list[str] = []
    category: str = "thing"
    size: Vector
    slots: dict[str, Slot] = {}
    surfaces: dict[str, Surface] = {}
    parts: list[Part] = Field(min_length=1, max_length=400)
