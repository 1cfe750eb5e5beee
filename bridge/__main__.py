"""``python -m bridge`` and ``scenekeeper``: the command line."""

import gc

__all__ = ["run"]


def run() -> None:
    """Run the command that was given, and leave with its exit code."""
    # A quarter of a start went into collecting modules, which stay until the end.
    gc.disable()
    from .cli import main  # noqa: PLC0415

    gc.freeze()
    gc.enable()
    main()


if __name__ == "__main__":
    run()
