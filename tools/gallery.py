"""Contact sheets and checks of the catalogue, in one process with the bpy module.

    python tools/gallery.py [NAME …] [--out DIR] [--unlabelled] [--lint] [--variants]

Renders tiles of the named recipes (all, without names), in the materials and light of finished scenes, to
DIR/sheet-NN.png, or with ``--lint`` only checks them.
"""

import argparse
import math
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import bpy

from addon.catalogue import Catalogue, form_of, load_catalogue
from addon.models.layout import Placement
from addon.models.plan import Environment, PlanObject, ScenePlan
from addon.models.recipe import Recipe
from addon.models.session import Options
from addon.scene.atmosphere import atmosphere_of
from addon.scene.materials import Wish, material_for
from addon.scene.paint import paint_things
from addon.scene.settings import apply_settings
from addon.scene.sky import build_sky
from addon.scene.things import build_object
from tools.lint_recipes import lint

TILE = 1.0
COLUMNS, ROWS = 7, 4


def main() -> int:
    """The command line; 1 when a recipe fails its checks."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("names", nargs="*")
    options.add_argument("--out", type=Path, default=Path("output/.gallery"))
    options.add_argument("--recipes", type=Path, action="append", default=[], help="more folders of recipes")
    options.add_argument("--unlabelled", action="store_true")
    options.add_argument("--lint", action="store_true", help="check only, no pictures")
    options.add_argument("--variants", action="store_true", help="a tile for each variant and pose")
    options.add_argument("--scale", type=float, default=1.0, help="of the pictures")
    chosen = options.parse_args()
    catalogue = load_catalogue(*chosen.recipes)
    print(*catalogue.problems, sep="\n", end="\n" if catalogue.problems else "")
    names = chosen.names or list(catalogue.names())
    bad = _check(catalogue, names)
    if not chosen.lint:
        tiles = [tile for name in names if name not in bad for tile in _tiles(catalogue.get(name), chosen.variants)]
        per_sheet = COLUMNS * ROWS
        for number, start in enumerate(range(0, len(tiles), per_sheet)):
            path = chosen.out.resolve() / f"sheet-{number:02}.png"
            _sheet(tiles[start : start + per_sheet], path, labels=not chosen.unlabelled, scale=chosen.scale)
            print(path)
    return 1 if bad else 0


def _check(catalogue: Catalogue, names: list[str]) -> set[str]:
    bad = set()
    for name in names:
        start = time.perf_counter()
        try:
            problems, facts = lint(catalogue.get(name))
        except Exception as error:  # noqa: BLE001 - one bad recipe must not hide the others' problems
            problems, facts = [f"{type(error).__name__}: {error}"], ""
        spent = (time.perf_counter() - start) * 1000
        print(f"{name:20} {spent:6.0f} ms {facts}", *problems, sep="\n    " if problems else "")
        if problems:
            bad.add(name)
    print(f"{len(names)} recipes, {len(bad)} with problems")
    return bad


def _tiles(recipe: Recipe, every: bool) -> list[tuple[str, Recipe, PlanObject]]:
    def tile(label: str, **chosen: object) -> tuple[str, Recipe, PlanObject]:
        plan = {"id": f"t_{label.replace(' ', '_')}", "recipe": recipe.name, "noun": recipe.name, **chosen}
        return label, recipe, PlanObject.model_validate(plan)

    if not every:
        return [tile(recipe.name)]
    variants = [tile(f"{recipe.name} {form.name}", parameters={"variant": form.name}) for form in recipe.variants]
    return (variants or [tile(recipe.name)]) + [tile(f"{recipe.name} {pose}", pose=pose) for pose in recipe.poses]


def _sheet(tiles: list[tuple[str, Recipe, PlanObject]], path: Path, *, labels: bool, scale: float) -> None:
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    scene = bpy.context.scene
    columns = min(COLUMNS, len(tiles))
    rows = -(-len(tiles) // columns)
    tilt = math.radians(14)
    for number, (label, recipe, plan) in enumerate(tiles):
        # Rows are spaced along the picture's up direction, so that every tile is seen from the same angle.
        x = (number % columns - (columns - 1) / 2) * TILE
        down = (number // columns - (rows - 1) / 2) * TILE
        position = (x, -down * math.sin(tilt), -down * math.cos(tilt))
        _thing(recipe, plan, position)
        if labels:
            _label(label, position, tilt)
    recipes = {recipe.name: recipe for _, recipe, _ in tiles}
    paint_things(ScenePlan(objects=[plan for _, _, plan in tiles]), recipes, hazy=False)
    _light_and_camera(scene, columns, rows, tilt)
    size = (int(columns * 240 * scale), int(rows * 240 * scale))
    apply_settings(scene, Options(resolution=size, samples=12), exposure=0.0)
    scene.render.filepath = str(path)
    bpy.ops.render.render(write_still=True)


def _thing(recipe: Recipe, plan: PlanObject, position: tuple[float, float, float]) -> None:
    form = form_of(recipe, plan)
    fit = 0.8 * TILE / max(form.size[2] * 1.05, math.hypot(form.size[0], form.size[1]) * 0.98)
    x, y, z = position
    z -= 0.5 * fit * form.size[2] - 0.02
    thin = min(form.size[:2]) < 0.12 * max(form.size[:2])
    # Long things are shown from their long side, flat ones from the front.
    turned = 32.0 if not thin else 0.0 if form.size[1] < form.size[0] else 70.0
    place = Placement(
        object_id=plan.id, instance=1, recipe=recipe.name, position=(x, y, z), rotation_z=turned, scale=fit,
        size=(form.size[0] * fit, form.size[1] * fit, form.size[2] * fit),
    )  # fmt: skip
    build_object(plan, recipe, [place], bpy.context.scene.collection)


def _label(text: str, position: tuple[float, float, float], tilt: float) -> None:
    curve = bpy.data.curves.new("label", "FONT")
    curve.body, curve.size, curve.align_x = text, 0.075, "CENTER"
    label = bpy.data.objects.new("label", curve)
    x, y, z = position
    # Below the middle of the tile, and towards the camera so that a wide thing does not hide its own name.
    up, forward = (math.sin(tilt), math.cos(tilt)), (math.cos(tilt), -math.sin(tilt))
    label.location = (x, y - 0.48 * up[0] - 5 * forward[0], z - 0.48 * up[1] - 5 * forward[1])
    label.rotation_euler = (math.pi / 2 - tilt, 0, 0)
    curve.materials.append(material_for(Wish("matte", "#000000")))
    bpy.context.scene.collection.objects.link(label)


def _light_and_camera(scene: bpy.types.Scene, columns: int, rows: int, tilt: float) -> None:
    camera = bpy.data.cameras.new("camera")
    camera.type, camera.ortho_scale, camera.clip_end = "ORTHO", max(columns, rows) * TILE, 200
    seer = bpy.data.objects.new("camera", camera)
    seer.location = (0, -40 * math.cos(tilt), 40 * math.sin(tilt))
    seer.rotation_euler = (math.pi / 2 - tilt, 0, 0)
    scene.collection.objects.link(seer)
    scene.camera = seer
    light = bpy.data.lights.new("key", "SUN")
    light.energy, light.angle = 2.6, 0.2
    sun = bpy.data.objects.new("key", light)
    sun.rotation_euler = [math.radians(angle) for angle in (50, 0, -40)]
    scene.collection.objects.link(sun)
    build_sky(scene, atmosphere_of(Environment()), 0.0, None)


if __name__ == "__main__":
    sys.exit(main())
