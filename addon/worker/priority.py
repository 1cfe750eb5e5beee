"""A render takes every core that it can get: here it is told to let others go first. Main thread, once the server runs.

Others are the artist's programs, the bridge, and on Linux, which keeps a priority for each thread, also this process's
own server.
"""

import contextlib
import os
import threading
from pathlib import Path

__all__ = ["lower_priority"]

_PRIORITY = 5
"""Of -20 (first) to 19 (last); 0 is what programs have. On a machine with nothing else to do it costs nothing."""

_THREADS = Path("/proc/self/task")


def lower_priority() -> None:
    """Lower Blender's threads and the main one, but not Python's own, which answer. Without effect on Windows."""
    if _THREADS.is_dir():
        answering = {thread.native_id for thread in threading.enumerate() if thread is not threading.main_thread()}
        for entry in _THREADS.iterdir():
            if int(entry.name) not in answering:
                _lower(int(entry.name))
    elif hasattr(os, "setpriority"):
        _lower(0)


def _lower(number: int) -> None:
    with contextlib.suppress(ProcessLookupError):  # it has ended meanwhile
        os.setpriority(os.PRIO_PROCESS, number, max(os.getpriority(os.PRIO_PROCESS, number), _PRIORITY))
