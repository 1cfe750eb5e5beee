"""The checks that every recipe must pass in Blender: size, closed surfaces, budget, slots. Needs the bpy module."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import bpy  # noqa: F401 - mathutils and bmesh exist only after it
import numpy as np

from addon.catalogue import Chosen, choose
from addon.models.recipe import Recipe
from addon.scene.parts.assemble import Assembly, assemble
from addon.scene.parts.mesh_data import MeshData

__all__ = ["lint", "lint_garments"]

MOST_STRETCH = 1.15
TRIANGLES = (50, 50_000)


def lint(recipe: Recipe) -> tuple[list[str], str]:
    """What is wrong with a recipe in any of its variants and poses; and a line of facts about the first."""
    problems, facts = [], ""
    forms = [choose(recipe, parameters={"variant": variant.name}) for variant in recipe.variants] or [choose(recipe)]
    forms += [choose(recipe, pose=pose) for pose in recipe.poses]
    for form in forms:
        made = assemble(form)
        label = " ".join(filter(None, (form.variant, form.pose)))
        found = _whole(form, made)
        # Turned joints move points and leave faces as they are: what is closed stays closed.
        if form.pose is None or not recipe.poses[form.pose].turn:
            found += [text for piece in made.pieces for text in _mesh(piece.name, piece.mesh)]
        problems += [f"{label}: {text}" if label else text for text in found]
        facts = facts or f"{sum(piece.mesh.triangles for piece in made.pieces)} triangles"
    used = {part.slot for part in recipe.parts if not part.cutter}
    problems += [f"slot {slot!r} is used by no part" for slot in sorted(set(recipe.slots) - used)]
    if not any(slot.paintable for slot in recipe.slots.values()):
        problems.append("no slot is paintable")
    return problems, facts


def lint_garments(recipe: Recipe) -> list[str]:
    """What is wrong with what a recipe can have on; its inheritors have the same."""
    of_garments = {part.name for part in recipe.parts if set(part.only) & set(recipe.garments)}
    return [
        f"{name}: {text}"
        for name in recipe.garments
        for piece in assemble(choose(recipe, wears=[name])).pieces
        if piece.name in of_garments
        for text in _mesh(piece.name, piece.mesh)
    ]


def _whole(form: Chosen, made: Assembly) -> list[str]:
    problems = []
    points = np.concatenate([piece.mesh.points for piece in made.pieces])
    size = points.max(axis=0) - points.min(axis=0)
    if not np.allclose(size, form.size, rtol=0.02):
        problems.append(f"is {size.round(4).tolist()} m instead of {list(form.size)}")
    scale = np.array(form.size) / made.natural
    if scale.max() / scale.min() > MOST_STRETCH:
        natural = [round(value, 4) for value in made.natural]
        problems.append(f"the parts are {natural} before fitting: size {list(form.size)} distorts them")
    triangles = sum(piece.mesh.triangles for piece in made.pieces)
    if not TRIANGLES[0] <= triangles <= TRIANGLES[1]:
        problems.append(f"has {triangles} triangles, allowed {TRIANGLES[0]} to {TRIANGLES[1]}")
    for name, surface in form.surfaces.items():
        if (
            any(surface.reach[axis] > form.size[axis] / 2 * 1.02 for axis in (0, 1))
            or surface.at[2] > form.size[2] * 1.001
        ):
            problems.append(f"surface {name!r} lies outside the thing")
    return problems


def _mesh(name: str, mesh: MeshData) -> list[str]:
    problems = []
    if mesh.counts.min() < 3 or not np.isfinite(mesh.points).all():
        return [f"part {name!r}: broken faces"]
    starts = mesh.starts
    following = np.arange(len(mesh.corners)) + 1
    following[starts + mesh.counts - 1] = starts
    here, there = mesh.corners, mesh.corners[following]
    # An edge as one number, which sorts many times faster than a pair.
    forth = np.sort(here * len(mesh.points) + there)
    back = np.sort(there * len(mesh.points) + here)
    # Closed and consistently turned: every edge is walked as often one way as the other.
    if not np.array_equal(forth, back):
        problems.append(f"part {name!r}: the surface has holes or faces that are turned around")
    if mesh.volume() <= 0:
        problems.append(f"part {name!r}: its normals point inwards")
    areas = _areas(mesh)
    tiny = int((areas < 1e-9 * np.ptp(mesh.points, axis=0).max() ** 2).sum())
    if tiny:
        problems.append(f"part {name!r}: {tiny} faces without area")
    return problems


def _areas(mesh: MeshData) -> np.ndarray:
    areas = np.zeros(len(mesh.counts))
    starts = mesh.starts
    for size in np.unique(mesh.counts):
        chosen = mesh.counts == size
        face = mesh.points[mesh.corners[starts[chosen][:, None] + np.arange(size)]]
        for second in range(1, size - 1):
            cross = np.cross(face[:, second] - face[:, 0], face[:, second + 1] - face[:, 0])
            areas[chosen] += np.linalg.norm(cross, axis=1) / 2
    return areas
