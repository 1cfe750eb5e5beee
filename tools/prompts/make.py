"""The prompt through the real stages up to the saved scene, without the picture. Main thread, background Blender.

The only module here that knows the add-on.
"""

import time
from pathlib import Path

from addon.catalogue import load_catalogue
from addon.models.session import DEFAULT_STAGES, Options, Preset, StageName
from addon.planning import OfflinePlanner, lay_out
from addon.scene.backend import BlenderBackend

__all__ = ["Maker"]


class Maker:
    """What stays loaded from prompt to prompt, as in a worker."""

    def __init__(self) -> None:
        self._catalogue = load_catalogue()
        self._planner = OfflinePlanner(self._catalogue)
        self._backend = BlenderBackend()
        self._options = Options(preset=Preset.DRAFT)

    def make(self, prompt: str, path: Path) -> float:
        """Write the scene of ``prompt`` to ``path``; gives the milliseconds that it took."""
        start = time.perf_counter()
        width, height = self._options.pixels
        plan, layout = lay_out(self._planner.plan(prompt, self._options.seed), self._catalogue, width / height)
        own = {recipe.name: recipe for recipe in plan.recipes}
        names = {thing.recipe for thing in plan.objects}
        recipes = {name: own[name] if name in own else self._catalogue.get(name) for name in sorted(names)}
        self._backend.reset()
        self._backend.build(plan, layout, recipes, _quiet)
        self._backend.texture(plan, recipes, _quiet)
        self._backend.stage(plan, layout, self._options)
        if StageName.REVIEWER in DEFAULT_STAGES:
            self._backend.prepare(plan, layout)
        self._backend.save(path)
        return (time.perf_counter() - start) * 1000


def _quiet(_fraction: float, _message: str) -> None:
    """Nobody reads the progress."""
