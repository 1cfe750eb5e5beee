"""What a file of prompts asks for. Values only; any thread."""

import json
import random
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Asked", "Related", "Row", "Verdict", "Wrong", "read_rows", "sampled"]


class Asked(BaseModel):
    """One kind of thing. ``class`` is its word as a rule in the singular, ``class_surface`` as it was typed."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    name: str | None = Field(None, alias="class")
    surface: str | None = Field(None, alias="class_surface")
    count: int = 1
    color: str | None = None
    texture: str | None = None
    shape: str | None = None

    @property
    def word(self) -> str:
        """What it is called."""
        return (self.name or self.surface or "").strip().lower()


class Related(BaseModel):
    """A relation between two of the things, by their places in ``include``."""

    model_config = ConfigDict(frozen=True)

    subject: int
    relation: str
    object: int


class Row(BaseModel):
    """One prompt."""

    model_config = ConfigDict(frozen=True)

    split: str = "prompts"
    prompt: str
    include: tuple[Asked, ...] = ()
    relations: tuple[Related, ...] = ()


class Wrong(BaseModel):
    """One thing that is not as asked. ``about`` is a column of the table."""

    model_config = ConfigDict(frozen=True)

    about: str
    text: str


class Verdict(BaseModel):
    """What came of one prompt. ``build_ms`` is from the prompt to the saved scene, without any render."""

    wrong: tuple[Wrong, ...] = ()
    build_ms: float = 0.0
    check_ms: float = 0.0
    notes: tuple[str, ...] = ()


def read_rows(path: Path, split: str | None = None) -> list[Row]:
    """The rows of a file of JSON lines, of one split or of all. Raises ``ValueError`` that names the line."""
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = Row.model_validate(json.loads(line))
        except ValueError as error:
            raise ValueError(f"{path.name}, line {number}: {error}") from error
        if split is None or row.split.startswith(split):
            rows.append(row)
    return rows


def sampled(rows: Iterable[Row], size: int | None, seed: int = 0) -> list[Row]:
    """At most ``size`` rows of each split, by chance but always the same ones for a seed."""
    by_split: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_split[row.split].append(row)
    chance = random.Random(seed)
    chosen = []
    for group in by_split.values():
        chosen += group if size is None or size >= len(group) else chance.sample(group, size)
    return chosen
