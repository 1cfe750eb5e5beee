"""What planners are, and what they and the layout need of a catalogue. Types only; any thread."""

from collections.abc import Callable, Sequence
from typing import Protocol

from ..models.plan import ScenePlan
from ..models.recipe import Recipe

__all__ = ["Planner", "Things", "Waiting"]

Waiting = Callable[[str], None]
"""Told a few times a second what a planner waits for. Raises when nobody wants the plan any more."""


class Planner(Protocol):
    """Turns a prompt into a plan."""

    def plan(self, prompt: str, seed: int, waiting: Waiting | None = None, own: Sequence[Recipe] = ()) -> ScenePlan:
        """A valid plan for any text; what it does not show is named in ``not_built``.

        ``own`` are things of this prompt alone, which the text calls by their recipes' names; those that the plan
        uses are in its ``recipes``.
        """


class Things(Protocol):
    """The recipes that there are. ``addon.catalogue.Catalogue`` is one."""

    @property
    def problems(self) -> tuple[str, ...]:
        """What is wrong with things of the user's own, for people."""

    def nouns(self) -> dict[str, str]:
        """Every noun (lower case, singular, words apart by a space) and the name of its recipe."""

    def get(self, name: str) -> Recipe:
        """The recipe of this name; raises ``ScenekeeperError`` where it is unknown or invalid."""
