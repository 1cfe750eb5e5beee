"""Building node trees in few words, the same way in every Blender from 4.2 on. Main thread."""

from collections.abc import Mapping, Sequence
from typing import Any

import bpy

from .colour import RGBA

__all__ = ["Graph", "Value"]

Value = Any
"""What an input takes: another node's output socket, a number, or a colour or vector."""

COLUMN, ROW = 220, 180


class Graph:
    """One node tree, emptied and built anew. Sockets are named by name, or by index where names repeat."""

    def __init__(self, tree: Any) -> None:
        self.tree = tree
        tree.nodes.clear()

    @classmethod
    def of(cls, owner: Any) -> "Graph":
        """The graph of a material, world or light."""
        # From 5.0 on everything has nodes, and asking for them is deprecated.
        if bpy.app.version < (5, 0, 0) or owner.node_tree is None:
            owner.use_nodes = True
        return cls(owner.node_tree)

    def add(self, kind: str, inputs: Mapping[Any, Value] | None = None, **settings: Any) -> Any:
        """A new node of ``ShaderNode{kind}`` with its properties set and its inputs set or linked."""
        name = kind if kind.startswith("Node") else f"ShaderNode{kind}"
        node = self.tree.nodes.new(name)
        for setting, value in settings.items():
            setattr(node, setting, value)
        for key, value in (inputs or {}).items():
            self.connect(value, node.inputs[key])
        return node

    def connect(self, value: Value, socket: Any) -> None:
        """Link a socket into an input, or set the input's own value."""
        if isinstance(value, bpy.types.NodeSocket):
            self.tree.links.new(value, socket)
        else:
            socket.default_value = value

    def math(self, operation: str, first: Value, second: Value = 0.0, clamp: bool = False) -> Any:
        """Output of a Math node."""
        return self.add("Math", {0: first, 1: second}, operation=operation, use_clamp=clamp).outputs[0]

    def vector(self, operation: str, first: Value, second: Value = (0.0, 0.0, 0.0)) -> Any:
        """Vector output of a Vector Math node."""
        return self.add("VectorMath", {0: first, 1: second}, operation=operation).outputs[0]

    def mix(self, factor: Value, first: Value, second: Value, blend: str = "MIX") -> Any:
        """Colour ``first`` at factor 0, ``second`` at 1."""
        # The Mix node has inputs for every data type; 6 and 7 are the colours, output 2 theirs.
        node = self.add("Mix", {0: factor, 6: first, 7: second}, data_type="RGBA", blend_type=blend)
        return node.outputs[2]

    def remap(self, value: Value, low: float, high: float, to_low: float, to_high: float) -> Any:
        """Linear from [low, high] to [to_low, to_high], clamped."""
        node = self.add("MapRange", {0: value, 1: low, 2: high, 3: to_low, 4: to_high}, clamp=True)
        return node.outputs[0]

    def ramp(self, factor: Value, stops: Sequence[tuple[float, RGBA]], smooth: bool = False) -> Any:
        """Colour of a ramp with these (position, colour) stops."""
        node = self.add("ValToRGB", {0: factor})
        ramp = node.color_ramp
        ramp.interpolation = "EASE" if smooth else "LINEAR"
        while len(ramp.elements) < len(stops):
            ramp.elements.new(1.0)
        for element, (position, color) in zip(ramp.elements, stops, strict=True):
            element.position, element.color = position, color
        return node.outputs[0]

    def noise(self, at: Value, scale: float, detail: float = 3.0, distortion: float = 0.0) -> Any:
        """Fractal noise 0..1 at a position; ``scale`` in features per unit."""
        inputs = {"Scale": scale, "Detail": detail, "Distortion": distortion}
        node = self.add("TexNoise", {"Vector": at, **inputs})
        return node.outputs[0]

    def arrange(self, last: Any) -> None:
        """Place the nodes in columns, right to left from ``last``, so that a person can read the tree."""
        # A socket's own list of links is searched for among all of the tree's, each time.
        feeding: dict[str, list[Any]] = {}
        for link in self.tree.links:
            feeding.setdefault(link.to_node.name, []).append(link.from_node)
        depth: dict[str, int] = {}
        waiting = [(last, 0)]
        while waiting:
            node, column = waiting.pop()
            if depth.get(node.name, -1) >= column:
                continue
            depth[node.name] = column
            waiting += [(source, column + 1) for source in feeding.get(node.name, [])]
        filled: dict[int, int] = {}
        for name, column in depth.items():
            row = filled.get(column, 0)
            self.tree.nodes[name].location = (-COLUMN * column, -ROW * row)
            filled[column] = row + 1
