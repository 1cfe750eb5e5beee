"""``list``, ``show``, ``cancel``, ``retry``: sessions that are there."""

import asyncio
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Column, Table

from addon.models.api import SessionPage, SessionView
from addon.models.session import SessionStatus

from .console import answers, notes
from .options import JsonOption, OutputOption, Target, TokenOption, UrlOption, target
from .progress import follow, stage_line

__all__ = ["cancel", "list_sessions", "retry", "show"]

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="The session's id")]

_COLOURS = {
    SessionStatus.PENDING: "yellow",
    SessionStatus.IN_PROGRESS: "cyan",
    SessionStatus.COMPLETED: "green",
    SessionStatus.FAILED: "red",
    SessionStatus.CANCELLED: "dim",
}


def _status(status: SessionStatus) -> str:
    return f"[{_COLOURS[status]}]{status.value}[/]"


def list_sessions(
    status: Annotated[SessionStatus | None, typer.Option(help="Only these")] = None,
    search: Annotated[str | None, typer.Option("--search", "-q", help="Only prompts or ids that hold this")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many")] = 20,
    as_json: JsonOption = False,
    output: OutputOption = None,
    url: UrlOption = None,
    token: TokenOption = None,
) -> None:
    """List sessions, newest first."""
    parameters = {"limit": str(limit)}
    if status is not None:
        parameters["status"] = status.value
    if search:
        parameters["q"] = search
    page = asyncio.run(_page(target(output, url, token), parameters))
    if as_json:
        answers.print(page.model_dump_json(), markup=False)
        return
    table = Table(Column("id", no_wrap=True, min_width=36), "status", "progress", "created", box=None, pad_edge=False)
    table.add_column("prompt", no_wrap=True, overflow="ellipsis")
    for session in page.sessions:
        table.add_row(
            session.id,
            _status(session.status),
            f"{session.progress:.0%}",
            f"{session.created_at.astimezone():%Y-%m-%d %H:%M}",
            escape(session.prompt),
        )
    answers.print(table)
    notes.print(f"{len(page.sessions)} of {page.total}")


async def _page(server: Target, parameters: dict[str, str]) -> SessionPage:
    async with server.client() as client:
        return await client.sessions(parameters)


def show(
    session_id: IdArgument,
    as_json: JsonOption = False,
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Wait for its end, showing progress")] = False,
    output: OutputOption = None,
    url: UrlOption = None,
    token: TokenOption = None,
) -> None:
    """Show one session: its state, stages, files and warnings."""
    server = target(output, url, token)
    view = asyncio.run(_view(server, session_id, wait=wait))
    if as_json:
        answers.print(view.model_dump_json(), markup=False)
        return
    answers.print(f"{view.id}  {_status(view.status)}  {view.progress:.0%}  {escape(view.message)}")
    answers.print(f"  {view.prompt}", markup=False)
    answers.print(f"  {stage_line(view)}")
    if view.result is not None:
        for warning in view.result.warnings:
            answers.print(f"  [yellow]![/] {escape(warning)}")
    for kind, link in view.download_urls.items():
        answers.print(f"  {kind}: {server.address if link.startswith('/') else ''}{link}", markup=False)


async def _view(server: Target, session_id: str, *, wait: bool) -> SessionView:
    async with server.client() as client:
        return await follow(client, session_id, notes) if wait else await client.session(session_id)


def cancel(
    session_id: IdArgument, output: OutputOption = None, url: UrlOption = None, token: TokenOption = None
) -> None:
    """Cancel a session: at once where it waits, within seconds where it runs."""
    answers.print(asyncio.run(_cancel(target(output, url, token), session_id)), markup=False)


async def _cancel(server: Target, session_id: str) -> str:
    async with server.client() as client:
        return (await client.cancel(session_id)).message


def retry(
    session_id: IdArgument, output: OutputOption = None, url: UrlOption = None, token: TokenOption = None
) -> None:
    """Run a session that has ended again, as a new one; prints the new id."""
    answers.print(asyncio.run(_retry(target(output, url, token), session_id)), markup=False)


async def _retry(server: Target, session_id: str) -> str:
    async with server.client() as client:
        return (await client.retry(session_id)).id
