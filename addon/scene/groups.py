"""Node groups of which a file has one each, so that what many materials share is changed in one place. Main thread."""

from collections.abc import Callable, Mapping
from typing import Any

import bpy

from .graph import Graph

__all__ = ["shared_group"]

_STAMP = "scenekeeper_group"
"""Whose it is: another group of the same name, of an artist's asset, is no such group."""


def shared_group(
    name: str, inputs: Mapping[str, str], make: Callable[[Graph, Any], Mapping[str, tuple[str, Any]]]
) -> Any:
    """The group of this file called ``name``, made at first use.

    ``inputs`` are its sockets' names and kinds (``Float``, ``Color``, ``Vector``, ``Shader``); those without an effect
    are left out. ``make`` builds it from their sockets, by name, and gives its outputs: name, kind and socket.
    """
    groups: Any = bpy.data.node_groups
    for known in groups:
        if known.get(_STAMP) == name:
            return known
    group = groups.new(name, "ShaderNodeTree")
    group[_STAMP] = name
    for label, kind in inputs.items():
        group.interface.new_socket(name=label, in_out="INPUT", socket_type=f"NodeSocket{kind}")
    graph = Graph(group)
    entry = graph.add("NodeGroupInput")
    outputs = make(graph, entry.outputs)
    for label, (kind, _) in outputs.items():
        group.interface.new_socket(name=label, in_out="OUTPUT", socket_type=f"NodeSocket{kind}")
    _keep_used(group, entry)
    graph.arrange(graph.add("NodeGroupOutput", {place: socket for place, (_, socket) in enumerate(outputs.values())}))
    return group


def _keep_used(group: Any, entry: Any) -> None:
    used = {link.from_socket.identifier for link in group.links if link.from_node == entry}
    for item in [one for one in group.interface.items_tree if one.in_out == "INPUT" and one.identifier not in used]:
        group.interface.remove(item)
