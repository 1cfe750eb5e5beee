"""``scenekeeper generate PROMPT``: submit, and by default wait for the scene with a progress bar."""

import asyncio
import re
from collections.abc import Sequence
from typing import Annotated

import typer
from pydantic import ValidationError

from addon.models.api import GenerateRequest
from addon.models.session import Device, Engine, Format, Preset, StageName
from addon.models.uploads import SentFile, split_role

from ..exits import Exit, Refusal
from .console import answers, notes
from .options import JsonOption, OutputOption, Target, TokenOption, UrlOption, target
from .outcome import tell_outcome
from .progress import follow

__all__ = ["generate", "request_from", "submit"]


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{1,5})x(\d{1,5})", text.lower())
    if found is None:
        raise Refusal(Exit.USAGE, f"--resolution {text!r} is not a width and height such as 960x540.")
    return int(found[1]), int(found[2])


def request_from(prompt: str, agents: list[StageName], options: dict[str, object]) -> GenerateRequest:
    """The request; options that are None are left to the server. Raises ``Refusal`` naming what is wrong."""
    given = {name: value for name, value in options.items() if value not in (None, [])}
    try:
        return GenerateRequest.model_validate({"prompt": prompt, "agents": agents, "options": given})
    except ValidationError as error:
        lines = [f"  {'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors()]
        raise Refusal(Exit.USAGE, "\n".join(["This cannot be asked for:", *lines])) from error


async def submit(
    request: GenerateRequest,
    server: Target,
    *,
    files: Sequence[SentFile] = (),
    wait: bool,
    as_json: bool,
) -> Exit:
    """Submit to ``server`` and tell what came of it; the exit code. Raises ``Refusal``."""
    async with server.client() as client:
        accepted = await client.generate(request, files)
        if not wait:
            answers.print(accepted.model_dump_json() if as_json else accepted.id, markup=False)
            return Exit.OK
        notes.print(f"Session {accepted.id}")
        try:
            view = await follow(client, accepted.id, notes)
        except asyncio.CancelledError:
            notes.print(f"The session goes on: scenekeeper show {accepted.id}")
            raise
        if not as_json:
            return tell_outcome(view, server)
        answers.print(view.model_dump_json(), markup=False)
        return Exit.OK if view.result is not None and view.result.success else Exit.FAILED


def generate(
    prompt: Annotated[str, typer.Argument(help="What the scene should show")],
    files: Annotated[
        list[str] | None,
        typer.Option(
            "--file",
            metavar="[ROLE=]FILE",
            help="SVG, picture or model to show; ROLE: logo, frame, decal, backdrop, model; may be repeated",
        ),
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Chooses variants; the same seed gives the same scene")] = None,
    preset: Annotated[Preset | None, typer.Option(help="How much time the picture may take")] = None,
    resolution: Annotated[str | None, typer.Option(help="Width and height in pixels, e.g. 960x540")] = None,
    samples: Annotated[int | None, typer.Option(help="Samples for each pixel")] = None,
    engine: Annotated[Engine | None, typer.Option(help="Render engine")] = None,
    device: Annotated[Device | None, typer.Option(help="Where Cycles renders")] = None,
    formats: Annotated[list[Format] | None, typer.Option("--format", help="File to make; may be repeated")] = None,
    agents: Annotated[list[StageName] | None, typer.Option("--agent", help="Stage to run; may be repeated")] = None,
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Wait for the end, showing progress")] = True,
    as_json: JsonOption = False,
    output: OutputOption = None,
    url: UrlOption = None,
    token: TokenOption = None,
) -> None:
    """Turn PROMPT into a scene: prints where scene.blend and render.png are, or the session's id with --no-wait."""
    options: dict[str, object] = {
        "seed": seed,
        "preset": preset,
        "resolution": _size(resolution) if resolution else None,
        "samples": samples,
        "engine": engine,
        "device": device,
        "formats": formats,
    }
    request = request_from(prompt, agents or [], options)
    sent = submit(
        request,
        target(output, url, token),
        files=[split_role(text) for text in files or []],
        wait=wait,
        as_json=as_json,
    )
    raise typer.Exit(asyncio.run(sent))
