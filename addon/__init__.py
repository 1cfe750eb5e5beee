"""Scenekeeper, the add-on: a prompt becomes a Blender scene, and no session is ever lost or stuck."""


def register() -> None:
    """Blender enables the add-on."""
    from . import registration

    registration.register()


def unregister() -> None:
    """Blender disables the add-on, or ends."""
    from . import registration

    registration.unregister()
