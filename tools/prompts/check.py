"""A saved scene.blend against what its prompt asks for. Main thread, background Blender; what was open is closed.

python -m tools.prompts.check scene.blend '{"prompt": …, "include": […], "relations": […]}'
"""

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .blend import open_scene, read_things, read_view
from .judge import judged
from .passes import render_passes, render_picture
from .rows import Row, Wrong
from .seen import Sighting, sightings, sky_sighting

__all__ = ["check", "picture_of"]

TILE_COLUMNS = 320


def check(path: Path, row: Row) -> list[Wrong]:
    """Everything in the scene that is not as asked. A picture is rendered only where colours are asked for."""
    scene = open_scene(path)
    things = read_things(scene)
    if not things:
        return [Wrong(about="include", text="there is nothing in the scene")]
    sky = dict(scene.world.items()) if scene.world is not None else {}
    picture = render_picture(scene) if any(asked.color for asked in row.include) else None
    view = read_view(scene)
    passes = render_passes(scene, things)
    seen: list[Sighting] = sightings(things, view, passes)
    if "thing" in sky and "noun" in sky:
        seen.append(sky_sighting(str(sky["noun"]), passes))
    return judged(row, seen, picture)


def picture_of(path: Path) -> NDArray[np.uint8]:
    """What the saved scene looks like, small."""
    return render_picture(open_scene(path), TILE_COLUMNS)


if __name__ == "__main__":
    found = check(Path(sys.argv[1]).resolve(), Row.model_validate_json(sys.argv[2]))
    print(*(f"{one.about}: {one.text}" for one in found), sep="\n")
    sys.exit(bool(found))
