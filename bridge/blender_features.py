"""What a Blender can do, asked of itself in a process of its own. Blocking; any thread."""

import json
import subprocess
import sys

from pydantic import BaseModel, ValidationError

from .blender import BlenderFound

__all__ = ["BlenderFeatures", "ask_features"]

_TIMEOUT_S = 120.0
_MARK = "SCENEKEEPER-FEATURES "

_QUESTION = f"""
import bpy, json
try:
    import _cycles
    denoiser = bool(_cycles.with_openimagedenoise)
except (ImportError, AttributeError):
    denoiser = False
gpus = []
try:
    cycles = bpy.context.preferences.addons["cycles"].preferences
    for kind, *_ in cycles.get_device_types(bpy.context):
        gpus += [d.name for d in cycles.get_devices_for_type(kind) or () if d.type != "CPU"]
except Exception as error:
    pass
print({_MARK!r} + json.dumps({{"version": bpy.app.version_string, "denoiser": denoiser,
    "gpus": sorted(set(gpus)), "video": bool(bpy.app.build_options.codec_ffmpeg)}}))
"""


class BlenderFeatures(BaseModel):
    """``denoiser``: built with OpenImageDenoise; ``video``: can encode one."""

    version: str
    denoiser: bool
    gpus: list[str]
    video: bool


def ask_features(found: BlenderFound) -> BlenderFeatures | None:
    """Its answer; None when it does not start or does not answer."""
    if found.program is None:
        command = [sys.executable, "-P", "-c", _QUESTION]
    else:
        command = [str(found.program), "-b", "--factory-startup", "-Y", "--python-expr", _QUESTION]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_TIMEOUT_S,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    for line in done.stdout.splitlines():
        if line.startswith(_MARK):
            try:
                return BlenderFeatures.model_validate(json.loads(line.removeprefix(_MARK)))
            except (ValueError, ValidationError):
                return None
    return None
