"""Memory of the bridge with 100,000 sessions, and of Blender after many."""

import time
from pathlib import Path

from .client import Client
from .corpus import drop_index
from .processes import bridge, resident_mb, until
from .report import Row

__all__ = ["blender_memory", "bridge_memory"]

_TINY = {"preset": "draft", "resolution": [64, 36], "samples": 1}
_PROMPTS = (
    "a red apple on a wooden table",
    "two blue chairs next to a small round table",
    "generate an Under Armour 3d logo",
    "three green bottles and a white cup",
)


def bridge_memory(output: Path) -> list[Row]:
    """After it has made the index of all sessions and answered 200 lists."""
    drop_index(output)
    with bridge(output) as there:
        at_first, _ = resident_mb(there.pid)
        total = until(lambda: _recovered(there.client), 300, "recovery is done")
        for _ in range(200):
            there.client.call("GET", "/api/sessions?limit=50")
        now, highest = resident_mb(there.pid)
    note = (
        f"at its highest while it made the index of all and checked their files; {now:.0f} MB afterwards. Bare is the "
        "same process right after its start."
    )
    return [
        Row("memory", f"memory of the bridge, {total:,} sessions", at_first, highest, "MB", highest, 150, "MB", note)
    ]


def _recovered(client: Client) -> int:
    time.sleep(0.2)
    recovery = client.call("GET", "/api/health")["recovery"]
    return int(recovery["total"]) if recovery["state"] == "done" else 0


def blender_memory(folder: Path, scale: float) -> list[Row]:
    """Tiny sessions one after the other in one Blender: the last against the 20th."""
    output = folder / "memory" / "output"
    count = max(40, int(200 * scale))
    begun = time.perf_counter()
    with bridge(output, blender="bpy") as there:
        for number in range(count):
            request = {"prompt": _PROMPTS[number % len(_PROMPTS)], "agents": [], "options": {**_TINY, "seed": number}}
            there.client.call("POST", "/api/generate", request)
        pid, early = _after(there.client, 20)
        last_pid, late = _after(there.client, count)
        failed = there.client.call("GET", "/api/sessions?status=failed&limit=1")["total"]
    if failed or pid != last_pid:
        raise RuntimeError("sessions failed, or Blender was started anew")
    grown = (late / early - 1) * 100
    note = (
        f"{count} sessions of 64 × 36 pixels and {len(_PROMPTS)} prompts, {(time.perf_counter() - begun) / count:.2f} "
        "s each; bare is the same process after the 20th."
    )
    return [Row("memory", f"memory of Blender after {count} sessions", early, late, "MB", grown, 10, "%", note)]


def _after(client: Client, count: int) -> tuple[int, float]:
    """Blender's process and its memory in MB once that many sessions have ended."""

    def look() -> bool:
        time.sleep(0.1)
        queue = client.call("GET", "/api/sessions?limit=1")["total"]
        waiting = sum(client.call("GET", f"/api/sessions?status={state}&limit=1")["total"] for state in _UNFINISHED)
        return bool(queue - waiting >= count)

    until(look, 600, f"{count} sessions have ended")
    pid = int(client.call("GET", "/api/health")["blender"]["pid"])
    return pid, resident_mb(pid)[0]


_UNFINISHED = ("pending", "in_progress")
