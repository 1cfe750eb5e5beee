"""Whether a thing is built like what it is called: proportions, feet, wheels, openings. Any thread.

``anatomy.toml`` says what the real things are like, ``kinds.toml`` what may stand for what. A thing that the first
does not know is not judged by it.
"""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from .blend import Thing
from .grid import Grid, holes, pieces
from .solid import FRONT, SIDE, TOP, Solid
from .words import singular

__all__ = ["Anatomy", "known", "misbuilt", "problems", "stands_for"]

HERE = Path(__file__).parent
Range = tuple[float, float]
View = Literal["long", "end", "top"]


class Cut(BaseModel):
    """A level cut ``at`` a share of the height: in how many ``pieces``, and how far they reach of the longer side."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: float
    pieces: tuple[int, int] | None = None
    across: Range | None = None
    fill: Range | None = None


class Anatomy(BaseModel):
    """What a kind of thing is like. Ranges are inclusive; shares are 0..1.

    ``slim`` and ``thin``: the second and the shortest side by the longest, however it lies. ``tall``: height by the
    longer horizontal side; ``wide``: the shorter horizontal side by the longer. ``long``, ``end`` and ``top``: how much
    of its rectangle the silhouette fills, seen with the longer side across, seen from the end, and from above;
    ``sparse``: in some view it fills at most this. ``islands``: how many separate surfaces at least. ``feet``: on how
    many places it stands. ``wheels``: upright discs that touch the ground. ``openings``: how many holes one looks
    through, by view. ``hollow``: deep from above. ``disc``: views in which the outline is round.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: tuple[str, ...] = ()
    slim: Range | None = None
    thin: Range | None = None
    tall: Range | None = None
    wide: Range | None = None
    long: Range | None = None
    end: Range | None = None
    top: Range | None = None
    sparse: float = 1.0
    islands: int = 1
    feet: tuple[int, int] | None = None
    wheels: tuple[int, int] | None = None
    openings: dict[View, int] = {}
    hollow: bool = False
    disc: tuple[View, ...] = ()
    cuts: tuple[Cut, ...] = ()


@cache
def known() -> dict[str, Anatomy]:
    """Anatomies by the words for them."""
    table = tomllib.loads((HERE / "anatomy.toml").read_text(encoding="utf-8"))
    found: dict[str, Anatomy] = {}
    for name, values in table.items():
        like = table[values.pop("like")] if "like" in values else {}
        one = Anatomy.model_validate({**{key: value for key, value in like.items() if key != "words"}, **values})
        for word in (name.replace("_", " "), *one.words):
            found[word] = one
    return found


@cache
def _kinds() -> dict[str, frozenset[str]]:
    table = tomllib.loads((HERE / "kinds.toml").read_text(encoding="utf-8"))
    return {name: frozenset(nouns) for name, nouns in table.items()}


def misbuilt(thing: Thing, usual: bool = True) -> list[str]:
    """How a thing differs from what its noun is like: built as something else, or not like the real ones.

    Not ``usual``: its shape may be another, so only what it is made of counts: separate surfaces and wheels.
    """
    if not stands_for(thing.thing, thing.noun):
        return [f"it is built as a {thing.thing}"]
    anatomy = _named(thing.noun) or _named(thing.thing)
    if anatomy is None:
        return []
    return problems(thing.solid, anatomy if usual else Anatomy(islands=anatomy.islands, wheels=anatomy.wheels))


def stands_for(thing: str, noun: str) -> bool:
    """Whether a thing of this name is what the noun says: of the same name, of its last word, or known as such."""
    name, word = thing.replace("_", " "), singular(noun)
    known_as = _kinds().get(thing, frozenset())
    return word == singular(name) or word.endswith(f" {singular(name)}") or bool({word, noun} & known_as)


def _named(word: str) -> Anatomy | None:
    """The anatomy of a word, or of its last word: a kitchen chair is a chair."""
    whole = singular(word)
    return known().get(whole) or known().get(whole.split(" ")[-1])


def problems(solid: Solid, anatomy: Anatomy) -> list[str]:
    """How ``solid`` differs from ``anatomy``, in words."""
    return [
        *_proportions(solid, anatomy),
        *_silhouettes(solid, anatomy),
        *_cuts(solid, anatomy),
        *_rest(solid, anatomy),
    ]


def _off(name: str, value: float, bounds: Range | None) -> Iterator[str]:
    if bounds is not None and not bounds[0] - 1e-6 <= value <= bounds[1] + 1e-6:
        yield f"{name} is {value:.2f}, not {bounds[0]:g} to {bounds[1]:g}"


def _proportions(solid: Solid, anatomy: Anatomy) -> Iterator[str]:
    short, long = np.sort(solid.size[:2]).tolist()
    thin, second, longest = np.sort(solid.size).tolist()
    yield from _off("the second side by the longest", second / longest, anatomy.slim)
    yield from _off("the shortest side by the longest", thin / longest, anatomy.thin)
    yield from _off("height by length", float(solid.size[2]) / long, anatomy.tall)
    yield from _off("width by length", short / long, anatomy.wide)


def _axes(solid: Solid, view: View) -> tuple[int, int]:
    across = FRONT if solid.size[0] >= solid.size[1] else SIDE
    return TOP if view == "top" else across if view == "long" else (SIDE if across == FRONT else FRONT)


def _silhouettes(solid: Solid, anatomy: Anatomy) -> Iterator[str]:
    views: dict[View, Range | None] = {"long": anatomy.long, "end": anatomy.end, "top": anatomy.top}
    for view, bounds in views.items():
        least = anatomy.openings.get(view, 0)
        if bounds is None and not least and view not in anatomy.disc:
            continue
        grid = solid.silhouette(_axes(solid, view))
        yield from _off(f"what it fills seen {view}", float(grid[2:-2, 2:-2].mean()), bounds)
        if holes(grid) < least:
            yield f"{holes(grid)} openings seen {view}, not {least}"
        if view in anatomy.disc and not _is_disc(grid):
            yield f"it is not round seen {view}"


def _sparse(solid: Solid, anatomy: Anatomy) -> Iterator[str]:
    if anatomy.sparse < 1:
        least = min(float(solid.silhouette(view)[2:-2, 2:-2].mean()) for view in (FRONT, SIDE, TOP))
        if least > anatomy.sparse:
            yield f"it fills {least:.2f} of its rectangle from every side, not at most {anatomy.sparse:g} from one"


def _is_disc(grid: Grid) -> bool:
    rows, columns = np.flatnonzero(grid.any(axis=1)), np.flatnonzero(grid.any(axis=0))
    height, width = np.ptp(rows) + 1, np.ptp(columns) + 1
    y, x = np.mgrid[: grid.shape[0], : grid.shape[1]]
    away = np.hypot((y - rows.mean()) / (height / 2), (x - columns.mean()) / (width / 2))
    rim = grid & (away > 1.06)
    return bool(min(height, width) >= 0.88 * max(height, width) and rim.sum() <= 0.03 * grid.sum())


def _cuts(solid: Solid, anatomy: Anatomy) -> Iterator[str]:
    for cut in anatomy.cuts:
        grid = solid.cut(cut.at)
        found = len(pieces(grid, 3))
        if cut.pieces is not None and not cut.pieces[0] <= found <= cut.pieces[1]:
            yield f"{found} pieces at {cut.at:.0%} of its height, not {cut.pieces[0]} to {cut.pieces[1]}"
        spread = max((np.ptp(np.flatnonzero(grid.any(axis=axis))) + 1 for axis in (0, 1)), default=0) if found else 0
        yield from _off(f"its reach at {cut.at:.0%} of its height", spread / (max(grid.shape) - 4), cut.across)
        yield from _off(f"what it fills at {cut.at:.0%} of its height", float(grid[2:-2, 2:-2].mean()), cut.fill)


def _rest(solid: Solid, anatomy: Anatomy) -> Iterator[str]:
    if anatomy.islands > 1 and len(solid.islands) < anatomy.islands:
        yield f"{len(solid.islands)} separate surfaces, not at least {anatomy.islands}"
    if anatomy.feet is not None:
        found = len(pieces(solid.cut(0.02), 1))
        if not anatomy.feet[0] <= found <= anatomy.feet[1]:
            yield f"it stands on {found} places, not {anatomy.feet[0]} to {anatomy.feet[1]}"
    if anatomy.wheels is not None:
        turning = sum(_is_wheel(one, solid) for one in solid.islands)
        if not anatomy.wheels[0] <= turning <= anatomy.wheels[1]:
            yield f"{turning} wheels, not {anatomy.wheels[0]} to {anatomy.wheels[1]}"
    if anatomy.hollow and not _is_hollow(solid):
        yield "it is not hollow"


def _is_wheel(piece: Solid, whole: Solid) -> bool:
    """A disc or ring on edge that reaches the ground: counted once, by its outermost surface."""
    width, depth, height = piece.size.tolist()
    if piece.low[2] - whole.low[2] > 0.03 * whole.size[2] or height < 0.08 * whole.size[2]:
        return False
    across, thick = max(width, depth), min(width, depth)
    view = SIDE if depth >= width else FRONT
    return abs(across - height) <= 0.08 * height and thick <= 0.7 * height and _is_disc(piece.silhouette(view))


def _is_hollow(solid: Solid) -> bool:
    """Whether, well within its outline, most of what is cut at three quarters of its height is empty."""
    grid = solid.cut(0.75)
    if not grid.any():
        return False
    rows, columns = np.flatnonzero(grid.any(axis=1)), np.flatnonzero(grid.any(axis=0))
    y0, y1, x0, x1 = rows[0], rows[-1], columns[0], columns[-1]
    dy, dx = (y1 - y0) // 4, (x1 - x0) // 4
    return bool(grid[y0 + dy : y1 - dy + 1, x0 + dx : x1 - dx + 1].mean() < 0.35)
