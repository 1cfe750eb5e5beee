"""Small real scenes in the real bpy of this process. Every test starts from an emptied file."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from addon.catalogue import load_catalogue
from addon.models.layout import CameraPlacement, Layout, Placement
from addon.models.plan import PlanObject, ScenePlan
from addon.models.recipe import Recipe
from addon.models.session import Options
from addon.scene.backend import BlenderBackend

TINY = Options(resolution=(160, 90), samples=4)
CAMERA = CameraPlacement(position=(0.0, -6.0, 1.6), target=(0.0, 0.0, 0.5), lens_mm=50)


def quiet(_fraction: float, _message: str) -> None:
    """A report that nobody reads."""


class Stage:
    """One scene being made by the backend: a plan of solids at given places."""

    def __init__(self, backend: BlenderBackend) -> None:
        catalogue = load_catalogue()
        self.recipes: dict[str, Recipe] = {name: catalogue.get(name) for name in ("cube", "sphere", "cylinder")}
        self.backend = backend
        self.plan = ScenePlan()
        self.layout = Layout(camera=CAMERA)

    def place(self, thing: str, x: float, y: float, size: float, instance: int = 1) -> Placement:
        """A placement of a plan object that has its recipe's name before the first underscore."""
        recipe = self.recipes[thing.split("_", maxsplit=1)[0]]
        scale = size / max(recipe.size)
        sides = (recipe.size[0] * scale, recipe.size[1] * scale, recipe.size[2] * scale)
        return Placement(
            object_id=thing,
            instance=instance,
            recipe=recipe.name,
            position=(x, y, 0.0),
            scale=scale,
            size=sides,
        )

    def make(
        self,
        objects: Sequence[PlanObject],
        placements: Sequence[Placement],
        *,
        camera: CameraPlacement = CAMERA,
        options: Options = TINY,
        **plan: object,
    ) -> list[str]:
        """Build, paint and stage; the warnings of all three."""
        self.plan = ScenePlan.model_validate({"objects": [thing.model_dump() for thing in objects], **plan})
        self.layout = Layout(placements=list(placements), camera=camera)
        warnings = self.backend.build(self.plan, self.layout, self.recipes, quiet)
        warnings += self.backend.texture(self.plan, self.recipes, quiet)
        return warnings + self.backend.stage(self.plan, self.layout, options)

    def ball(self, **changes: object) -> PlanObject:
        """A plan object that is a ball."""
        return PlanObject.model_validate({"id": "sphere", "recipe": "sphere", "noun": "ball", **changes})

    def simple(self, options: Options = TINY, **plan: object) -> list[str]:
        """One red ball in the middle."""
        return self.make([self.ball(color="#d02020")], [self.place("sphere", 0, 0, 1)], options=options, **plan)

    def render(self, path: Path, options: Options = TINY) -> Path:
        """Render to ``path``."""
        self.backend.render(path, options, quiet)
        return path


@pytest.fixture(scope="session")
def backend() -> BlenderBackend:
    """The one backend of this process."""
    return BlenderBackend()


@pytest.fixture
def stage(backend: BlenderBackend) -> Iterator[Stage]:
    """An empty file to build in."""
    backend.reset()
    yield Stage(backend)
    backend.reset()
