"""The bare render: a process with bpy in it opens a .blend and renders it, and nothing else. Main thread.

``python -m benchmarks.bare_render FILE`` renders one and ends: what ``blender -b FILE -f 1`` is to the bpy module.
Without FILE it renders every file that standard input names and prints the seconds that each render call took.
"""

import os
import sys
import time

import bpy


def _render(path: str) -> float:
    bpy.ops.wm.open_mainfile(filepath=path, load_ui=False, use_scripts=False)
    scene = bpy.context.scene
    if scene is None:
        raise RuntimeError(f"{path} has no scene")
    scene.render.filepath = os.path.splitext(path)[0] + "-bare.png"  # noqa: PTH122 - strings are what Blender takes
    begun = time.perf_counter()
    bpy.ops.render.render(write_still=True)
    return time.perf_counter() - begun


def _main() -> None:
    if len(sys.argv) > 1:
        _render(sys.argv[1])
        return
    # Blender prints what it does on standard output; the answers go where that was led to begin with.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    for line in sys.stdin:
        print(_render(line.strip()), file=answers)


if __name__ == "__main__":
    _main()
