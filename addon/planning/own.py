"""Things of one prompt alone, before those of the catalogue. Values only; any thread."""

from collections.abc import Sequence

from ..models.plan import ScenePlan
from ..models.recipe import Recipe
from .protocol import Things

__all__ = ["WithOwn", "with_used"]


class WithOwn:
    """A catalogue and recipes that go before it; each is found by its name and synonyms."""

    def __init__(self, things: Things, own: Sequence[Recipe]) -> None:
        self._things = things
        self._own = {recipe.name: recipe for recipe in own}

    @property
    def problems(self) -> tuple[str, ...]:
        """As ``Things`` asks."""
        return self._things.problems

    def nouns(self) -> dict[str, str]:
        """As ``Things`` asks."""
        mine = {word: name for name, recipe in self._own.items() for word in (*recipe.synonyms, name.replace("_", " "))}
        return self._things.nouns() | mine

    def get(self, name: str) -> Recipe:
        """As ``Things`` asks."""
        return self._own.get(name) or self._things.get(name)


def with_used(plan: ScenePlan, own: Sequence[Recipe]) -> ScenePlan:
    """The plan with those of the recipes in it that it names."""
    used = {thing.recipe for thing in plan.objects}
    mine = [recipe for recipe in own if recipe.name in used]
    names = {recipe.name for recipe in mine}
    return plan.model_copy(
        update={"recipes": [*mine, *(recipe for recipe in plan.recipes if recipe.name not in names)]}
    )
