"""A session's own log: our events and Blender's own output, in ``output/{id}/logs/``. Main thread.

Blender prints from C, so the process's standard output and error themselves are led into the file; a crash's last
words are then in it too. Our events also go on to where they went before.
"""

import contextlib
import ctypes
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from ..state.folders import LOGS

__all__ = ["LOG_FORMAT", "keep_stderr", "session_log"]

LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
LOG_NAME = "session.log"


def keep_stderr() -> int:
    """A descriptor of today's standard error, which stays when ``session_log`` leads that elsewhere."""
    kept = os.dup(2)
    os.set_inheritable(kept, False)
    return kept


@contextlib.contextmanager
def session_log(folder: Path, *, redirect: bool) -> Iterator[None]:
    """Log into the session's folder while the body runs; ``redirect``: the process's own output too.

    A log that cannot be written (full disk) costs the log and nothing else.
    """
    try:
        (folder / LOGS).mkdir(exist_ok=True)
        stream = os.open(folder / LOGS / LOG_NAME, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    except OSError as error:
        logging.getLogger("scenekeeper.worker").warning("no session log: %s", error.strerror)
        yield
        return
    handler = logging.StreamHandler(os.fdopen(os.dup(stream), "a", encoding="utf-8", errors="replace"))
    handler.setFormatter(logging.Formatter(LOG_FORMAT))
    root = logging.getLogger("scenekeeper")
    root.addHandler(handler)
    try:
        with _redirected(stream) if redirect else contextlib.nullcontext():
            yield
    finally:
        root.removeHandler(handler)
        with contextlib.suppress(OSError):
            handler.stream.close()
        os.close(stream)


@contextlib.contextmanager
def _redirected(target: int) -> Iterator[None]:
    before = {descriptor: os.dup(descriptor) for descriptor in (1, 2)}
    _flush()
    for descriptor in before:
        os.dup2(target, descriptor)
    try:
        yield
    finally:
        _flush()
        for descriptor, kept in before.items():
            os.dup2(kept, descriptor)
            os.close(kept)


def _flush() -> None:
    """What Python and C have buffered belongs to the session that printed it."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()
    if os.name != "nt":
        ctypes.CDLL(None).fflush(None)
