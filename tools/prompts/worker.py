"""A process that makes and checks prompts one after the other: a JSON line in, a JSON line out. Main thread.

Blender writes to standard output as it likes, so the answers go through a copy of it that Blender does not know.
"""

import json
import os
import sys
import time
import traceback
from pathlib import Path

from PIL import Image

from .check import check, picture_of
from .make import Maker
from .rows import Row, Verdict, Wrong

__all__: list[str] = []


def main() -> None:
    """Until standard input ends. The argument says which prompts to picture: "all", "failures" or "none"."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    pictured, maker = sys.argv[1], Maker()
    print(json.dumps("ready"), file=answers, flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        verdict = _verdict(maker, Row.model_validate(order["row"]), Path(order["folder"]), pictured)
        print(verdict.model_dump_json(), file=answers, flush=True)


def _verdict(maker: Maker, row: Row, folder: Path, pictured: str) -> Verdict:
    path = folder / "scene.blend"
    build_ms = 0.0
    try:
        build_ms = maker.make(row.prompt, path)
        start = time.perf_counter()
        wrong = check(path, row)
        spent = (time.perf_counter() - start) * 1000
        if pictured == "all" or (pictured == "failures" and wrong):
            Image.fromarray(picture_of(path)).save(folder / "picture.png")
    except Exception as error:  # noqa: BLE001 - the next prompt must not suffer; the report tells it
        traceback.print_exc()
        text = f"{type(error).__name__}: {error}"[:300]
        return Verdict(wrong=(Wrong(about="crash", text=text),), build_ms=build_ms)
    return Verdict(wrong=tuple(wrong), build_ms=build_ms, check_ms=spent)


if __name__ == "__main__":
    main()
