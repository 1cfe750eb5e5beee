"""Makes .venv and puts pinned packages into it; does nothing when they are there. Run by make, with any Python ≥ 3.11.

    python tools/bootstrap.py run|dev|bpy|node|blender …

``blender`` means: the bpy module, but only where no Blender program is named by BLENDER or found on PATH.
``node`` means: the programs of tools/package.json, which tests run; Node.js itself comes with ``dev``.
Standard library only. A stamp named after the lock file's hash says that a set is installed.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from stand_ins import make_stand_ins

ROOT = Path(__file__).resolve().parent.parent
VENV = Path(os.environ.get("VENV", ROOT / ".venv"))
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMPS = VENV / "stamps"

SAYS = {
    "run": "Installing what the bridge needs into .venv",
    "dev": "Installing what tests and checks need into .venv",
    "bpy": "Installing Blender as a Python module into .venv (about 350 MB, once; this takes minutes)",
}
BPY_PYTHON = (3, 11)
LIBRARIES = "libx11-6 libxrender1 libxfixes3 libxi6 libxkbcommon0 libsm6 libgl1"

FIND_BLENDER = """
import sys
from addon.models.settings import Settings
from bridge.blender import Kind, NoBlender, find_blender
setting = Settings().blender
try:
    sys.exit(3 if setting in ("", "bpy") and find_blender(setting).kind is Kind.MODULE else 0)
except NoBlender:
    sys.exit(3 if setting in ("", "bpy") else 0)
"""


def main(sets: list[str]) -> None:
    """Install each set in order. Leaves with a sentence and 1 when something cannot be done."""
    make_venv()
    for name in sets:
        if name == "blender":
            install("run")
            if needs_module():
                install_module()
        elif name == "bpy":
            install_module()
        elif name == "node":
            install_node_programs()
        else:
            install(name)


def make_venv() -> None:
    """Make .venv, or make it anew where its Python is gone."""
    if PYTHON.exists() and subprocess.run([PYTHON, "-c", ""], check=False).returncode == 0:
        return
    print("Making .venv", flush=True)
    if VENV.exists():
        shutil.rmtree(VENV)
    try:
        venv.create(VENV, with_pip=True)
    except (OSError, subprocess.CalledProcessError):
        shutil.rmtree(VENV, ignore_errors=True)
        sys.exit("This Python cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv")


def stamp(name: str) -> Path:
    """What says that the set as it is locked now is installed."""
    digest = hashlib.sha256((ROOT / "requirements" / f"{name}.txt").read_bytes()).hexdigest()
    return STAMPS / f"{name}-{digest[:16]}"


def install(name: str) -> None:
    """Install a lock file with its hashes, unless its stamp is there."""
    done = stamp(name)
    if done.exists():
        return
    print(SAYS[name], flush=True)
    flags = ["--quiet", "--require-hashes", "--no-deps", "--disable-pip-version-check"]
    lock = ROOT / "requirements" / f"{name}.txt"
    if subprocess.run([str(PYTHON), "-m", "pip", "install", *flags, "-r", str(lock)], check=False).returncode != 0:
        sys.exit("The packages could not be installed; see above. Run the same command again to go on.")
    STAMPS.mkdir(exist_ok=True)
    for older in STAMPS.glob(f"{name}-*"):
        older.unlink()
    done.touch()


def needs_module() -> bool:
    """Whether there is no Blender program to use."""
    asked = subprocess.run([PYTHON, "-c", FIND_BLENDER], cwd=ROOT, check=False).returncode
    return asked == 3


def install_module() -> None:
    """Install bpy and see that it loads."""
    if stamp("bpy").exists():
        return
    version = subprocess.run(
        [PYTHON, "-c", "import sys; print(*sys.version_info[:2])"], capture_output=True, text=True, check=True
    )
    if tuple(map(int, version.stdout.split())) != BPY_PYTHON:
        sys.exit(
            "There is no Blender here, and the bpy module needs Python 3.11, which .venv does not have.\n"
            "Install Blender 4.2 or later and put it on PATH, or remove .venv and run: make PYTHON=python3.11 …"
        )
    install("bpy")
    problem = load_problem()
    if problem is not None and sys.platform == "linux":
        made = make_stand_ins(package_folder())
        if made:
            print(f"No window system here; Blender runs without: {', '.join(made)}", flush=True)
            problem = load_problem()
    if problem is not None:
        stamp("bpy").unlink()
        sys.exit(f"The bpy module does not load: {problem}\nOn Debian and Ubuntu: apt-get install {LIBRARIES}")


def install_node_programs() -> None:
    """Put what tools/package-lock.json pins into .cache/node."""
    lock = ROOT / "tools" / "package-lock.json"
    done = ROOT / ".cache" / "node" / f"stamp-{hashlib.sha256(lock.read_bytes()).hexdigest()[:16]}"
    if done.exists():
        return
    print("Installing the programs that tests run into .cache/node", flush=True)
    shutil.rmtree(done.parent, ignore_errors=True)
    done.parent.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / "tools" / name, done.parent)
    path = os.pathsep.join((str(PYTHON.parent), os.environ.get("PATH", "")))
    npm = shutil.which("npm", path=path) or "npm"
    command = [npm, "ci", "--loglevel=error", "--no-audit", "--no-fund", "--prefix", str(done.parent)]
    if subprocess.run(command, env=os.environ | {"PATH": path}, check=False).returncode != 0:
        sys.exit("The programs that tests run could not be installed; see above. Run the same command again to go on.")
    done.touch()


def load_problem() -> str | None:
    """Why bpy does not load, or None."""
    loaded = subprocess.run([PYTHON, "-c", "import bpy"], capture_output=True, text=True, check=False)
    if loaded.returncode == 0:
        return None
    return (loaded.stderr.strip().splitlines() or [f"it ended with {loaded.returncode}"])[-1]


def package_folder() -> Path:
    """Where bpy is installed."""
    asked = [str(PYTHON), "-c", "import sysconfig; print(sysconfig.get_path('platlib'))"]
    return Path(subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()) / "bpy"


if __name__ == "__main__":
    main(sys.argv[1:])
