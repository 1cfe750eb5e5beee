"""Downloads the pinned wheels for a Blender's Python and platform, once. Blocking."""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .lock import needed_in_blender, requirements_text

__all__ = ["PIP_PLATFORMS", "PYTHONS", "Target", "fetch_wheels"]

PYTHONS = ((3, 11), (3, 13), (3, 14))
"""Those of Blender's own builds from 4.2 on, and of distributions that build it against a newer one."""

PIP_PLATFORMS = {
    "linux-x64": ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"),
    "windows-x64": ("win_amd64",),
    "macos-arm64": ("macosx_11_0_arm64",),
    "macos-x64": ("macosx_11_0_x86_64",),
}
"""What pip calls each of Blender's platforms; the oldest systems that Blender 4.2 runs on."""


@dataclass(frozen=True)
class Target:
    """A Blender to build for: its Python, its platform by the manifest's name, and whether it lacks numpy."""

    python: tuple[int, int]
    platform: str
    lacks_numpy: bool = False

    @property
    def name(self) -> str:
        """As in ``3.13-linux-x64``."""
        return f"{self.python[0]}.{self.python[1]}-{self.platform}"


def fetch_wheels(root: Path, target: Target) -> list[Path]:
    """The wheels for ``target``, from ``.cache/wheels`` or the package index; their hashes are the lock file's.

    Leaves with pip's own words where one cannot be had.
    """
    pins = needed_in_blender(
        (root / "pyproject.toml").read_text(encoding="utf-8"),
        (root / "requirements" / "run.txt").read_text(encoding="utf-8"),
    )
    text = requirements_text(pins, target.python)
    if target.lacks_numpy:
        text += (root / "requirements" / "numpy.txt").read_text(encoding="utf-8")
    folder = root / ".cache" / "wheels" / f"{target.name}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    if not folder.is_dir():
        _download(text, target, folder)
    return sorted(folder.glob("*.whl"))


def _download(requirements: str, target: Target, folder: Path) -> None:
    print(f"Downloading the wheels for {target.name}", flush=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
    try:
        listed = staging / "requirements.txt"
        listed.write_text(requirements, encoding="utf-8")
        platforms = [flag for tag in PIP_PLATFORMS[target.platform] for flag in ("--platform", tag)]
        done = subprocess.run(
            [
                *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"),
                *("--require-hashes", "--no-deps", "--only-binary=:all:"),
                *("--implementation", "cp", "--python-version", ".".join(map(str, target.python))),
                *platforms,
                *("--dest", staging, "--requirement", listed),
            ],
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            said = done.stderr.strip()
            last = (said.splitlines() or ["pip said nothing"])[-1]
            sys.exit(f"{said}\nThe wheels for {target.name} could not be downloaded: {last}")
        listed.unlink()
        if not folder.is_dir():
            staging.rename(folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
