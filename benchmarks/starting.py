"""From the start of the bridge's process to the first answer of its API, in a full folder and in an empty one."""

from pathlib import Path

from .corpus import drop_index
from .processes import bridge
from .rebuilding import rebuild
from .report import Row, median

__all__ = ["starting"]

_ROUNDS = 5


def starting(folder: Path, output: Path) -> list[Row]:
    """With the index, with none, and with no sessions, by turns."""
    count = sum(1 for path in output.iterdir() if not path.name.startswith("."))
    empty = folder / "empty" / "output"
    empty.mkdir(parents=True)
    none, indexed, unindexed = list[float](), list[float](), list[float]()
    for _ in range(_ROUNDS):
        none.append(_start(empty))
        rebuild(output)
        indexed.append(_start(output))
        drop_index(output)
        unindexed.append(_start(output))
    note = (
        f"median of {_ROUNDS} starts by turns, from the start of the process to a list of 50 (without index: of what "
        "is read so far; recovery goes on meanwhile). No Blender: the bridge starts one after it answers."
    )
    base = median(none)
    slowest = max(median(indexed), median(unindexed)) - base
    return [
        Row(
            "start", f"start until the API answers, {count:,} sessions, with index",
            base, median(indexed), "s", median(indexed), 2, "s", note,
        ),
        Row(
            "start", f"start until the API answers, {count:,} sessions, no index",
            base, median(unindexed), "s", median(unindexed), 2, "s", note,
        ),
        Row(
            "start", "the slower of these, more than with no sessions",
            base, base + slowest, "s", slowest, 1, "s", note,
        ),
    ]  # fmt: skip


def _start(output: Path) -> float:
    with bridge(output) as there:
        return there.started_s
