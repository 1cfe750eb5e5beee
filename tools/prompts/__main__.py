"""``make prompts``: how many prompts of a file are met in the finished scene, by split, and the pictures of the rest.

Each line of the file: {"split", "prompt", "include": [{"class" or "class_surface", "count", "color", "texture",
"shape"}], "relations": [{"subject", "relation", "object"}]}.
"""

import argparse
import json
import sys
import time
from pathlib import Path

from PIL import Image

from .crew import run
from .report import Result, failures, save_sheets, table
from .rows import Row, Verdict, read_rows, sampled

__all__: list[str] = []


def main() -> int:
    """The command line; 1 where a prompt is not met."""
    options = _options()
    try:
        rows = sampled(read_rows(options.file, options.split), options.sample, options.seed)
    except (OSError, ValueError) as error:
        sys.exit(f"{error}")
    if not rows:
        sys.exit("There is no such prompt in the file.")
    options.out.mkdir(parents=True, exist_ok=True)
    results: list[Result] = []
    started = time.monotonic()

    def done(row: Row, verdict: Verdict, folder: Path) -> None:
        path = folder / "picture.png"
        picture = Image.open(path).convert("RGB") if path.exists() else None
        results.append(Result(row, verdict, picture))
        if not options.quiet:
            spent = time.monotonic() - started
            print(f"\r{len(results)} of {len(rows)}, {spent:.0f} s", end="", file=sys.stderr, flush=True)

    pictured = "all" if options.all_pictures else "none" if options.no_pictures else "failures"
    run(rows, options.jobs, pictured, options.deadline, done)
    print(file=sys.stderr)
    _report(results, options.out)
    return int(not all(one.met for one in results))


def _report(results: list[Result], out: Path) -> None:
    results.sort(key=lambda one: (one.row.split, one.row.prompt))
    with (out / "verdicts.jsonl").open("w", encoding="utf-8") as file:
        for one in results:
            row = {**one.row.model_dump(by_alias=True, exclude_none=True), **one.verdict.model_dump()}
            file.write(json.dumps(row) + "\n")
    print(failures(results))
    print(table(results))
    sheets = [
        *save_sheets([one for one in results if not one.met], out, "failures"),
        *save_sheets([one for one in results if one.met], out, "met"),
    ]
    print(*sheets, sep="\n")


def _options() -> argparse.Namespace:
    options = argparse.ArgumentParser(
        prog="python -m tools.prompts", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--file", type=Path, required=True, help="JSON lines")
    options.add_argument("--split", help="only splits whose name starts with this")
    options.add_argument("--sample", type=int, help="at most so many of each split")
    options.add_argument("--seed", type=int, default=0, help="of the sample")
    options.add_argument("--out", type=Path, default=Path("output/.prompts"), help="where pictures and verdicts go")
    options.add_argument("--jobs", type=int, default=2, help="prompts at a time, at most one per core")
    options.add_argument("--deadline", type=float, default=60.0, help="seconds for a prompt; more is a failure")
    options.add_argument("--all-pictures", action="store_true", help="of what is met too")
    options.add_argument("--no-pictures", action="store_true", help="faster")
    options.add_argument("--quiet", action="store_true", help="no count while it runs")
    return options.parse_args()


if __name__ == "__main__":
    sys.exit(main())
