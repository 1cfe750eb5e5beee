"""Scenekeeper, the add-on: a prompt becomes a Blender scene, and no session is ever lost or stuck."""
