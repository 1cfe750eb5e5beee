"""``scenekeeper doctor``: is everything there, and what to do where it is not."""

from typing import Annotated

import typer
from rich.markup import escape

from ..checks import Check, Finding, all_checks, verify_artifacts
from ..exits import Exit
from .console import answers
from .options import OutputOption, load_settings

__all__ = ["doctor"]

_MARKS = {Finding.GOOD: "[green]✓[/]", Finding.NOTE: "[yellow]![/]", Finding.BAD: "[red]✗[/]"}


def _tell(check: Check) -> None:
    answers.print(f"{_MARKS[check.finding]} [bold]{check.name}[/]: {escape(check.says)}")
    if check.advice:
        answers.print(f"    {escape(check.advice)}")


def doctor(
    output: OutputOption = None,
    verify: Annotated[bool, typer.Option("--verify", help="Also read every artifact and compare its hash")] = False,
) -> None:
    """Check Python, Blender, denoiser, GPU, port, folder, disk and leases, and say what to do. 1: something is bad."""
    settings = load_settings(output=output)
    bad = False
    for check in all_checks(settings):
        _tell(check)
        bad = bad or check.finding is Finding.BAD
    for check in verify_artifacts(settings) if verify and settings.output.is_dir() else ():
        _tell(check)
        bad = bad or check.finding is Finding.BAD
    raise typer.Exit(Exit.FAILED if bad else Exit.OK)
