"""Exit codes of the bridge and the command line, and the error that carries one. The help text lists them."""

from enum import IntEnum

__all__ = ["Exit", "Refusal", "explained"]


class Exit(IntEnum):
    """What a command ended with."""

    OK = 0
    FAILED = 1
    USAGE = 2
    NO_SERVER = 3
    ALREADY_SERVING = 4
    PORT_TAKEN = 5
    NO_BLENDER = 6
    UNKNOWN_SESSION = 7
    REFUSED = 8
    INTERRUPTED = 130


class Refusal(Exception):
    """A command cannot be done; the message is for a person, the code for a script."""

    def __init__(self, exit_code: Exit, message: str) -> None:
        super().__init__(message)
        self.exit_code = exit_code


_MEANINGS = {
    Exit.OK: "done",
    Exit.FAILED: "the session failed or was cancelled, or a check found something wrong",
    Exit.USAGE: "wrong usage or configuration",
    Exit.NO_SERVER: "no bridge answers",
    Exit.ALREADY_SERVING: "another bridge has the output folder",
    Exit.PORT_TAKEN: "another program has the port",
    Exit.NO_BLENDER: "there is no Blender that could be run",
    Exit.UNKNOWN_SESSION: "there is no such session",
    Exit.REFUSED: "the server refused: queue full, disk full, wrong state or wrong token",
    Exit.INTERRUPTED: "interrupted with Ctrl-C",
}


def explained() -> str:
    """All of them, for the help text."""
    return "Exit codes: " + "; ".join(f"{code.value} {meaning}" for code, meaning in _MEANINGS.items()) + "."
