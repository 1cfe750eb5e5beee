"""Runs a bridge until it is told to stop, or says in one sentence why it cannot. On the main thread."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable
from typing import Any

from addon.models.errors import AlreadyServing, FolderReadOnly, NoRoom, ScenekeeperError
from addon.models.settings import Settings
from addon.state.files import translate_errors

from .app import Bridge
from .exits import Exit, Refusal
from .folder import Folder
from .ports import holder_of

__all__ = ["serve"]


def _explain(error: AlreadyServing, settings: Settings) -> str:
    holder = holder_of(settings.port)
    return f"{error} It is taken by {holder}." if holder else str(error)


async def _run(settings: Settings, folder: Folder, ready: Callable[[str], Any]) -> None:
    stop = asyncio.Event()
    if os.name == "posix":
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        bridge = await Bridge.open(settings, folder, stop)
    except AlreadyServing as error:
        raise Refusal(Exit.PORT_TAKEN, _explain(error, settings)) from error
    ready(bridge.server.address)
    with contextlib.suppress(asyncio.CancelledError):  # Ctrl-C where the loop cannot handle signals
        await stop.wait()
    await bridge.close()
    if bridge.displaced is not None:
        raise Refusal(Exit.ALREADY_SERVING, str(bridge.displaced))


def serve(settings: Settings, ready: Callable[[str], Any]) -> None:
    """Run until SIGTERM or SIGINT; ``ready`` is called with the address when it answers. Raises ``Refusal``."""
    folder = Folder(settings)
    try:
        with translate_errors():
            settings.output.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(NoRoom, FolderReadOnly):  # it can be read, and is taken as soon as it can be
            folder.take()
        asyncio.run(_run(settings, folder, ready))
    except AlreadyServing as error:
        raise Refusal(Exit.ALREADY_SERVING, str(error)) from error
    except (OSError, ScenekeeperError) as error:
        raise Refusal(Exit.FAILED, f"The output folder cannot be used: {error}") from error
    finally:
        folder.release()
