"""Puts the add-on into the private profile of a real Blender. Blocking; any thread.

The builder is a tool of the checkout and runs in a process of its own, so that the bridge does not grow with it.
"""

import subprocess
import sys
from pathlib import Path

from .blender import CODE_ROOT, NoBlender

__all__ = ["install_extension"]

_TIMEOUT_S = 300.0


def install_extension(program: Path, profile: Path) -> None:
    """Install the extension unless the same build is there already. Raises ``NoBlender`` with the last line said."""
    if not (CODE_ROOT / "tools" / "extension" / "__main__.py").is_file():
        raise NoBlender(
            "The tool that installs the extension into Blender is not here: run from a checkout, or set BLENDER=bpy."
        )
    profile.mkdir(parents=True, exist_ok=True)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tools.extension", "install", "--blender", str(program), "--profile", str(profile)],
            cwd=CODE_ROOT,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_TIMEOUT_S,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NoBlender("Installing the extension into Blender took too long.") from error
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise NoBlender(f"The extension could not be installed into Blender: {said[-1] if said else 'no reason given'}")
