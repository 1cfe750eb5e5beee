"""``python -m benchmarks``: every aim of speed, measured on this machine. Main thread; starts real processes."""

import argparse
import json
import signal
import sys
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

import psutil
from rich.console import Console

from .corpus import make_corpus, temporary_folder
from .memory import blender_memory, bridge_memory
from .reading import reading
from .rebuilding import rebuilding
from .report import Row, as_json, show
from .sessions import sessions
from .starting import starting
from .submitting import submitting

_SESSIONS = 100_000
_QUIET_PERCENT = 15


class _Bench:
    """The folders that the benchmarks share, made when the first one needs them."""

    def __init__(self, folder: Path, scale: float, console: Console) -> None:
        self.folder = folder
        self.scale = scale
        self._console = console

    @cached_property
    def names(self) -> list[str]:
        """The ids in ``output``."""
        count = max(1000, int(_SESSIONS * self.scale))
        self._console.print(f"making {count:,} sessions …")
        return make_corpus(self._corpus, count)

    @property
    def output(self) -> Path:
        """The output folder with many sessions."""
        assert self.names
        return self._corpus

    @property
    def _corpus(self) -> Path:
        return self.folder / "many" / "output"


_BENCHMARKS: dict[str, Callable[[_Bench], list[Row]]] = {
    "submit": lambda bench: submitting(bench.folder, bench.scale),
    "read": lambda bench: reading(bench.folder, bench.output, bench.names, bench.scale),
    "start": lambda bench: starting(bench.folder, bench.output),
    "rebuild": lambda bench: rebuilding(bench.output),
    "session": lambda bench: sessions(bench.folder),
    "memory": lambda bench: bridge_memory(bench.output) + blender_memory(bench.folder, bench.scale),
}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", choices=_BENCHMARKS, action="append", help="run this one (may be given again)")
    parser.add_argument("--scale", type=float, default=1.0, help="0.1: a tenth of the sessions and requests")
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="write the figures to FILE too (- for standard output)"
    )
    return parser.parse_args()


def _tell_machine(console: Console) -> None:
    busy = psutil.cpu_percent(interval=1.0)
    console.print(f"{psutil.cpu_count()} cores, {busy:.0f} % busy with something else, Python {sys.version.split()[0]}")
    if busy > _QUIET_PERCENT:
        console.print(
            "[bold red]This machine is not quiet: what follows tells more about its load than about speed.[/]"
        )


def _main() -> int:
    arguments = _arguments()
    # Told to end, it still ends what it has started and removes its folder.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    to_stdout = arguments.json is not None and str(arguments.json) == "-"
    console = Console(stderr=to_stdout)
    _tell_machine(console)
    rows: list[Row] = []
    with temporary_folder() as folder:
        bench = _Bench(folder, arguments.scale, console)
        for name in arguments.only or _BENCHMARKS:
            begun = time.perf_counter()
            console.print(f"{name} …")
            rows += _BENCHMARKS[name](bench)
            console.print(f"{name}: {time.perf_counter() - begun:.0f} s")
        show(rows, console)
    text = json.dumps(as_json(rows), indent=1)
    if to_stdout:
        print(text)
    elif arguments.json is not None:
        arguments.json.write_text(text + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(_main())
