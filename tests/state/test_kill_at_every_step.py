"""kill -9 at every write, fsync and rename of a session's life, before the step and in the middle of it."""

import subprocess
import sys
import tempfile
from pathlib import Path


def test_every_file_is_the_old_or_the_new_one_whenever_it_dies() -> None:
    # In memory where there is such a folder: a killed process leaves the same there, and fsync costs nothing.
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as root:
        done = subprocess.run(
            [sys.executable, "-m", "tests.state.kill_driver", root], capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stderr[-3000:]
    assert int(done.stdout) > 100, "fewer deaths than there are steps: the steps are not the ones that are used"
