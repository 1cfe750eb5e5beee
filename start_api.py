"""Starts the bridge: ``python3 start_api.py``. Uses the checkout's .venv where there is one."""

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PYTHON = HERE / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

if PYTHON.is_file() and Path(sys.prefix).resolve() != PYTHON.parent.parent.resolve():
    # The file's name stays in the command line, so that pkill -f start_api finds the bridge.
    os.execv(PYTHON, [str(PYTHON), str(HERE / "start_api.py"), *sys.argv[1:]])

sys.path.insert(0, str(HERE))
sys.argv[1:1] = ["serve"]
try:
    from bridge.__main__ import command

    serve = command()
except ModuleNotFoundError as missing:
    sys.exit(f"{missing.name} is not installed. Run 'make serve' once: it installs what is needed into .venv.")
serve()
