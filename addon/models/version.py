"""The program's version, once; ``pyproject.toml`` and ``blender_manifest.toml`` are tested to say the same."""

VERSION = "0.1.0"
