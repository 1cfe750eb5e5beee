"""What a benchmark found, and how it is shown: a table for people, JSON for programs."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

__all__ = ["Row", "as_json", "median", "percentile", "show"]


@dataclass(frozen=True)
class Row:
    """One line. ``value`` is what is held against ``limit``, both in ``value_unit``; ``bare`` and ``ours`` in ``unit``.

    ``note`` says what a reader must know to believe the number.
    """

    name: str
    what: str
    bare: float | None
    ours: float
    unit: str
    value: float
    limit: float
    value_unit: str
    note: str = ""

    @property
    def met(self) -> bool:
        """Whether the aim is met."""
        return self.value <= self.limit


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that ``percent`` of all do not exceed (nearest rank)."""
    ranked = sorted(values)
    return ranked[max(0, math.ceil(len(ranked) * percent / 100) - 1)]


def median(values: Sequence[float]) -> float:
    """The middle one."""
    return statistics.median(values)


def as_json(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Every field, and whether the aim is met."""
    return [asdict(row) | {"met": row.met} for row in rows]


def show(rows: Sequence[Row], console: Console) -> None:
    """Print the table and the notes below it."""
    table = Table(title="Speed against the bare cost of the same run", title_justify="left")
    for heading in ("what", "bare", "ours", "result", "aim", ""):
        table.add_column(heading, justify="left" if heading in ("what", "") else "right")
    for row in rows:
        table.add_row(
            row.what,
            "" if row.bare is None else _text(row.bare, row.unit),
            _text(row.ours, row.unit),
            _text(row.value, row.value_unit),
            "≤ " + _text(row.limit, row.value_unit),
            "met" if row.met else "[bold red]missed[/]",
        )
    console.print(table)
    for note in dict.fromkeys(f"{row.name}: {row.note}" for row in rows if row.note):
        console.print(f"· {note}", markup=False, highlight=False)


def _text(value: float, unit: str) -> str:
    digits = 0 if unit == "MB" else 1 if unit in ("ms", "%") else 2
    return f"{value:.{digits}f} {unit}"
