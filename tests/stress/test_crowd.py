"""A thousand sessions at once, each on disk when it is acknowledged; and the index taken away under a live bridge."""

import asyncio
import json
import signal
import urllib.error
from pathlib import Path

import aiohttp
import pytest

from tests.bridge.running import running, wait_for
from tests.stress.submitting import submit

pytestmark = [pytest.mark.stress, pytest.mark.timeout(120)]

CLIENTS, EACH = 100, 10
NONE = "/none"
"""No Blender: sessions wait."""


async def client(address: str, output: Path, number: int) -> list[str]:
    """Submits one after the other, and looks at the disk whenever one is acknowledged."""
    made = []
    async with aiohttp.ClientSession(address) as session:
        for turn in range(EACH):
            prompt = f"{number} cups, {turn} plates"
            async with session.post("/api/generate", json={"prompt": prompt}) as answer:
                assert answer.status == 202, await answer.text()
                name = (await answer.json())["id"]
            state = json.loads((output / name / "session_state.json").read_bytes())
            assert (state["id"], state["prompt"], state["status"]) == (name, prompt, "pending")
            made.append(name)
    return made


def test_a_thousand_at_once_are_on_disk_when_acknowledged_and_outlive_the_bridge(tmp_path: Path) -> None:
    output = tmp_path / "output"

    async def crowd(address: str) -> list[str]:
        parts = await asyncio.gather(*(client(address, output, number) for number in range(CLIENTS)))
        return [name for part in parts for name in part]

    with running(output, blender=NONE) as bridge:
        made = asyncio.run(crowd(bridge.address))
        bridge.stop(signal.SIGKILL)
    assert len(set(made)) == CLIENTS * EACH
    for name in made:
        assert json.loads((output / name / "session_state.json").read_bytes())["status"] == "pending"
    with running(output, blender=NONE) as bridge:
        wait_for(
            lambda: bridge.call("GET", "/api/sessions?limit=1&status=pending")["total"] == len(made), 20, "all wait"
        )


def test_one_key_many_times_at_once_is_one_session(tmp_path: Path) -> None:
    async def same(address: str) -> set[str]:
        async with aiohttp.ClientSession(address, headers={"Idempotency-Key": "once"}) as session:

            async def send() -> str:
                async with session.post("/api/generate", json={"prompt": "a cup"}) as answer:
                    assert answer.status == 202, await answer.text()
                    return str((await answer.json())["id"])

            return set(await asyncio.gather(*(send() for _ in range(100))))

    with running(tmp_path / "output", blender=NONE) as bridge:
        assert len(asyncio.run(same(bridge.address))) == 1
        assert bridge.call("GET", "/api/sessions")["total"] == 1


@pytest.mark.blender
def test_the_index_is_taken_away_again_and_again_while_a_session_is_made(tmp_path: Path) -> None:
    output = tmp_path / "output"
    with running(output) as bridge:
        first = bridge.blender_pid()
        made = [submit(bridge, f"{number + 1} red cubes") for number in range(4)]
        for suffixes in (("",), ("-wal",), ("", "-wal", "-shm"), ("-shm",)):
            for suffix in suffixes:
                (output / f".index.sqlite3{suffix}").unlink(missing_ok=True)

            def acknowledged() -> str | None:
                try:
                    return submit(bridge, "a blue ball")
                except urllib.error.HTTPError as error:
                    assert error.code == 503
                    return None

            made.append(wait_for(acknowledged, 5, "it accepts again") or "")
            wait_for(lambda: bridge.call("GET", "/api/sessions")["total"] == len(made), 10, "all are listed")
        for name in made:
            view = bridge.ended(name, 60)
            assert (view["status"], view["recovery"]) == ("completed", [])
        assert bridge.blender_pid() == first
        assert "Traceback" not in bridge.log.read_text()
