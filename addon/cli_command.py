"""Registers ``blender -c scenekeeper …``. Main thread; what the command does loads when it runs."""

import sys
from typing import Any

import bpy

from .dependencies import find_problems

__all__ = ["NAME", "register"]

NAME = "scenekeeper"
_EXIT_UNAVAILABLE = 69


def register() -> Any:
    """Register the command; gives what ``bpy.utils.unregister_cli_command`` wants."""
    return bpy.utils.register_cli_command(NAME, _run)


def _run(arguments: list[str]) -> int:
    problems = find_problems()
    if problems:
        for problem in problems:
            print(f"scenekeeper: {problem}", file=sys.stderr)  # noqa: T201
        return _EXIT_UNAVAILABLE
    from .commands import main  # noqa: PLC0415 - not before it is wanted: it loads pydantic

    return main(list(arguments), [bpy.app.binary_path, *sys.argv[1:]])
