"""The artist's own assets, before the recipes: which words mean them. Pure, any thread.

A noun means the asset that is called so, else one that has it as a tag, else one whose name ends with it. Where
several do, the first by library and name; so the same folders and prompt give the same scene.
"""

import re
from collections.abc import Sequence

from ..models.assets import Asset
from ..models.parts import Box
from ..models.plan import ScenePlan
from ..models.recipe import Recipe, Slot, Surface
from ..models.sources import Source, SourceKind
from .protocol import Things

__all__ = ["WithAssets", "with_assets"]

_PREFIXES = frozenset({"sm", "geo", "ob", "mesh", "prop", "asset", "lod", "col", "grp"})
_NO_NOUNS = _PREFIXES | {"low", "high", "poly", "final", "new", "old", "the", "and", "left", "right", "big", "small"}
_LARGEST, _LEAST = 500.0, 0.002


class WithAssets:
    """A catalogue and assets that go before it."""

    def __init__(self, things: Things, assets: Sequence[Asset]) -> None:
        self._things = things
        self._assets: dict[str, Asset] = {}
        self._recipes: dict[str, Recipe] = {}
        for asset in sorted(assets, key=lambda one: (one.library, one.name)):
            words = _words(asset.name)
            slug = "_".join(words)[:48] or "thing"
            name = next(name for n in range(1, 10_000) if (name := f"asset_{slug}_{n}") not in self._assets)
            self._assets[name] = asset
            self._recipes[name] = _stand_in(name, asset)
        self._own_nouns = _nouns(self._assets)

    @property
    def problems(self) -> tuple[str, ...]:
        """As ``Things`` asks."""
        return self._things.problems

    def nouns(self) -> dict[str, str]:
        """As ``Things`` asks."""
        return self._things.nouns() | self._own_nouns

    def get(self, name: str) -> Recipe:
        """As ``Things`` asks."""
        return self._recipes.get(name) or self._things.get(name)

    def source(self, name: str, noun: str) -> Source | None:
        """Where the shape of the recipe called ``name`` is, for a thing called ``noun``; None for the catalogue's."""
        asset = self._assets.get(name)
        if asset is None:
            return None
        known = self._things.nouns()
        return Source(
            recipe=name,
            kind=SourceKind.ASSET,
            file=asset.library,
            name=asset.name,
            is_collection=asset.is_collection,
            stamp=asset.stamp,
            instead=known.get(noun) or known.get(noun.rpartition(" ")[2]),
        )


def with_assets(plan: ScenePlan, things: Things) -> ScenePlan:
    """The plan with the assets that it uses written into it, so that it can be built from itself."""
    if not isinstance(things, WithAssets):
        return plan
    sources, recipes = list(plan.sources), list(plan.recipes)
    for thing in plan.objects:
        source = things.source(thing.recipe, thing.noun)
        if source is not None and all(one.recipe != source.recipe for one in sources):
            sources.append(source)
            recipes.append(things.get(source.recipe))
    return plan.model_copy(update={"sources": sources, "recipes": recipes})


def _words(name: str) -> list[str]:
    """ "SM_OakTable.001" → oak, table."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    words = [word for word in re.split(r"[^a-z]+", spaced.lower()) if word]
    while len(words) > 1 and words[0] in _PREFIXES:
        words = words[1:]
    return words


def _nouns(assets: dict[str, Asset]) -> dict[str, str]:
    """From the weakest claim to the strongest, and of equal ones from the last to the first."""
    found: dict[str, str] = {}
    pairs = list(reversed(assets.items()))
    for name, asset in pairs:
        last = _words(asset.name)[-1:]
        if last and len(last[0]) > 2 and last[0] not in _NO_NOUNS:
            found[last[0]] = name
    for name, asset in pairs:
        for tag in asset.tags:
            words = " ".join(_words(tag))
            if len(words) > 2 and words not in _NO_NOUNS:
                found[words] = name
    for name, asset in pairs:
        words = " ".join(_words(asset.name))
        if len(words) > 2 and words not in _NO_NOUNS:
            found[words] = name
    return found


def _stand_in(name: str, asset: Asset) -> Recipe:
    """A box of the asset's size, on which others can stand as on any thing."""
    width, depth, height = (min(max(side, _LEAST), _LARGEST) for side in asset.size)
    return Recipe(
        name=name,
        category="asset",
        size=(width, depth, height),
        slots={"body": Slot()},
        surfaces={"top": Surface(at=(0, 0, height), size=(width * 0.8, depth * 0.8))},
        parts=[Box(name="box", shape="box", size=(width, depth, height), pivot="bottom")],
    )
