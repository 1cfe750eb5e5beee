"""Submitting, through the real bridge over HTTP, against the bare writing of a file of the same size."""

import os
import time
from pathlib import Path

from .processes import bridge
from .report import Row, percentile

__all__ = ["submitting"]


def submitting(folder: Path, scale: float) -> list[Row]:
    """Bare and ours by turns, in the same folder."""
    output = folder / "submitting" / "output"
    bare, ours = list[float](), list[float]()
    with bridge(output) as there:
        request = {"prompt": "a red apple on a wooden table", "agents": [], "options": {"preset": "draft"}}
        accepted = there.client.call("POST", "/api/generate", request)
        content = (output / accepted["id"] / "session_state.json").read_bytes()
        for _ in range(max(100, int(500 * scale))):
            bare.append(_write_bare(output, content))
            ours.append(there.client.timed("POST", "/api/generate", request)[0])
    ratio = percentile(ours, 99) / percentile(bare, 99)
    note = (
        f"{len(ours)} of each by turns, files of {len(content)} bytes; p50 bare {percentile(bare, 50):.1f} ms, "
        f"ours {percentile(ours, 50):.1f} ms ({percentile(ours, 50) / percentile(bare, 50):.1f} ×). Ours makes "
        "a folder too, which needs a sync of its own beside those of the file and of the folder around it."
    )
    what = "submit, acknowledged durable, p99"
    return [Row("submit", what, percentile(bare, 99), percentile(ours, 99), "ms", ratio, 3, "×", note)]


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
