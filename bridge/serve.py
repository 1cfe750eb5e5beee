"""Runs a bridge until it is told to stop, or says in one sentence why it cannot. On the main thread."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Callable
from typing import Any

from addon.models.errors import AlreadyServing, ScenekeeperError
from addon.models.settings import Settings
from addon.state.leases import Lease

from .announcement import BRIDGE_LEASE, read_announcement
from .app import Bridge
from .exits import Exit, Refusal
from .ports import holder_of

__all__ = ["serve", "take_folder"]

_POLL_S = 0.1


def take_folder(settings: Settings) -> Lease:
    """The folder's one bridge lease. Waits for a bridge that is stopping. Raises ``AlreadyServing``, ``OSError``."""
    patience = time.monotonic() + settings.stop_deadline_s + 2.0
    while True:
        try:
            return Lease.exclusive(settings.output, BRIDGE_LEASE)
        except AlreadyServing:
            # pkill and a new start follow each other closely: one that is going is waited for, one that runs is not.
            there = read_announcement(settings.output)
            if time.monotonic() > patience or (there is not None and not there.stopping):
                raise
        time.sleep(_POLL_S)


def _explain(error: AlreadyServing, settings: Settings) -> str:
    holder = holder_of(settings.port)
    return f"{error} It is taken by {holder}." if holder else str(error)


async def _run(settings: Settings, identity: Lease, ready: Callable[[str], Any]) -> None:
    stop = asyncio.Event()
    if os.name == "posix":
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        bridge = await Bridge.open(settings, identity)
    except AlreadyServing as error:
        raise Refusal(Exit.PORT_TAKEN, _explain(error, settings)) from error
    ready(bridge.server.address)
    with contextlib.suppress(asyncio.CancelledError):  # Ctrl-C where the loop cannot handle signals
        await stop.wait()
    await bridge.close()


def serve(settings: Settings, ready: Callable[[str], Any]) -> None:
    """Run until SIGTERM or SIGINT; ``ready`` is called with the address when it answers. Raises ``Refusal``."""
    with contextlib.ExitStack() as leases:
        try:
            settings.output.mkdir(parents=True, exist_ok=True)
            lease = take_folder(settings)
            leases.callback(lease.release)
            # One of its own beside it: workers name it, so that a later bridge can tell whose they were.
            identity = Lease.acquire(settings.output, "bridge")
            leases.callback(identity.release)
        except AlreadyServing as error:
            raise Refusal(Exit.ALREADY_SERVING, str(error)) from error
        except (OSError, ScenekeeperError) as error:
            raise Refusal(Exit.FAILED, f"The output folder cannot be used: {error}") from error
        try:
            asyncio.run(_run(settings, identity, ready))
        except ScenekeeperError as error:
            raise Refusal(Exit.FAILED, str(error)) from error
