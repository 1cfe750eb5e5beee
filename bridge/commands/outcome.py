"""Tells how a session ended, and where its files are."""

from pathlib import Path

from rich.markup import escape

from addon.models.api import SessionView
from addon.models.session import SessionStatus

from ..exits import Exit
from .console import answers, notes
from .options import Target

__all__ = ["tell_outcome"]

_FILES = ("scene.blend", "render.png", "scene.glb")


def tell_outcome(view: SessionView, target: Target) -> Exit:
    """Print it for a person; the exit code that fits."""
    for warning in view.result.warnings if view.result else []:
        notes.print(f"[yellow]![/] {escape(warning)}")
    if view.status is not SessionStatus.COMPLETED:
        reason = view.result.error if view.result and view.result.error else view.message
        notes.print(f"[red]{view.status.value}[/]: {escape(reason or 'no reason given')}")
        return Exit.FAILED
    for path in _files(view, target.output):
        answers.print(str(path), markup=False)
    answers.print(f"{target.address}/api/session/{view.id}", markup=False)
    return Exit.OK


def _files(view: SessionView, output: Path | None) -> list[Path]:
    if output is None:
        return []
    return [path for name in _FILES if (path := output / view.id / name).is_file()]
