"""Loaded by a worker's Python at its start, from PYTHONPATH: makes a stage die, wait or fail.

STAGE_FAULT is "STAGE:FAULT": ``kill`` (SIGKILL at its end, before the checkpoint), ``wait`` (for ever, with beats, the
first time that file STAGE_FAULT_ONCE is not there), ``raise``.
"""

import importlib.abc
import importlib.machinery
import os
import signal
import sys
import time
from pathlib import Path
from types import ModuleType


class _Finder(importlib.abc.MetaPathFinder):
    """Wraps one stage when the stages are loaded."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> importlib.machinery.ModuleSpec | None:
        if name != "addon.worker.stages":
            return None
        sys.meta_path.remove(self)
        spec = importlib.machinery.PathFinder.find_spec(name, path)  # type: ignore[arg-type]
        load = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            load(module)
            _break(module)

        spec.loader.exec_module = exec_module
        return spec


def _break(module: ModuleType) -> None:
    name, _, fault = os.environ["STAGE_FAULT"].partition(":")
    stage = next(stage for stage in module.STAGES if stage.value == name)
    real = module.STAGES[stage]

    def broken(job: object) -> object:
        if fault == "raise":
            raise ValueError("a fault of the tests")
        outcome = real(job)
        if fault == "kill":
            os.write(2, b"last words of the tests\n")
            os.kill(os.getpid(), signal.SIGKILL)
        mark = Path(os.environ["STAGE_FAULT_ONCE"])
        if not mark.exists():
            mark.touch()
            while True:
                job.report(1.0, "waiting")  # type: ignore[attr-defined]
                time.sleep(0.05)
        return outcome

    module.STAGES[stage] = broken


if "STAGE_FAULT" in os.environ and "SCENEKEEPER_WORKER_ID" in os.environ:
    sys.meta_path.insert(0, _Finder())
