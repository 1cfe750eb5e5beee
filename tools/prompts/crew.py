"""Workers that cannot stop the run: each prompt has a deadline, and a worker that misses it or dies is replaced.

One thread for each worker; the threads only wait for lines.
"""

import json
import queue
import selectors
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from .rows import Row, Verdict, Wrong

__all__ = ["run"]

ROOT = Path(__file__).resolve().parents[2]
START_S = 120.0
PER_WORKER = 150
"""Prompts after which a worker is replaced, so that nothing can pile up."""

Done = Callable[[Row, Verdict, Path], None]


class _Worker:
    """One process. Not shared between threads."""

    def __init__(self, pictured: str, log: Path) -> None:
        self._log = log.open("ab")
        command = [sys.executable, "-m", "tools.prompts.worker", pictured]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, bufsize=0
        )
        self.done = 0
        if self._line(START_S) is None:
            self.stop()
            raise RuntimeError(f"the worker did not start; its last words are in {log}")

    def ask(self, row: Row, folder: Path, deadline_s: float) -> Verdict | None:
        """The verdict; None where the worker died or the deadline passed, after which it is of no use."""
        order = {"row": row.model_dump(by_alias=True), "folder": str(folder)}
        try:
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
        except BrokenPipeError:
            return None
        line = self._line(deadline_s)
        self.done += 1
        return Verdict.model_validate_json(line) if line else None

    def _line(self, deadline_s: float) -> bytes | None:
        stream = self._process.stdout
        assert stream is not None
        with selectors.DefaultSelector() as ready:
            ready.register(stream, selectors.EVENT_READ)
            # An answer is one line written at once, so whoever can read can read all of it.
            line = stream.readline() if ready.select(deadline_s) else b""
        return line or None

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def stop(self) -> None:
        """End it, by force: it holds nothing that matters."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._log):
            if stream is not None:
                stream.close()


def run(rows: Sequence[Row], jobs: int, pictured: str, deadline_s: float, done: Done) -> None:
    """Judge every row, ``jobs`` at a time. ``done`` is called for each, one at a time, with the folder of its files,
    which are gone when it returns."""
    waiting: queue.SimpleQueue[Row] = queue.SimpleQueue()
    for row in rows:
        waiting.put(row)
    with tempfile.TemporaryDirectory(prefix="prompts-") as name:
        lock = threading.Lock()
        places = [Path(name) / str(number) for number in range(jobs)]
        threads = [
            threading.Thread(target=_work, args=(waiting, place, pictured, deadline_s, done, lock)) for place in places
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def _work(
    waiting: "queue.SimpleQueue[Row]", place: Path, pictured: str, deadline_s: float, done: Done, lock: threading.Lock
) -> None:
    place.mkdir()
    worker: _Worker | None = None
    try:
        while True:
            try:
                row = waiting.get_nowait()
            except queue.Empty:
                return
            for old in place.glob("*.*"):
                if old.suffix != ".log":
                    old.unlink()
            if worker is not None and worker.done >= PER_WORKER:
                worker.stop()
                worker = None
            worker = worker or _Worker(pictured, place / "worker.log")
            verdict = worker.ask(row, place, deadline_s)
            if verdict is None:
                verdict = Verdict(wrong=(_lost(worker, deadline_s),))
                worker.stop()
                worker = None
            with lock:
                done(row, verdict, place)
    finally:
        if worker is not None:
            worker.stop()


def _lost(worker: _Worker, deadline_s: float) -> Wrong:
    if worker.alive:
        return Wrong(about="timeout", text=f"no answer within {deadline_s:g} s")
    return Wrong(about="crash", text="the process died")
