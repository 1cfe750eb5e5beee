"""Rebuilding the index from the folders, against the bare loop that reads and parses every state file."""

import time
from pathlib import Path

from addon.state.scanning import Tally, refresh_index
from addon.state.store import SessionStore

from .corpus import drop_index, parse_all
from .report import Row, median

__all__ = ["rebuild", "rebuilding"]

_ROUNDS = 3


def rebuilding(output: Path) -> list[Row]:
    """Bare and ours by turns, files in the system's cache."""
    count = parse_all(output)
    bare, ours = list[float](), list[float]()
    for _ in range(_ROUNDS):
        begun = time.perf_counter()
        parse_all(output)
        bare.append(time.perf_counter() - begun)
        ours.append(rebuild(output))
    ratio = median([one / other for one, other in zip(ours, bare, strict=True)])
    note = f"median of {_ROUNDS} rounds by turns; files in the system's cache, in one process, without an event loop."
    what = f"rebuild of the index for {count:,} folders"
    return [Row("rebuild", what, median(bare), median(ours), "s", ratio, 1.5, "×", note)]


def rebuild(output: Path) -> float:
    """Seconds from no index to one with every session."""
    drop_index(output)
    store = SessionStore(output)
    begun = time.perf_counter()
    store.open()
    refresh_index(store, Tally())
    taken_s = time.perf_counter() - begun
    store.close()
    return taken_s
