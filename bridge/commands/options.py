"""Options that several commands share, and what they lead to: settings, or the server to talk to."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from addon.models.settings import Settings

from ..announcement import find_server
from ..client import Client
from ..exits import Exit, Refusal

__all__ = ["JsonOption", "OutputOption", "Target", "TokenOption", "UrlOption", "load_settings", "target"]

OutputOption = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="Folder of all sessions [env: SCENEKEEPER_OUTPUT; default: output]"),
]
UrlOption = Annotated[
    str | None, typer.Option("--url", help="Address of the server; without it, the folder tells who serves it")
]
TokenOption = Annotated[str | None, typer.Option("--token", help="The server's token [env: SCENEKEEPER_TOKEN]")]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer as JSON")]


def load_settings(**flags: Any) -> Settings:
    """Settings from flags (None: not given), environment, scenekeeper.toml. Raises ``Refusal`` naming what is wrong."""
    try:
        return Settings(**{name: value for name, value in flags.items() if value is not None})
    except ValidationError as error:
        lines = [
            f"  {'.'.join(map(str, item['loc'])) or 'settings'}: {item['msg'].removeprefix('Value error, ')}"
            for item in error.errors()
        ]
        raise Refusal(Exit.USAGE, "\n".join(["The configuration is wrong:", *lines])) from error
    except (OSError, ValueError) as error:
        raise Refusal(Exit.USAGE, f"scenekeeper.toml cannot be read: {error}") from error


@dataclass(frozen=True)
class Target:
    """A server, and the output folder where it is on this machine and known."""

    address: str
    token: str | None
    output: Path | None

    def client(self) -> Client:
        """For calls to it."""
        return Client(self.address, self.token)


def target(output: Path | None, url: str | None, token: str | None) -> Target:
    """The server that the options mean. Raises ``Refusal`` when none runs."""
    settings = load_settings(output=output, token=token)
    own_token = settings.token.get_secret_value() if settings.token else None
    if url is not None:
        return Target(url, own_token, None)
    found = find_server(settings.output)
    if found is None:
        raise Refusal(
            Exit.NO_SERVER,
            f"No bridge serves {settings.output}. Start one first (scenekeeper serve), or name one with --url.",
        )
    return Target(found.address, own_token or found.token, settings.output.resolve())
