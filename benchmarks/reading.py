"""Reading among 100,000 sessions while Cycles renders on all cores: from the bridge, and from Blender's own server."""

import socket
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import Any

from .client import Client
from .processes import Bridge, bridge, started, until, worker_address
from .rebuilding import rebuild
from .report import Row, percentile

__all__ = ["reading"]

_PAUSE_S = 0.01
_AIMS_MS = {"the bridge": 20, "Blender's own server": 30}


def reading(folder: Path, output: Path, names: list[str], scale: float) -> list[Row]:
    """All kinds of requests by turns, during one long render."""
    rebuild(output)
    with ExitStack() as stack:
        there = stack.enter_context(bridge(output, blender="bpy"))
        address = until(lambda: worker_address(output), 60, "Blender serves")
        echo = _echo(stack, folder)
        servers = {"the bridge": there.client, "Blender's own server": Client(address)}
        until(lambda: _recovered(there.client), 300, "recovery is done")
        rendering = _render(there)
        calls: dict[str, Callable[[str], float]] = {"echo": lambda _: echo()}
        for server, client in servers.items():
            calls[f"a session, from {server}"] = lambda name, c=client: c.timed("GET", f"/api/session/{name}")[0]  # type: ignore[misc]
            calls[f"a list of 50, from {server}"] = lambda _, c=client: c.timed("GET", "/api/sessions?limit=50")[0]  # type: ignore[misc]
        times = _measure(calls, names, max(100, int(400 * scale)))
        if not _samples_run(there, rendering):
            raise RuntimeError("the render ended before the measuring did")
        there.client.call("POST", f"/api/session/{rendering}/cancel")
    return _rows(times, len(names))


def _rows(times: dict[str, list[float]], count: int) -> list[Row]:
    echo = times.pop("echo")
    note = (
        f"{len(echo)} requests of each kind by turns on kept connections, {_PAUSE_S * 1000:.0f} ms apart, from a "
        "client on the same cores. Bare is a byte through an asyncio echo in a process of its own under the same load: "
        "what the scheduler alone costs."
    )
    rows = []
    for what, values in times.items():
        aim = next(limit for server, limit in _AIMS_MS.items() if what.endswith(server))
        shown = f"{what}, of {count:,}, while Cycles renders, p99"
        p99 = percentile(values, 99)
        rows.append(Row("read", shown, percentile(echo, 99), p99, "ms", p99, aim, "ms"))
    middle = "; ".join(f"{what} {percentile(values, 50):.1f} ms" for what, values in {"echo": echo, **times}.items())
    return [replace(row, note=f"{note} p50: {middle}.") for row in rows]


def _measure(calls: dict[str, Callable[[str], float]], names: list[str], count: int) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {what: [] for what in calls}
    several = cycle(names[:: max(1, len(names) // 997)])
    for _ in range(count):
        for what, call in calls.items():
            times[what].append(call(next(several)))
            time.sleep(_PAUSE_S)
    return times


def _recovered(client: Client) -> bool:
    time.sleep(0.2)
    recovery = client.call("GET", "/api/health")["recovery"]
    return bool(recovery["state"] == "done" and recovery["total"])


def _render(there: Bridge) -> str:
    """Start a render that is far longer than the measuring; gives the session."""
    options: dict[str, Any] = {"resolution": [1280, 720], "samples": 16384}
    request = {"prompt": "a red apple on a wooden table", "agents": ["render"], "options": options}
    session_id = str(there.client.call("POST", "/api/generate", request)["id"])
    until(lambda: _samples_run(there, session_id), 120, "Cycles renders samples")
    return session_id


def _samples_run(there: Bridge, session_id: str) -> bool:
    time.sleep(0.2)
    session = there.client.call("GET", f"/api/session/{session_id}")
    return bool(session["status"] == "in_progress" and "Sample" in session["message"])


def _echo(stack: ExitStack, folder: Path) -> Callable[[], float]:
    log = folder / "echo.log"
    stack.enter_context(started([sys.executable, "-m", "benchmarks.echo"], log))
    port = until(lambda: log.read_text().strip(), 30, "the echo serves")
    connection = stack.enter_context(socket.create_connection(("127.0.0.1", int(port))))

    def call() -> float:
        begun = time.perf_counter()
        connection.sendall(b"x")
        connection.recv(1)
        return (time.perf_counter() - begun) * 1000

    return call
