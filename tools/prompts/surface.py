"""What a Blender material is made of, as its nodes say. Main thread."""

from dataclasses import dataclass, field
from typing import Any

__all__ = ["Surface", "surface_of"]


@dataclass(frozen=True)
class Surface:
    """The Principled shader that a material ends in. ``color`` is linear; ``textures`` are the nodes that paint it."""

    name: str = ""
    color: tuple[float, float, float] = (0.8, 0.8, 0.8)
    metallic: float = 0.0
    roughness: float = 0.5
    transmission: float = 0.0
    sheen: float = 0.0
    textures: frozenset[str] = field(default=frozenset())
    relief: bool = False
    hairy: bool = False

    @property
    def clear(self) -> bool:
        """Whether one sees through it."""
        return self.transmission > 0.5 and self.roughness < 0.3


def surface_of(part: Any) -> Surface:
    """The first material of an object."""
    slots = [slot.material for slot in part.material_slots if slot.material is not None]
    hairy = any(system.settings.type == "HAIR" for system in part.particle_systems)
    hairy = hairy or any(modifier.type == "NODES" for modifier in part.modifiers)
    if not slots or slots[0].node_tree is None:
        return Surface(hairy=hairy)
    shader = _principled(slots[0].node_tree)
    if shader is None:
        return Surface(slots[0].name, hairy=hairy)
    inputs = shader.inputs
    return Surface(
        name=slots[0].name,
        color=tuple(inputs["Base Color"].default_value[:3]),
        metallic=inputs["Metallic"].default_value,
        roughness=inputs["Roughness"].default_value,
        transmission=inputs["Transmission Weight"].default_value,
        sheen=inputs["Sheen Weight"].default_value,
        textures=frozenset(node.type for node in _upstream(inputs["Base Color"]) if node.type.startswith("TEX_")),
        relief=bool(inputs["Normal"].links),
        hairy=hairy,
    )


def _principled(tree: Any) -> Any:
    outputs = [node for node in tree.nodes if node.type == "OUTPUT_MATERIAL" and node.is_active_output]
    for output in outputs:
        for node in _upstream(output.inputs["Surface"]):
            if node.type == "BSDF_PRINCIPLED":
                return node
    return None


def _upstream(socket: Any) -> list[Any]:
    """The nodes that a socket gets its value from, nearest first, each once; groups are looked into."""
    found: list[Any] = []
    waiting = [link.from_node for link in socket.links]
    while waiting:
        node = waiting.pop(0)
        if node in found:
            continue
        found.append(node)
        if node.type == "GROUP" and node.node_tree is not None:
            waiting += [one for one in node.node_tree.nodes if one not in found]
        waiting += [link.from_node for one in node.inputs for link in one.links]
    return found
