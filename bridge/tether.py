"""Starts a program that dies with its parent. Run as a file of its own, in the child, before the program replaces it.

    python -I -S tether.py PARENT_PID -- PROGRAM ARGS…

On Linux the kernel kills the program when the thread that spawned this process ends, even by SIGKILL; the setting
lives through exec. Elsewhere nothing is set, and the program notices the end of its standard input. It imports only
the standard library so that it costs a few milliseconds.
"""

import os
import signal
import sys

__all__ = ["main"]

_PR_SET_PDEATHSIG = 1


def _die_with_parent(parent: int) -> None:
    """Raise ``OSError`` when the kernel refuses; leave when the parent is gone already."""
    import ctypes  # noqa: PLC0415 - only Linux needs it

    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != parent:
        # It died between the fork and the line above, so no signal will ever come.
        sys.exit(1)


def main(arguments: list[str]) -> None:
    """Become the program. Does not return; raises ``OSError`` where it cannot be run."""
    parent, separator, *command = arguments
    if separator != "--" or not command:
        raise SystemExit("usage: tether.py PARENT_PID -- PROGRAM ARGS…")
    if sys.platform == "linux":
        _die_with_parent(int(parent))
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
