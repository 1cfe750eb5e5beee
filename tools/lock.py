"""Pins what pyproject.toml asks for into requirements/*.txt, with hashes and without addresses. Needs uv on PATH."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXTRAS = {"run": ["bridge"], "dev": ["bridge", "dev"], "bpy": ["bridge", "bpy"]}
FLAGS = ["--universal", "--python-version=3.11", "--generate-hashes", "--no-emit-index-url", "--no-header", "--quiet"]


def main() -> None:
    """Write the lock files; ``run`` first, because the others are held to its versions."""
    for name, extras in EXTRAS.items():
        target = f"requirements/{name}.txt"
        command = ["uv", "pip", "compile", "pyproject.toml", *FLAGS, "-o", target]
        command += [flag for extra in extras for flag in ("--extra", extra)]
        command += [] if name == "run" else ["-c", "requirements/run.txt"]
        try:
            done = subprocess.run(command, cwd=ROOT, check=False)
        except FileNotFoundError:
            sys.exit("uv is needed to lock: pip install uv")
        if done.returncode:
            sys.exit(done.returncode)


if __name__ == "__main__":
    main()
