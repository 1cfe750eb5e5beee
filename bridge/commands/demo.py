"""``scenekeeper demo``: from nothing to a scene and back to nothing: a bridge of its own, one session, all stopped."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Annotated

import typer

from addon.models.settings import Settings

from .. import tether
from ..announcement import find_server, read_announcement
from ..blender import NoBlender, find_blender
from ..blender_log import LOG_FOLDER, newest_log, tail
from ..exits import Exit, Refusal
from .console import notes
from .generate import request_from, submit
from .options import OutputOption, Target, load_settings, target

__all__ = ["demo"]

_PROMPT = "a red apple and two blue mugs on a round wooden table"
_START_S = 30.0


def demo(
    prompt: Annotated[str, typer.Argument(help="What the scene should show")] = _PROMPT, output: OutputOption = None
) -> None:
    """Start a bridge with its Blender, make one scene, show where it is, and stop everything."""
    prompt = prompt.strip() or _PROMPT
    settings = load_settings(output=output)
    request = request_from(prompt, [], {})
    if find_server(settings.output) is not None:
        raise typer.Exit(asyncio.run(submit(request, target(output, None, None), wait=True, as_json=False)))
    try:
        found = find_blender(settings.blender)
    except NoBlender as error:
        raise Refusal(Exit.NO_BLENDER, str(error)) from error
    notes.print(f"Blender: {found.kind} {found.version}. Prompt: {prompt}", markup=False)
    with _bridge(settings) as server:
        try:
            code = asyncio.run(submit(request, server, wait=True, as_json=False))
        except Refusal as refusal:
            log = newest_log(settings.output) if refusal.exit_code is Exit.NO_BLENDER else None
            raise Refusal(refusal.exit_code, f"{refusal}\n{tail(log)}" if log else str(refusal)) from refusal
    raise typer.Exit(code)


@contextlib.contextmanager
def _bridge(settings: Settings) -> Iterator[Target]:
    """A bridge in a process of its own on a free port, stopped cleanly at the end. Raises ``Refusal``."""
    output = settings.output.resolve()
    log = output / LOG_FOLDER / "bridge.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "bridge", "serve", "--port", "0", "--output", str(output)]
    if os.name == "posix":
        command = [sys.executable, "-I", "-S", tether.__file__, str(os.getpid()), "--", *command]
    with log.open("ab") as stream:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            process_group=0 if os.name == "posix" else None,
        )
    try:
        yield _started(process, settings)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(settings.stop_deadline_s + 5.0)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _started(process: "subprocess.Popen[bytes]", settings: Settings) -> Target:
    output = settings.output.resolve()
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline and process.poll() is None:
        found = read_announcement(output)
        if found is not None and found.pid == process.pid:
            return Target(found.address, found.token, output)
        time.sleep(0.05)
    raise Refusal(Exit.FAILED, "The bridge did not start:\n" + tail(output / LOG_FOLDER / "bridge.log"))
