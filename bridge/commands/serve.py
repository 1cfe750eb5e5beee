"""``scenekeeper serve``: the bridge itself, until it is stopped."""

from pathlib import Path
from typing import Annotated

import typer

from ..logs import configure
from ..serve import serve as run_bridge
from .console import notes
from .options import OutputOption, TokenOption, load_settings

__all__ = ["serve"]


def serve(
    output: OutputOption = None,
    bind: Annotated[str | None, typer.Option(help="Address to serve on [default: 127.0.0.1]")] = None,
    port: Annotated[int | None, typer.Option("--port", "-p", help="Port; 0 picks a free one [default: 5002]")] = None,
    token: TokenOption = None,
    blender: Annotated[
        str | None, typer.Option(help="A Blender program, or 'bpy' for the module [env: BLENDER]")
    ] = None,
    recipes: Annotated[Path | None, typer.Option(help="A folder of your own recipes")] = None,
    log_json: Annotated[bool, typer.Option("--log-json", help="Logs as JSON, one object a line")] = False,
) -> None:
    """Start the bridge: it answers on the port, runs a Blender, and recovers what an earlier run left.

    SIGTERM or Ctrl-C stops it cleanly: a session that runs goes back to the queue with its checkpoints. Every other
    setting comes from the environment or scenekeeper.toml.
    """
    settings = load_settings(output=output, bind=bind, port=port, token=token, blender=blender, recipes=recipes)
    configure(as_json=log_json)
    run_bridge(settings, lambda address: notes.print(f"Scenekeeper answers at {address}", markup=False))
