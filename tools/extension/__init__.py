"""Builds the Blender extension, and installs it into a Blender profile. ``python -m tools.extension --help``."""
