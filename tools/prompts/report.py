"""The table, the list of failures and the contact sheets of a run. Values and pictures only; any thread."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from .rows import Row, Verdict

__all__ = ["Result", "failures", "save_sheets", "table"]

COLUMNS = ("include", "count", "seen", "colour", "material", "shape", "relations", "form")
"""What can be wrong; the rest, crash and timeout, has a column of its own."""
TILE, ACROSS, DOWN, LINES, MARGIN = (400, 225), 4, 4, 3, 6
LINE = 15


@dataclass(frozen=True)
class Result:
    """One prompt's verdict, and its picture where one was made."""

    row: Row
    verdict: Verdict
    picture: Image.Image | None = field(default=None, compare=False)

    @property
    def met(self) -> bool:
        """Whether nothing was wrong."""
        return not self.verdict.wrong


def table(results: Sequence[Result]) -> str:
    """Shares of prompts that are right, by split: all of it, and each column. Times are of what was built."""
    splits = list(dict.fromkeys(one.row.split for one in results))
    head = f"{'split':<18}{'prompts':>8}{'met':>8}" + "".join(f"{name:>10}" for name in COLUMNS)
    lines = [f"{head}{'lost':>6}{'build ms':>10}{'check ms':>10}"]
    for split in [*splits, "all"] if len(splits) > 1 else splits:
        some = [one for one in results if split in (one.row.split, "all")]
        cells = [1 - sum(_wrong(one, name) for one in some) / len(some) for name in COLUMNS]
        lost = sum(_wrong(one, "crash") or _wrong(one, "timeout") for one in some)
        met = sum(one.met for one in some) / len(some)
        line = f"{split:<18}{len(some):>8}{met:>8.1%}" + "".join(f"{share:>10.1%}" for share in cells)
        times = [_median([value for one in some if (value := getattr(one.verdict, name))]) for name in TIMES]
        lines.append(f"{line}{lost:>6}{times[0]:>10.0f}{times[1]:>10.0f}")
    return "\n".join(lines)


TIMES = ("build_ms", "check_ms")


def _median(values: Sequence[float]) -> float:
    return statistics.median(values) if values else 0.0


def _wrong(result: Result, about: str) -> bool:
    return any(one.about == about for one in result.verdict.wrong)


def failures(results: Sequence[Result]) -> str:
    """A line for each prompt that is not met, with everything that is wrong."""
    lines = []
    for one in results:
        if not one.met:
            reasons = "; ".join(f"{wrong.about}: {wrong.text}" for wrong in one.verdict.wrong)
            lines.append(f"{one.row.split}  {one.row.prompt!r}  {reasons}")
    return "\n".join(lines)


def save_sheets(results: Sequence[Result], folder: Path, name: str) -> list[Path]:
    """Contact sheets of results with pictures, each labelled with its prompt and what is wrong."""
    shown = [one for one in results if one.picture is not None]
    paths = []
    for number, start in enumerate(range(0, len(shown), ACROSS * DOWN), 1):
        paths.append(folder / f"{name}-{number:02}.png")
        _sheet(shown[start : start + ACROSS * DOWN]).save(paths[-1])
    return paths


def _sheet(results: Sequence[Result]) -> Image.Image:
    rows = -(-len(results) // ACROSS)
    width, height = TILE[0] + MARGIN, TILE[1] + LINES * LINE + MARGIN
    sheet = Image.new("RGB", (ACROSS * width + MARGIN, rows * height + MARGIN), "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(12)
    for number, one in enumerate(results):
        x, y = MARGIN + number % ACROSS * width, MARGIN + number // ACROSS * height
        assert one.picture is not None
        sheet.paste(one.picture.resize(TILE, Image.Resampling.LANCZOS), (x, y))
        reasons = "; ".join(wrong.text for wrong in one.verdict.wrong)
        lines = [(one.row.prompt, "black"), *((text, "#b02020") for text in _folded(reasons, 66, LINES - 1))]
        for line, (text, ink) in enumerate(lines):
            draw.text((x + 2, y + TILE[1] + 1 + line * LINE), text[:70], fill=ink, font=font)
    return sheet


def _folded(text: str, width: int, most: int) -> list[str]:
    return [text[start : start + width] for start in range(0, min(len(text), width * most), width)]
