"""Groups that no relation ties together: side by side, or in rows with the tall ones behind. Pure; any thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from .geometry import Rect

__all__ = ["Block", "pack"]

_GAP = 0.14
_MOST_ROWS, _MOST_SPLIT = 5, 14
_MORE_ROWS = 1.12
"""By how much another row must make the picture fuller: one row is the easiest to read."""
_LOOK_OVER, _PER_HEIGHT = 0.3, 1.6
"""The share of what is behind that may be covered, and the distance at which a metre in front covers nothing."""


@dataclass(frozen=True)
class Block:
    """What moves as one. ``side``: -1 left, 0 anywhere, 1 right; ``layer``: -1 front, 0 middle, 1 back."""

    rect: Rect
    side: int = 0
    layer: int = 0


def pack(blocks: Sequence[Block], aspect: float, spread: float, crowd: bool = False) -> list[tuple[float, float]]:
    """How far to move each block, in order. ``crowd``: they are several of a kind, and two may be behind each other."""
    if not blocks:
        return []
    middle = [number for number, block in enumerate(blocks) if block.layer == 0]
    front = [number for number, block in enumerate(blocks) if block.layer < 0]
    back = [number for number, block in enumerate(blocks) if block.layer > 0]
    rows = [front] if front else []
    rows.extend(_rows(blocks, middle, aspect, spread, 2 if crowd else 3))
    if back:
        rows.append(back)
    return _laid(blocks, rows, spread)


def _rows(
    blocks: Sequence[Block], numbers: Sequence[int], aspect: float, spread: float, least_split: int
) -> list[list[int]]:
    """The rows, nearest first, that fill a picture of this aspect best."""
    if not numbers:
        return []
    ordered = sorted(numbers, key=lambda number: (blocks[number].rect.top, number))
    best: list[list[int]] = [list(numbers)]
    least = _needed(blocks, best, aspect, spread)
    # Two things behind each other would look as if that were meant.
    most = min(_MOST_ROWS, len(numbers)) if least_split <= len(numbers) <= _MOST_SPLIT else 1
    for count in range(2, most + 1):
        rows = [sorted(row) for row in _split(blocks, ordered, count)]
        needed = _needed(blocks, rows, aspect, spread) * _MORE_ROWS
        if needed < least:
            best, least = rows, needed
    return best


def _split(blocks: Sequence[Block], numbers: Sequence[int], count: int) -> list[list[int]]:
    """``numbers`` in ``count`` runs, the widest of which is as narrow as can be."""
    widths = [blocks[number].rect.width for number in numbers]
    cuts = min(
        combinations(range(1, len(numbers)), count - 1),
        key=lambda chosen: max(sum(widths[a:b]) for a, b in pairwise((0, *chosen, len(widths)))),
    )
    return [list(numbers[a:b]) for a, b in pairwise((0, *cuts, len(numbers)))]


def _needed(blocks: Sequence[Block], rows: Sequence[Sequence[int]], aspect: float, spread: float) -> float:
    """The height of the picture, in metres, that rows need."""
    moves = _laid(blocks, rows, spread)
    rects = [blocks[number].rect.moved(*moves[number]) for row in rows for number in row]
    width = max(rect.x1 for rect in rects) - min(rect.x0 for rect in rects)
    height = max(rect.y0 * 0.4 + rect.top for rect in rects) - min(rect.y0 * 0.4 for rect in rects)
    return max(width / aspect, height)


def _laid(blocks: Sequence[Block], rows: Sequence[Sequence[int]], spread: float) -> list[tuple[float, float]]:
    moves = [(0.0, 0.0)] * len(blocks)
    y = 0.0
    before: list[Rect] = []
    for row in rows:
        rects = [blocks[number].rect for number in row]
        if before:
            tall = max(rect.top for rect in before)
            # Rows are as far apart as lets what is behind look over what is in front.
            over = (tall - _LOOK_OVER * min(rect.top for rect in rects)) * _PER_HEIGHT * spread
            y += max(
                _GAP * max(rect.depth for rect in rects), over - min(tall * 0.3, min(rect.depth for rect in before) / 2)
            )
        depth = max(rect.depth for rect in rects)
        for number, x in zip(_sided(blocks, row), _line(blocks, _sided(blocks, row), spread), strict=True):
            rect = blocks[number].rect
            moves[number] = (x - rect.x0, y + depth / 2 - (rect.y0 + rect.y1) / 2)
        y += depth
        before = rects
    return moves


def _sided(blocks: Sequence[Block], row: Sequence[int]) -> list[int]:
    return sorted(row, key=lambda number: blocks[number].side)


def _line(blocks: Sequence[Block], row: Sequence[int], spread: float) -> list[float]:
    """Where each block of a row begins; the row is centred."""
    widths = [blocks[number].rect.width for number in row]
    gap = _GAP * spread * (sum(widths) / len(widths) * 0.5 + max(widths) * 0.5)
    starts, at = [], -(sum(widths) + gap * (len(widths) - 1)) / 2
    for width in widths:
        starts.append(at)
        at += width + gap
    return starts
