"""A tethered program dies with its parent, by SIGKILL too. Real processes."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from bridge import tether

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the kernel's parent-death signal is Linux's")

_PARENT = """
import os, subprocess, sys, time
child = subprocess.Popen(
    [sys.executable, "-I", "-S", sys.argv[1], str(os.getpid()), "--", "sleep", "600"], process_group=0
)
print(child.pid, flush=True)
time.sleep(600)
"""


def gone(pid: int, within_s: float) -> bool:
    try:
        process = psutil.Process(pid)
    except psutil.NoSuchProcess:
        return True
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        try:
            if process.status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.02)
    return False


def test_the_program_dies_when_its_parent_is_killed() -> None:
    parent = subprocess.Popen([sys.executable, "-c", _PARENT, tether.__file__], stdout=subprocess.PIPE, text=True)
    try:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        deadline = time.monotonic() + 10
        while psutil.Process(child).name() != "sleep" and time.monotonic() < deadline:
            time.sleep(0.02)
        assert psutil.Process(child).name() == "sleep"
    finally:
        parent.send_signal(signal.SIGKILL)
        parent.communicate()
    assert gone(child, within_s=5)


def test_it_does_not_start_for_a_parent_that_is_gone() -> None:
    other = subprocess.Popen([sys.executable, "-c", ""])
    other.wait()
    done = subprocess.run(
        [sys.executable, "-I", "-S", tether.__file__, str(other.pid), "--", "echo", "started"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""


def test_it_becomes_the_program() -> None:
    command = [sys.executable, "-I", "-S", tether.__file__, str(os.getpid()), "--", sys.executable, "-c"]
    done = subprocess.Popen([*command, "import os; print(os.getpid())"], stdout=subprocess.PIPE, text=True)
    said, _ = done.communicate()
    assert int(said) == done.pid
