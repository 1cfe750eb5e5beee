"""Recipes that nobody has looked at: parts that make no shape are refused in words, at once, and nothing hangs."""

from typing import Any

import pytest

from addon.models.recipe import Recipe

pytestmark = pytest.mark.blender

IMPOSSIBLE: list[dict[str, Any]] = [
    {"shape": "extrude", "depth": 1, "path": "1 2 3"},
    {"shape": "extrude", "depth": 1, "path": "M0 0 L1 0 L1 1 Z 5 5"},
    {"shape": "extrude", "depth": 1, "path": "M 0 0 L"},
    {"shape": "extrude", "depth": 1},
    {"shape": "cone", "size": [1, 1, 0], "top": -3, "cut": ["hole"]},
    {"shape": "hull", "points": [[0, 0, 0], [1, 0, 0]]},
    {"shape": "tube", "path": [[0, 0, 0, 0], [0, 0, 0, 0]]},
]


@pytest.mark.parametrize("part", IMPOSSIBLE)
@pytest.mark.timeout(30)
def test_a_part_that_makes_no_shape_is_refused_by_name(part: dict[str, Any]) -> None:
    import bpy  # noqa: F401 - before what imports its parts

    from addon.catalogue import choose
    from addon.scene.parts.assemble import assemble

    recipe = Recipe.model_validate(
        {
            "name": "riddle",
            "size": [1, 1, 1],
            "slots": {"body": {"paintable": True}},
            "parts": [
                {"name": "wrong", **part},
                {"name": "hole", "shape": "sphere", "size": [0.5, 0.5, 0.5], "cutter": True},
            ],
        }
    )
    with pytest.raises(ValueError, match="recipe 'riddle', part 'wrong'"):
        assemble(choose(recipe))
