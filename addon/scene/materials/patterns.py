"""Stripes, dots and checks: one node group of the file each, shared by all materials that have it. Main thread."""

from typing import Any

from ..graph import Graph
from ..groups import shared_group

__all__ = ["patterned"]

_INPUTS = {"Vector": "Vector", "Repeats": "Float", "Color": "Color", "Other Color": "Color"}
_REPEATS = 8
"""So many over the largest side of a thing."""


def patterned(graph: Graph, pattern: str, at: Any, size_m: float, base: Any, other: Any) -> Any:
    """``base`` and ``other`` in a pattern over a thing ``size_m`` large; ``at``: the position in metres."""
    node = graph.add("Group", node_tree=_group(pattern))
    for name, value in {"Vector": at, "Repeats": _REPEATS / size_m, "Color": base, "Other Color": other}.items():
        graph.connect(value, node.inputs[name])
    return node.outputs[0]


def _group(pattern: str) -> Any:
    def make(graph: Graph, entry: Any) -> dict[str, tuple[str, Any]]:
        scaled = graph.add("VectorMath", {0: entry["Vector"], "Scale": entry["Repeats"]}, operation="SCALE")
        shown = graph.mix(_mask(graph, pattern, scaled.outputs[0]), entry["Color"], entry["Other Color"])
        return {"Color": ("Color", shown)}

    return shared_group(pattern.capitalize(), _INPUTS, make)


def _mask(graph: Graph, pattern: str, at: Any) -> Any:
    """1 where the other colour is; one repeat per unit."""
    if pattern == "checkered":
        # A hair's breadth off the grid: a face that lies exactly on it would flicker between both colours.
        moved = graph.vector("ADD", at, (0.013, 0.017, 0.019))
        return graph.add("TexChecker", {"Vector": moved, "Scale": 1.0}).outputs[1]
    if pattern == "dotted":
        cells = graph.add("TexVoronoi", {"Vector": at, "Scale": 1.0, "Randomness": 0.25}, feature="F1")
        return graph.math("LESS_THAN", cells.outputs["Distance"], 0.36)
    upright = graph.add("SeparateXYZ", {0: at}).outputs[2]
    return graph.math("LESS_THAN", graph.math("FRACT", graph.math("ADD", upright, 0.25)), 0.5)
