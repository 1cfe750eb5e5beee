"""``scenekeeper recover``: go through the whole folder, through the bridge where one runs, else right here."""

import asyncio

from addon.models.api import RecoverySummary
from addon.state.recoverer import Recoverer
from addon.state.store import SessionStore

from ..announcement import find_server
from .console import answers
from .options import JsonOption, OutputOption, Target, TokenOption, UrlOption, load_settings, target

__all__ = ["recover"]


def recover(
    output: OutputOption = None, url: UrlOption = None, token: TokenOption = None, as_json: JsonOption = False
) -> None:
    """Bring every session of the folder into order: what the files say, and what became of its worker."""
    settings = load_settings(output=output)
    if url is not None or find_server(settings.output) is not None:
        summary = asyncio.run(_ask(target(output, url, token)))
    else:
        store = SessionStore(settings.output)
        store.open()
        try:
            summary = Recoverer(store, max_attempts=settings.max_attempts).scan()
        finally:
            store.close()
    if as_json:
        answers.print(summary.model_dump_json(), markup=False)
        return
    for session in summary.sessions:
        answers.print(f"{session['id']}  {session['status']}  {session['reason']}", markup=False)
    answers.print(f"{summary.recovered} of {summary.scanned} sessions changed")


async def _ask(server: Target) -> RecoverySummary:
    async with server.client() as client:
        return RecoverySummary.model_validate_json(await client.recover())
