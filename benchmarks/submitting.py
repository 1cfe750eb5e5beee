"""Submitting, through the real bridge over HTTP, against the bare writing of a file of the same size."""

import contextlib
import os
import time
from collections.abc import Callable
from pathlib import Path

from addon.models.api import GenerateRequest
from addon.state.creation import create
from addon.state.store import SessionStore

from .processes import bridge
from .report import Row, percentile

__all__ = ["submitting"]


def submitting(folder: Path, scale: float) -> list[Row]:
    """Bare, made durable by the store, acknowledged over HTTP, and HTTP alone, by turns, in the same folder."""
    output = folder / "submitting" / "output"
    request = {"prompt": "a red apple on a wooden table", "agents": [], "options": {"preset": "draft"}}
    bare, made, ours, asked = list[float](), list[float](), list[float](), list[float]()
    with bridge(output) as there, contextlib.closing(SessionStore(output)) as store:
        store.open()
        accepted = there.client.call("POST", "/api/generate", request)
        content = (output / accepted["id"] / "session_state.json").read_bytes()
        parsed = GenerateRequest.model_validate(request)
        for _ in range(max(100, int(500 * scale))):
            bare.append(_write_bare(output, content))
            made.append(_timed(lambda: create(store, parsed)))
            ours.append(there.client.timed("POST", "/api/generate", request)[0])
            asked.append(there.client.timed("GET", "/api/agents")[0])
    notes = {
        "submit, made durable by the store, p99": (
            made,
            f"{len(ours)} of each by turns, files of {len(content)} bytes; p50 bare {percentile(bare, 50):.1f} ms, "
            f"the store {percentile(made, 50):.1f} ms. Ours makes a folder too, which needs a sync of its own beside "
            "those of the file and of the folder around it, and a row in the index.",
        ),
        "submit, acknowledged durable over HTTP, p99": (
            ours,
            f"p50 {percentile(ours, 50):.1f} ms; a request that writes nothing takes {percentile(asked, 50):.1f} ms "
            f"(p99 {percentile(asked, 99):.1f} ms).",
        ),
    }
    cost = percentile(bare, 99)
    return [
        Row("submit", what, cost, percentile(times, 99), "ms", percentile(times, 99) / cost, 3, "×", note)
        for what, (times, note) in notes.items()
    ]


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def _write_bare(output: Path, content: bytes) -> float:
    """Milliseconds for temporary file, fsync, rename, fsync of the folder."""
    temporary, final = f"{output}/.bare.tmp", f"{output}/.bare-{time.monotonic_ns()}"
    begun = time.perf_counter()
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    os.write(descriptor, content)
    os.fsync(descriptor)
    os.close(descriptor)
    os.replace(temporary, final)  # noqa: PTH105 - as bare as it gets
    descriptor = os.open(output, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
    return (time.perf_counter() - begun) * 1000
