"""Air or water between the camera and things: one shared node group, so that its depth is set in one place.

A real volume costs ten times the render; mixing with the distant colour by distance looks the same from the
camera, adds no noise, and leaves reflections and light alone. Main thread.
"""

from typing import Any

from .colour import RGBA
from .graph import Graph
from .groups import shared_group

__all__ = ["add_haze", "set_haze"]


def _group() -> Any:
    return shared_group("Haze", {"Shader": "Shader"}, _make)


def _make(graph: Graph, entry: Any) -> dict[str, tuple[str, Any]]:
    start = graph.add("Value", name="Start", label="Start (m)").outputs[0]
    length = graph.add("Value", name="Length", label="Length (m)").outputs[0]
    color = graph.add("RGB", name="Colour").outputs[0]
    start.default_value = length.default_value = 1e4
    distance = graph.add("CameraData").outputs["View Distance"]
    beyond = graph.math("MAXIMUM", graph.math("SUBTRACT", distance, start), 0.0)
    left = graph.math("EXPONENT", graph.math("MULTIPLY", graph.math("DIVIDE", beyond, length), -1.0))
    seen = graph.add("LightPath").outputs["Is Camera Ray"]
    factor = graph.math("MULTIPLY", graph.math("SUBTRACT", 1.0, left), seen)
    glow = graph.add("Emission", {"Color": color}).outputs[0]
    return {"Shader": ("Shader", graph.add("MixShader", {0: factor, 1: entry["Shader"], 2: glow}).outputs[0])}


def add_haze(graph: Graph, shader: Any) -> Any:
    """The shader as seen through the scene's haze."""
    return graph.add("Group", {0: shader}, node_tree=_group()).outputs[0]


def set_haze(color: RGBA, start_m: float, length_m: float) -> None:
    """Everything beyond ``start_m`` from the camera fades to ``color``, two thirds of it after ``length_m``."""
    nodes = _group().nodes
    nodes["Start"].outputs[0].default_value = start_m
    nodes["Length"].outputs[0].default_value = length_m
    nodes["Colour"].outputs[0].default_value = color
