"""``python -m bridge`` and ``scenekeeper``: the command line."""

import gc
from collections.abc import Callable

__all__ = ["command", "run"]


def command() -> Callable[[], None]:
    """The command line with all that it needs loaded. Raises ``ModuleNotFoundError`` where something is missing."""
    # A quarter of a start went into collecting modules, which stay until the end.
    gc.disable()
    from .cli import main  # noqa: PLC0415

    gc.freeze()
    gc.enable()
    return main


def run() -> None:
    """Run the command that was given, and leave with its exit code."""
    command()()


if __name__ == "__main__":
    run()
