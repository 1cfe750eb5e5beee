"""Loaded by a worker's Python at its start, from PYTHONPATH: signals on which it fails for ever, in a way each.

SIGUSR1: Python in the main thread sleeps. SIGALRM: the main thread and Blender's own threads sleep wherever in C they
are, and only the worker's other Python threads go on. SIGUSR2: the GIL is held by another thread, so nothing goes on.
While the file DIES_WHILE_THERE is there, the worker crashes at its start.
"""

import ctypes
import os
import signal
import threading
import time
from pathlib import Path

SLEEPS_IN_C = signal.SIGRTMIN + 3


def hold_the_gil() -> None:
    signal.sigwait({signal.SIGUSR2})
    ctypes.PyDLL(None).sleep(1_000_000)


def stop_blender_in_c() -> None:
    signal.sigwait({signal.SIGALRM})
    main = threading.main_thread().native_id
    # A thread of Blender's that has called into Python is known to Python as a daemon that nobody started.
    ours = {t.native_id for t in threading.enumerate() if t.native_id != main and not t.name.startswith("Dummy-")}
    for task in Path("/proc/self/task").iterdir():
        if int(task.name) not in ours:
            ctypes.CDLL(None).tgkill(os.getpid(), int(task.name), SLEEPS_IN_C)


if "SCENEKEEPER_WORKER_ID" in os.environ:
    if Path(os.environ.get("DIES_WHILE_THERE", "")).is_file():
        os.kill(os.getpid(), signal.SIGSEGV)
    libc = ctypes.CDLL(None)
    libc.signal.argtypes = [ctypes.c_int, ctypes.c_void_p]
    libc.signal(SLEEPS_IN_C, ctypes.cast(libc.pause, ctypes.c_void_p))
    signal.signal(signal.SIGUSR1, lambda *_: time.sleep(1e6))
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR2, signal.SIGALRM})
    for fault in (hold_the_gil, stop_blender_in_c):
        threading.Thread(target=fault, daemon=True).start()
