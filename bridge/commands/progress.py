"""Follows a session until it ends: a live bar in a terminal, one line for each change elsewhere."""

import asyncio
import time

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn

from addon.models.api import BlenderState, SessionView
from addon.models.session import TERMINAL, StageStatus

from ..client import Client
from ..exits import Exit, Refusal

__all__ = ["follow", "stage_line"]

_POLL_S = 0.2
_CHECK_S = 3.0
_PATIENCE_S = 60.0
"""How long a bridge may be away (it is being restarted) while somebody waits for a session."""

_MARKS = {StageStatus.COMPLETED: "[green]✓[/]", StageStatus.RUNNING: "[cyan]●[/]", StageStatus.FAILED: "[red]✗[/]"}


def stage_line(view: SessionView) -> str:
    """The stages with a mark each, in rich's markup."""
    return "  ".join(
        f"{_MARKS.get(stage.status, '[dim]·[/]')} {stage.name.value}"
        if stage.name is not view.current_stage or view.status in TERMINAL
        else f"[cyan]●[/] [bold]{stage.name.value}[/]"
        for stage in view.stages
    )


class _Watch:
    """Reads a session again and again, through restarts of the bridge, for as long as somebody works on sessions."""

    def __init__(self, client: Client, session_id: str) -> None:
        self._client = client
        self._session_id = session_id
        self._away_since: float | None = None
        self._checked_at = time.monotonic()

    async def look(self) -> SessionView | None:
        """The session now; None while the server is away."""
        try:
            view = await self._client.session(self._session_id)
            if view.status not in TERMINAL:
                await self._check_blender()
        except Refusal as refusal:
            if refusal.exit_code is not Exit.NO_SERVER:
                raise
            self._away_since = self._away_since or time.monotonic()
            if time.monotonic() - self._away_since > _PATIENCE_S:
                raise
            return None
        self._away_since = None
        return view

    async def _check_blender(self) -> None:
        if time.monotonic() - self._checked_at < _CHECK_S:
            return
        self._checked_at = time.monotonic()
        blender = (await self._client.health()).blender
        if blender.state in (BlenderState.GIVEN_UP, BlenderState.ABSENT):
            raise Refusal(Exit.NO_BLENDER, f"The session waits, but no Blender runs. {blender.message or ''}".strip())


async def follow(client: Client, session_id: str, console: Console) -> SessionView:
    """Until the session has ended. Raises ``Refusal`` when the server stays away or has no Blender."""
    watch = _Watch(client, session_id)
    return await (_bar if console.is_terminal else _lines)(watch, console)


async def _bar(watch: _Watch, console: Console) -> SessionView:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TextColumn("[dim]{task.fields[message]}[/]"),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("waiting", total=1.0, message="")
        while True:
            view = await watch.look()
            if view is None:
                progress.update(task, message="the bridge is away, waiting for it")
            else:
                message = "" if view.status in TERMINAL else view.message
                progress.update(task, completed=view.progress, description=stage_line(view), message=escape(message))
                if view.status in TERMINAL:
                    return view
            await asyncio.sleep(_POLL_S)


async def _lines(watch: _Watch, console: Console) -> SessionView:
    told = ""
    while True:
        view = await watch.look()
        if view is not None:
            ended = view.status in TERMINAL or view.current_stage is None
            where = view.status.value if ended else str(view.current_stage)
            if where != told:
                told = where
                console.print(f"{view.progress:4.0%} {where}", markup=False)
            if view.status in TERMINAL:
                return view
        await asyncio.sleep(_POLL_S)
