"""A plan's source → roots with parts, as ``scene.things`` makes them of recipes. Main thread."""

from collections.abc import Callable, Sequence
from pathlib import Path

import bpy

from ...models.layout import Placement
from ...models.plan import PlanObject
from ...models.recipe import Recipe
from ...models.sources import Source, SourceKind
from ..things import Shaped, place_things
from .files import Files, upload_file
from .framed import framed_picture
from .imported import imported_model
from .logo import solid_logo

__all__ = ["build_source"]

Size = tuple[float, float, float]
_MAKERS: dict[SourceKind, Callable[[Source, Path, Size, str], list[Shaped]]] = {
    SourceKind.LOGO: solid_logo,
    SourceKind.PICTURE: framed_picture,
    SourceKind.MODEL: imported_model,
}


def build_source(
    thing: PlanObject,
    recipe: Recipe,
    source: Source,
    files: Files,
    placements: Sequence[Placement],
    collection: bpy.types.Collection,
) -> list[bpy.types.Object]:
    """One root for each placement, with the file's shape below it, fitted into the recipe's size.

    Raises ``StageFailed`` (``upload_unreadable``) where Blender cannot read the file.
    """
    path = upload_file(files, source.file)
    shaped = _MAKERS[source.kind](source, path, recipe.size, thing.id)
    return place_things(thing, recipe.name, shaped, placements, collection)
