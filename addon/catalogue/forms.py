"""Which form of a recipe a plan's object has: variant, pose, parameters, size. Pure; no bpy, any thread.

Layout and geometry both ask here, so that what is placed is what is built.
"""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..models.expression import evaluate
from ..models.parts import Number, Part, Vector
from ..models.plan import PlanObject
from ..models.recipe import Form, Recipe, Surface, Variant
from .moulds import Mould, is_by_nature, is_solid, mould_for, oval_stretch

__all__ = ["Chosen", "choose", "form_of", "pick_variant"]

_STRETCH: dict[str, tuple[float, float, float]] = {
    "tall": (0.9, 0.9, 1.5),
    "high": (0.9, 0.9, 1.4),
    "short": (1.0, 1.0, 0.6),
    "low": (1.0, 1.0, 0.65),
    "flat": (1.1, 1.1, 0.5),
    "wide": (1.5, 1.0, 1.0),
    "broad": (1.4, 1.0, 1.0),
    "narrow": (0.6, 1.0, 1.0),
    "thin": (0.65, 0.65, 1.0),
    "slim": (0.7, 0.7, 1.0),
    "thick": (1.35, 1.35, 1.0),
    "fat": (1.35, 1.35, 1.0),
}
"""Shape words that stretch a thing which has no variant for them."""

_LONGEST_TEXT = 60


@dataclass(frozen=True)
class Chosen:
    """A recipe in one form: numbers are settled."""

    recipe: Recipe
    variant: str | None
    pose: str | None
    size: tuple[float, float, float]
    surfaces: Mapping[str, Surface]
    values: Mapping[str, float]
    text: str | None
    """Words asked for, where the recipe has a place for them."""
    mould: Mould | None
    """What presses the thing into a shape that it has no variant for."""
    understood: bool
    """Whether the shape word, where there was one, had an effect."""
    worn: frozenset[str] = frozenset()
    """Names of the garments that it has on."""

    @property
    def outer_size(self) -> tuple[float, float, float]:
        """The size with what it has on its head, for those that must find room for it."""
        lies = self.pose is not None and any(self.recipe.poses[self.pose].rotate)
        above = 0.0 if lies else max((self.recipe.garments[name].above for name in self.worn), default=0.0)
        return (self.size[0], self.size[1], self.size[2] + above)

    @property
    def key(self) -> tuple[object, ...]:
        """What tells forms of one recipe apart."""
        return (
            self.variant,
            self.pose,
            self.size,
            self.text,
            self.mould,
            self.worn,
            tuple(sorted(self.values.items())),
        )

    def parts(self) -> list[Part]:
        """The parts that exist in this form."""
        here = {self.variant, self.pose} | self.worn
        parts = [part for part in self.recipe.parts if not here & set(part.unless)]
        parts = [part for part in parts if not part.only or here & set(part.only)]
        # A thing that bears the words asked for bears no others.
        return [part for part in parts if self.text is None or part.shape != "text" or part.room is not None]

    def number(self, value: Number) -> float:
        """A number or expression as a number."""
        return evaluate(value, self.values) if isinstance(value, str) else float(value)

    def vector(self, value: Vector) -> tuple[float, float, float]:
        """Three of them."""
        return (self.number(value[0]), self.number(value[1]), self.number(value[2]))


def pick_variant(recipe: Recipe, seed: int) -> str | None:
    """A variant's name by the seed, in proportion to the weights; None where the recipe has none."""
    weighted = [variant for variant in recipe.variants if variant.weight > 0]
    if not weighted:
        return recipe.variants[0].name if recipe.variants else None
    chooser = random.Random(f"{recipe.name}:{seed}")
    return chooser.choices(weighted, [variant.weight for variant in weighted])[0].name


def choose(
    recipe: Recipe,
    shape: str | None = None,
    pose: str | None = None,
    parameters: Mapping[str, float | str] | None = None,
    wears: Iterable[str] = (),
) -> Chosen:
    """The form for a shape word, a pose, parameters and garments; unknown ones do nothing.

    Among the parameters, ``variant`` names one and ``text`` is what stands on a thing with a place for words.
    A shape word goes before a named variant. A word without a variant moulds the thing where it is one of round,
    square, conical and the like, and stretches it where it is one of tall, wide, thin.
    """
    given = dict(parameters or {})
    named = given.pop("variant", None)
    text = str(given.pop("text", "")).strip()[:_LONGEST_TEXT]
    by_word = next((variant for variant in recipe.variants if shape and _means(variant, shape)), None)
    by_name = next((variant for variant in recipe.variants if variant.name == named), None)
    variant = by_word or by_name or (recipe.variants[0] if recipe.variants else None)
    values = {name: parameter.default for name, parameter in recipe.parameters.items()}
    size, surfaces = recipe.size, recipe.surfaces
    posed = recipe.poses.get(pose) if pose else None
    forms: list[Form] = [form for form in (variant, posed) if form is not None]
    for form in forms:
        values.update(form.parameters)
        size = form.size or size
        surfaces = form.surfaces if form.surfaces is not None else surfaces
    for name, value in given.items():
        if name in values and not isinstance(value, str):
            values[name] = min(max(value, recipe.parameters[name].min), recipe.parameters[name].max)
    # A variant that only means the word is a flat likeness: a triangular box is no pyramid.
    likeness = by_word is not None and by_word.name != (shape or "").lower() and is_solid(shape)
    natural = is_by_nature(shape, recipe.name)
    mould = mould_for(shape, size, recipe.category) if (by_word is None or likeness) and not natural else None
    stretch = _stretch(shape, size) if by_word is None else None
    if by_word is not None:
        stretch = oval_stretch(shape, by_word.name, size)
    if mould is not None:
        stretch = (mould.size[0] / size[0], mould.size[1] / size[1], mould.size[2] / size[2])
    if stretch is not None:
        size = (size[0] * stretch[0], size[1] * stretch[1], size[2] * stretch[2])
        surfaces = {name: _stretched(surface, stretch) for name, surface in surfaces.items()}
    return Chosen(
        recipe=recipe,
        variant=variant.name if variant else None,
        pose=pose if posed is not None else None,
        size=size,
        surfaces=surfaces,
        values=values,
        text=text if text and recipe.takes_text else None,
        mould=mould,
        understood=shape is None or natural or by_word is not None or stretch is not None,
        worn=frozenset(wears) & set(recipe.garments),
    )


def form_of(recipe: Recipe, thing: PlanObject) -> Chosen:
    """The form that a plan's object asks its recipe for."""
    return choose(recipe, thing.shape, thing.pose, thing.parameters, [worn.garment for worn in thing.wears])


def _means(variant: Variant, word: str) -> bool:
    return word.lower() == variant.name or word.lower() in variant.words


def _stretch(shape: str | None, size: tuple[float, float, float]) -> tuple[float, float, float] | None:
    if shape == "long":
        return (1.5, 1.0, 1.0) if size[0] >= size[1] else (1.0, 1.5, 1.0)
    if shape == "oblong":
        longest = max(range(3), key=lambda axis: size[axis])
        x, y, z = (1.5 if axis == longest else 1.0 for axis in range(3))
        return (x, y, z)
    return _STRETCH.get(shape.lower()) if shape else None


def _stretched(surface: Surface, by: tuple[float, float, float]) -> Surface:
    return surface.model_copy(
        update={
            "at": (surface.at[0] * by[0], surface.at[1] * by[1], surface.at[2] * by[2]),
            "size": (surface.size[0] * by[0], surface.size[1] * by[1]),
            "clear": None if surface.clear is None else surface.clear * by[2],
            "rim": None if surface.rim is None else surface.rim * by[2],
        }
    )
