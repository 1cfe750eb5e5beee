"""Textures as node groups of the file, so an artist changes all the wood of a scene in one place. Main thread."""

from typing import Any

from ..graph import Graph
from ..groups import shared_group
from .textures import TEXTURES, Paint, Texture

__all__ = ["textured"]

_INPUTS = {"Vector": "Vector", "Color": "Color", "Contrast": "Float", "Roughness": "Float"}
_OUTPUTS = {"Color": "Color", "Roughness": "Float", "Height": "Float"}


def textured(graph: Graph, name: str, at: Any, color: Any, contrast: float, roughness: float) -> Texture:
    """The texture ``name`` (a key of ``TEXTURES``) in a material's graph, at a position in features."""
    node = graph.add("Group", node_tree=_group(name))
    values = {"Vector": at, "Color": color, "Contrast": contrast, "Roughness": roughness}
    for put in node.inputs:
        graph.connect(values[put.name], put)
    given = {socket.name: socket for socket in node.outputs}
    return Texture(given.get("Color"), given.get("Roughness"), given.get("Height"))


def _group(name: str) -> Any:
    def make(graph: Graph, entry: Any) -> dict[str, tuple[str, Any]]:
        made = TEXTURES[name](graph, entry["Vector"], Paint(entry["Color"], entry["Contrast"], entry["Roughness"]))
        sockets = {label: getattr(made, label.lower()) for label in _OUTPUTS}
        return {label: (_OUTPUTS[label], socket) for label, socket in sockets.items() if socket is not None}

    return shared_group(name.capitalize(), _INPUTS, make)
