"""Things pressed into shapes for which they have no variant: the outline is the shape's, the size the form's."""

import numpy as np
import pytest

from addon.catalogue import choose, load_catalogue
from addon.scene.parts.assemble import assemble
from tools.prompts.shapes import shaped
from tools.prompts.solid import Solid

pytestmark = pytest.mark.blender
CATALOGUE = load_catalogue()


def built(name: str, shape: str | None) -> tuple[Solid, tuple[float, float, float]]:
    """A thing's triangles and the size it should have."""
    form = choose(CATALOGUE.get(name), shape)
    points, faces, count = [], [], 0
    for piece in assemble(form).pieces:
        for start, size in zip(piece.mesh.starts.tolist(), piece.mesh.counts.tolist(), strict=True):
            face = piece.mesh.corners[start : start + size] + count
            faces += [(face[0], face[corner], face[corner + 1]) for corner in range(1, size - 1)]
        points.append(piece.mesh.points)
        count += len(piece.mesh.points)
    return Solid(np.concatenate(points), np.array(faces, dtype=np.int32)), form.size


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("bookshelf", "cylindrical"), ("dice", "spherical"), ("book", "triangular"), ("cube", "conical"),
        ("toaster", "pyramidal"), ("cube", "pentagonal"), ("suitcase", "cubic"), ("pillow", "round"),
        ("cube", "diamond"), ("cube", "teardrop"), ("ball", "cubic"), ("acorn", "cubic"), ("knife_block", "spherical"),
    ],
)  # fmt: skip
def test_a_moulded_thing_has_the_shape(name: str, shape: str) -> None:
    solid, size = built(name, shape)
    assert shaped(solid, shape)
    assert solid.size == pytest.approx(size, rel=1e-3)
    assert solid.low[2] == pytest.approx(0, abs=1e-6)


def test_what_has_a_variant_keeps_it() -> None:
    form = choose(CATALOGUE.get("table"), "round")
    assert form.mould is None
    assert form.variant == "round"


@pytest.mark.parametrize("name", ["dog", "woman", "car"])
def test_the_living_and_vehicles_are_not_maimed(name: str) -> None:
    form = choose(CATALOGUE.get(name), "conical")
    assert form.mould is None
    assert not form.understood


def test_a_moulded_mesh_stays_closed() -> None:
    solid, _ = built("cube", "spherical")
    edges: dict[tuple[int, int], int] = {}
    for face in solid.faces.tolist():
        for first, second in zip(face, face[1:] + face[:1], strict=True):
            edges[first, second] = edges.get((first, second), 0) + 1
    assert all(edges.get((second, first)) == 1 for first, second in edges)
