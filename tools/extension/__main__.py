"""``python -m tools.extension build|install``: the extension as zips, or installed into a Blender profile."""

import argparse
from pathlib import Path

from .packing import ROOT, author_command, build
from .profile import install_into_profile
from .wheels import PIP_PLATFORMS, PYTHONS, Target


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tools.extension", description="The Blender extension.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    built = commands.add_parser("build", help="one validated zip for each platform, with the wheels of every Python")
    built.add_argument("--platform", nargs="*", choices=sorted(PIP_PLATFORMS), default=sorted(PIP_PLATFORMS))
    built.add_argument("--python", nargs="*", type=_python, default=PYTHONS, help="3.11 3.13 …")
    built.add_argument("--blender", type=Path, help="build with this Blender; without: with the bpy module's tool")
    built.add_argument("--to", type=Path, default=ROOT / "dist", help="folder of the zips (default dist)")
    installed = commands.add_parser("install", help="build for one Blender and install into a profile of its own")
    installed.add_argument("--blender", type=Path, required=True)
    installed.add_argument("--profile", type=Path, required=True, help="what BLENDER_USER_RESOURCES will name")
    return parser


def _python(text: str) -> tuple[int, int]:
    major, _, minor = text.partition(".")
    return int(major), int(minor)


def main() -> None:
    """Run the command; leaves with a sentence where it cannot be done."""
    given = _parser().parse_args()
    if given.command == "install":
        new = install_into_profile(given.blender.absolute(), given.profile)
        print("installed" if new else "the same build is installed already")
        return
    author = author_command(given.blender.absolute() if given.blender else None)
    for platform in given.platform:
        archive = build([Target(python, platform) for python in given.python], given.to.absolute(), author)
        print(f"{archive}  {archive.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
