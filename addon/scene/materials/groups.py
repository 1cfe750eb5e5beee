"""Textures as node groups: each is one group of the file, shared by all materials that use it. Main thread.

So an artist changes all the wood of a scene in one place.
"""

from typing import Any

import bpy

from ..graph import Graph
from .textures import TEXTURES, Paint, Texture

__all__ = ["textured"]

_STAMP = "scenekeeper_texture"
_INPUTS = (("Vector", "Vector"), ("Color", "Color"), ("Contrast", "Float"), ("Roughness", "Float"))
_OUTPUTS = (("Color", "Color"), ("Roughness", "Float"), ("Height", "Float"))


def textured(graph: Graph, name: str, at: Any, color: Any, contrast: float, roughness: float) -> Texture:
    """The texture ``name`` (a key of ``TEXTURES``) in a material's graph, at a position in features."""
    node = graph.add("Group", node_tree=_group(name))
    values = {"Vector": at, "Color": color, "Contrast": contrast, "Roughness": roughness}
    for put in node.inputs:
        graph.connect(values[put.name], put)
    given = {socket.name: socket for socket in node.outputs}
    return Texture(given.get("Color"), given.get("Roughness"), given.get("Height"))


def _group(name: str) -> Any:
    """The node group of this file for a texture; made at first use, with the sockets that it needs."""
    groups: Any = bpy.data.node_groups
    for known in groups:
        if known.get(_STAMP) == name:
            return known
    group = groups.new(name.capitalize(), "ShaderNodeTree")
    group[_STAMP] = name
    for label, kind in _INPUTS:
        group.interface.new_socket(name=label, in_out="INPUT", socket_type=f"NodeSocket{kind}")
    graph = Graph(group)
    entry = graph.add("NodeGroupInput")
    at, *paint = entry.outputs[:4]
    made = TEXTURES[name](graph, at, Paint(*paint))
    sockets = [getattr(made, label.lower()) for label, _ in _OUTPUTS]
    for (label, kind), socket in zip(_OUTPUTS, sockets, strict=True):
        if socket is not None:
            group.interface.new_socket(name=label, in_out="OUTPUT", socket_type=f"NodeSocket{kind}")
    _keep_used(group, entry)
    end = graph.add("NodeGroupOutput", dict(enumerate(socket for socket in sockets if socket is not None)))
    graph.arrange(end)
    return group


def _keep_used(group: Any, entry: Any) -> None:
    """Leave out inputs that have no effect on this texture."""
    used = {link.from_socket.identifier for link in group.links if link.from_node == entry}
    for item in [one for one in group.interface.items_tree if one.in_out == "INPUT" and one.identifier not in used]:
        group.interface.remove(item)
