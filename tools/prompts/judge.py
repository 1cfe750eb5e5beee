"""One prompt against its scene: every asked thing, count, look and relation. Any thread, once the scene is read."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, permutations

import numpy as np
from numpy.typing import NDArray

from .anatomy import misbuilt
from .colours import shown_color, wears
from .grid import Grid
from .relations import broken
from .rows import Asked, Row, Wrong
from .seen import Sighting
from .shapes import SIZE_WORDS, shaped
from .stuff import made_of
from .words import is_plural, same

__all__ = ["judged"]

LEAST_AREA, LEAST_EXTENT = 0.003, 0.09
"""A thing that shows less of the picture, or is shorter than this share of its height, is hard to make out."""
LEAST_AROUND = 0.05
LEAST_VISIBLE, LEAST_HIDDEN = 0.35, 0.12
MOST_OUTSIDE = 0.01
DOMINANT, FRAMING = 0.4, 0.2
FRAMES = ("frame", "mirror", "window")
"""A wooden frame is of wood, and what it frames is not."""
MOST_WAYS = 120


@dataclass(frozen=True)
class _Scene:
    """What there is to judge by; ``picture`` only where colours are asked for."""

    seen: Sequence[Sighting]
    picture: NDArray[np.uint8] | None


def judged(row: Row, seen: Sequence[Sighting], picture: NDArray[np.uint8] | None) -> list[Wrong]:
    """Everything that is not as the prompt asks; nothing where it is met."""
    scene = _Scene(seen, picture)
    best: list[Wrong] | None = None
    for chosen in _ways(row, seen):
        wrong = _wrong(row, chosen, scene)
        if best is None or len(wrong) < len(best):
            best = wrong
        if not best:
            break
    return best if best is not None else []


def _ways(row: Row, seen: Sequence[Sighting]) -> list[list[list[Sighting]]]:
    """Which sightings each asked thing may be: all of its name, or where two share a name, every way to share."""
    fitting = [[one for one in seen if same(asked.word, one.thing.noun)] for asked in row.include]
    shared = [number for number, some in enumerate(fitting) if some and fitting.count(some) > 1]
    if not shared:
        return [fitting]
    ways = []
    for order in islice(permutations(fitting[shared[0]]), MOST_WAYS):
        left, way = list(order), list(fitting)
        for number in shared:
            count = row.include[number].count if number != shared[-1] else len(left)
            way[number], left = left[:count], left[count:]
        ways.append(way)
    return ways


def _wrong(row: Row, chosen: list[list[Sighting]], scene: _Scene) -> list[Wrong]:
    hidden = {one.subject for one in row.relations if one.relation == "hidden by"}
    wrong: list[Wrong] = []
    for number, (asked, some) in enumerate(zip(row.include, chosen, strict=True)):
        if not some:
            wrong.append(Wrong(about="include", text=f"there is no {asked.word}"))
            continue
        wrong += _count(asked, some)
        for one in some:
            wrong += _sight(one, LEAST_HIDDEN if number in hidden else LEAST_VISIBLE)
        wrong += _looks(asked, some, scene)
        wrong += [Wrong(about="form", text=f"{some[0].thing.noun}: {text}") for text in _misbuilt(some[0], asked)]
    wrong += _sizes(row, chosen)
    for relation in row.relations:
        for one in chosen[relation.subject][:1]:
            for other in chosen[relation.object][:1]:
                text = broken(relation.relation, one, other)
                if text:
                    what = f"{one.thing.noun} {relation.relation} {other.thing.noun}: {text}"
                    wrong.append(Wrong(about="relations", text=what))
    return wrong


def _misbuilt(one: Sighting, asked: Asked) -> list[str]:
    """What is asked to be of another shape need not have the usual one."""
    return [] if one.around else misbuilt(one.thing, usual=asked.shape is None)


def _count(asked: Asked, some: list[Sighting]) -> list[Wrong]:
    found = len({one.thing.instance for one in some}) if len({one.thing.noun for one in some}) == 1 else len(some)
    found = max(found, len(some))
    if found == asked.count or (asked.count == 1 and asked.name and is_plural(asked.name)):
        return []
    return [Wrong(about="count", text=f"{found} of {asked.count} {asked.word}")]


def _sight(one: Sighting, least: float) -> list[Wrong]:
    name = one.thing.title
    if one.around:
        few = one.area < LEAST_AROUND
        return [Wrong(about="seen", text=f"{name}: {one.area:.1%} of the picture")] if few else []
    wrong = []
    if one.outside > MOST_OUTSIDE:
        wrong.append(f"{name}: {one.outside:.0%} of it is cut off")
    if one.visible < least:
        wrong.append(f"{name}: only {one.visible:.0%} of it is seen")
    if one.area < LEAST_AREA or one.extent < LEAST_EXTENT:
        wrong.append(f"{name}: too small ({one.area:.2%} of the picture, {one.extent:.0%} of its height)")
    return [Wrong(about="seen", text=text) for text in wrong]


def _looks(asked: Asked, some: list[Sighting], scene: _Scene) -> list[Wrong]:
    wrong = []
    for one in some:
        name = one.thing.title
        if asked.color and scene.picture is not None and one.mask.any():
            pixels = scene.picture[_shrunk(one.mask, scene.picture.shape[:2])]
            ok, share = wears(pixels, asked.color)
            if not ok:
                text = f"{name}: {share:.0%} {asked.color}, but {shown_color(pixels)}"
                wrong.append(Wrong(about="colour", text=text))
        if asked.texture:
            share = _made_share(one, asked.texture)
            if share < (FRAMING if one.thing.noun.split(" ")[-1] in FRAMES else DOMINANT):
                wrong.append(Wrong(about="material", text=f"{name}: {share:.0%} of it is {asked.texture}"))
    if asked.shape and asked.shape not in SIZE_WORDS and not _shaped(some[0], asked.shape):
        wrong.append(Wrong(about="shape", text=f"{some[0].thing.title}: not {asked.shape}"))
    return wrong


def _shrunk(mask: Grid, shape: tuple[int, ...]) -> Grid:
    """A mask at the size of the picture; of a thing too thin for that, whatever pixels it has."""
    rows, columns = (np.arange(size) * of // size for size, of in zip(shape, mask.shape, strict=True))
    small = mask[np.ix_(rows, columns)]
    if small.any():
        return small
    found = np.zeros(shape, dtype=bool)
    for y, x in np.argwhere(mask):
        found[min(shape[0] - 1, y * shape[0] // mask.shape[0]), min(shape[1] - 1, x * shape[1] // mask.shape[1])] = True
    return found


def _made_share(one: Sighting, word: str) -> float:
    """The share of a thing's surface that is of this material, by area."""
    areas = {part.index: _area(part.points[part.faces]) for part in one.thing.parts}
    fitting = sum(areas[part.index] for part in one.thing.parts if made_of(part.surface, word))
    return fitting / max(1e-12, sum(areas.values()))


def _area(triangles: NDArray[np.float64]) -> float:
    first, second, third = (triangles[:, corner] for corner in range(3))
    return float(np.linalg.norm(np.cross(second - first, third - first), axis=1).sum() / 2)


def _shaped(one: Sighting, word: str) -> bool:
    gems = any(part.surface.clear for part in one.thing.parts)
    return shaped(one.thing.solid, word, gems)


def _sizes(row: Row, chosen: list[list[Sighting]]) -> list[Wrong]:
    """Big and small, tall and short, long: more or less than the other things in the picture."""
    wrong = []
    for number, asked in enumerate(row.include):
        sign = SIZE_WORDS.get(asked.shape or "")
        if sign is None or not chosen[number]:
            continue
        others = [some[0] for other, some in enumerate(chosen) if other != number and some]
        opposed = [
            some[0]
            for other, some in enumerate(chosen)
            if some and SIZE_WORDS.get(row.include[other].shape or "", sign) == -sign
        ]
        own = _measure(chosen[number][0], asked.shape or "")
        if sign > 0 and not opposed and asked.shape in ("tall", "long"):
            fits = shaped(chosen[number][0].thing.solid, asked.shape) or all(
                own >= 1.15 * _measure(one, asked.shape) for one in others
            )
        else:
            limits = [_measure(one, asked.shape or "") for one in opposed or others]
            fits = all(own * 1.15 <= one if sign < 0 else own >= one * 1.15 for one in limits)
        if not fits:
            wrong.append(Wrong(about="shape", text=f"{chosen[number][0].thing.title}: not {asked.shape}"))
    return wrong


def _measure(one: Sighting, word: str) -> float:
    if one.around:
        return 0.0
    if word in ("tall", "short"):
        return one.box.height
    return max(one.box.width, one.box.height) if word == "long" else float(one.whole.sum()) ** 0.5
