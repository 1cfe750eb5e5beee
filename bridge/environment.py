"""What a worker gets from the bridge: every setting, through its environment. Pure; any thread."""

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import SecretStr

from addon.models.settings import Settings

__all__ = ["worker_environment"]

_PREFIX = "SCENEKEEPER_"
_OWN = {"port", "bind", "output", "blender", "allowed_hosts"}


def _text(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, list):
        return ",".join(map(str, value))
    return str(value.resolve()) if isinstance(value, Path) else str(value)


def worker_environment(
    inherited: Mapping[str, str], settings: Settings, worker_id: str, supervisor: str, extra: Mapping[str, str]
) -> dict[str, str]:
    """``inherited`` without settings of ours, and the bridge's own as it resolved them (flags and files included).

    The worker serves on a free port of loopback: clients talk to the bridge.
    """
    environment = {name: value for name, value in inherited.items() if not name.startswith(_PREFIX)}
    for name in Settings.model_fields:
        value = getattr(settings, name)
        if name not in _OWN and value not in (None, []):
            environment[_PREFIX + name.upper()] = _text(value)
    return environment | {
        _PREFIX + "OUTPUT": os.fspath(settings.output.resolve()),
        _PREFIX + "BIND": "127.0.0.1",
        _PREFIX + "PORT": "0",
        _PREFIX + "WORKER_ID": worker_id,
        _PREFIX + "SUPERVISOR": supervisor,
        **extra,
    }
