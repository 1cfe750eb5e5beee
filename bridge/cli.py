"""The command line: ``scenekeeper`` and ``python -m bridge``. Which commands there are; each has its module."""

import sys

import typer

from addon.models.errors import ScenekeeperError
from addon.models.version import VERSION

from .commands.console import notes
from .commands.demo import demo
from .commands.doctor import doctor
from .commands.generate import generate
from .commands.recover import recover
from .commands.serve import serve
from .commands.sessions import cancel, list_sessions, retry, show
from .exits import Exit, Refusal, explained

__all__ = ["app", "main"]

app = typer.Typer(
    name="scenekeeper",
    help="A prompt becomes a Blender scene, and no session is ever lost or stuck.",
    epilog=explained(),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"scenekeeper {VERSION}")
        raise typer.Exit


@app.callback()
def _root(
    _version_asked: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version and leave"
    ),
) -> None:
    pass


for _name, _command in (
    ("serve", serve),
    ("generate", generate),
    ("list", list_sessions),
    ("show", show),
    ("cancel", cancel),
    ("retry", retry),
    ("recover", recover),
    ("doctor", doctor),
    ("demo", demo),
):
    app.command(_name, epilog=explained() if _name in {"generate", "serve"} else None)(_command)


def main() -> None:
    """Run the command that ``sys.argv`` names and leave with its exit code; never with a traceback for a refusal."""
    try:
        app()
    except Refusal as refusal:
        notes.print(str(refusal), style="red", markup=False)
        sys.exit(refusal.exit_code)
    except ScenekeeperError as error:
        notes.print(str(error), style="red", markup=False)
        sys.exit(Exit.FAILED)
    except KeyboardInterrupt:
        sys.exit(Exit.INTERRUPTED)
