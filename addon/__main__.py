"""``python -m addon``: Blender as a Python module, without a bridge. Main thread."""

import gc
import sys


def _main() -> int:
    gc.disable()  # until all is loaded: see commands
    try:
        import bpy  # noqa: F401 - the module registers Blender's own parts when it is first imported
    except ImportError:
        print(
            "scenekeeper: this Python has no bpy module. Install it (pip install bpy==5.0.1, Python 3.11 only),\n"
            "or use a Blender: blender -b -c scenekeeper …",
            file=sys.stderr,
        )
        return 69
    from .commands import main

    return main(sys.argv[1:], [sys.executable, "-m", "addon", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(_main())
