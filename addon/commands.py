"""What runs without a window: ``python -m addon serve|generate`` and ``blender -b -c scenekeeper serve|generate``.

Main thread. The exit codes are in ``--help``.
"""

import argparse
import gc
import os
import sys
import threading
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from .models.api import GenerateRequest, RequestOptions
from .models.errors import InvalidRequest, ScenekeeperError
from .models.session import SessionStatus
from .models.settings import Settings
from .models.uploads import MAX_UPLOADS, SentFile, split_role

__all__ = ["main"]

EXIT_OK, EXIT_FAILED, EXIT_USAGE, EXIT_UNAVAILABLE = 0, 1, 2, 69

_EPILOG = """\
exit codes:
  0   done, or stopped cleanly
  1   the session failed or was cancelled
  2   the command or a setting is wrong
  69  the folder or the port cannot be used
  75  (under a bridge) start this Blender anew: a render was cancelled
"""


def main(arguments: list[str], restart_command: list[str]) -> int:
    """Run a command in this Blender; ``restart_command`` starts the same process again. Returns the exit code."""
    parser = _parser()
    try:
        given = parser.parse_args(arguments)
    except SystemExit as stop:  # argparse has said what is wrong; inside Blender nothing may exit the process
        return int(stop.code or 0)
    try:
        settings = Settings(**_settings(given))
        request = _request(given) if given.command == "generate" else None
    except ValidationError as error:
        return _usage(error)
    if len(getattr(given, "files", [])) > MAX_UPLOADS:
        _say(f"scenekeeper: --file: at most {MAX_UPLOADS} files are taken")
        return EXIT_USAGE
    try:
        return _run(settings, request, getattr(given, "files", []), restart_command)
    except ScenekeeperError as error:
        _say(f"scenekeeper: {error}")
        return EXIT_UNAVAILABLE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scenekeeper",
        description="Turns prompts into scenes in this Blender, without a bridge.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    serve = commands.add_parser("serve", help="serve REST and work on every session that waits")
    serve.add_argument("--bind", help="address to serve on (default 127.0.0.1)")
    serve.add_argument("--port", type=int, help="port to serve on; 0 picks a free one (default 5002)")
    generate = commands.add_parser("generate", help="make one scene and end")
    generate.add_argument("prompt")
    generate.add_argument(
        "--file",
        dest="files",
        action="append",
        default=[],
        metavar="[ROLE=]FILE",
        type=split_role,
        help="an SVG, picture or model to show; ROLE: logo, frame, decal, backdrop, model; may be repeated",
    )
    generate.add_argument("--agents", nargs="*", default=[], help="stages to run (default: all but animation)")
    generate.add_argument("--seed", type=int)
    generate.add_argument("--preset", help="draft, standard or final")
    generate.add_argument("--resolution", type=_resolution, help="WIDTHxHEIGHT")
    generate.add_argument("--samples", type=int)
    generate.add_argument("--engine", help="cycles, eevee or workbench")
    generate.add_argument("--device", help="auto, cpu or gpu")
    generate.add_argument("--formats", nargs="*", help="blend, glb")
    for command in (serve, generate):
        command.add_argument("--output", type=Path, help="folder of all sessions (default output)")
    return parser


def _resolution(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    try:
        return int(width), int(height)
    except ValueError:
        raise argparse.ArgumentTypeError("must be WIDTHxHEIGHT, such as 1280x720") from None


def _settings(given: argparse.Namespace) -> dict[str, Any]:
    return {name: getattr(given, name) for name in ("output", "bind", "port") if getattr(given, name, None) is not None}


def _request(given: argparse.Namespace) -> GenerateRequest:
    names = [name for name in RequestOptions.model_fields if getattr(given, name, None) is not None]
    return GenerateRequest.model_validate(
        {"prompt": given.prompt, "agents": given.agents, "options": {name: getattr(given, name) for name in names}}
    )


def _usage(error: ValidationError) -> int:
    for problem in error.errors():
        where = ".".join(map(str, problem["loc"]))
        _say(f"scenekeeper: {where + ': ' if where else ''}{problem['msg'].removeprefix('Value error, ')}")
    return EXIT_USAGE


def _run(
    settings: Settings,
    request: GenerateRequest | None,
    files: list[SentFile],
    restart_command: list[str],
) -> int:
    # A fifth of a start went into collecting again and again what stays to the end, Blender's own classes and ours.
    gc.disable()
    # Late, so that --help and wrong settings are answered without the time these take to load.
    from .runtime import Runtime, log_to_stderr  # noqa: PLC0415
    from .scene.backend import BlenderBackend  # noqa: PLC0415

    supervisor = os.environ.get("SCENEKEEPER_SUPERVISOR")
    if supervisor:
        threading.Thread(target=_die_with_bridge, name="scenekeeper-tether", daemon=True).start()
    if request is None:
        log_to_stderr()
    runtime = Runtime(
        settings,
        BlenderBackend(),
        worker_id=os.environ.get("SCENEKEEPER_WORKER_ID"),
        supervisor=supervisor,
        restart_command=restart_command if request is None else None,
    )
    with runtime:
        gc.freeze()
        gc.enable()
        if request is None:
            runtime.serve()
            return EXIT_OK
        try:
            session = runtime.run_one(request, files, _Progress())
        except InvalidRequest as error:
            _say(f"scenekeeper: {error}")
            return EXIT_USAGE
    return _tell_end(settings, session.id, session.status, session.result.error if session.result else None)


def _die_with_bridge() -> None:
    """The bridge holds the other end of our standard input: when it dies, however it dies, this reads the end."""
    while os.read(0, 1024):
        pass
    os._exit(1)


class _Progress:
    """A line that changes in place on a terminal, a line for each change elsewhere."""

    def __init__(self) -> None:
        # The session's log takes over standard error; this stays where it is.
        self._terminal = os.dup(2)
        self._in_place = os.isatty(2)
        self._last = ""

    def __call__(self, fraction: float, message: str) -> None:
        line = f"{fraction:4.0%}  {message}"
        if line != self._last:
            self._last = line
            os.write(self._terminal, (f"\r\x1b[K{line}" if self._in_place else f"{line}\n").encode())


def _tell_end(settings: Settings, session_id: str, status: SessionStatus, error: str | None) -> int:
    folder = settings.output / session_id
    if status is SessionStatus.COMPLETED:
        _say(f"\n{status.value}: {folder}")
        for name in ("scene.blend", "render.png", "scene.glb", "animation.mp4"):
            if (folder / name).is_file():
                print(folder / name)  # noqa: T201 - what scripts read
        return EXIT_OK
    _say(f"\nscenekeeper: {status.value}{': ' + error if error else ''}\nThe session is in {folder}")
    return EXIT_FAILED


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201
