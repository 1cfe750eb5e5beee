"""GLB export: the things of the scene as a viewer or game engine wants them. Main thread."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import bpy

from ..models.errors import StageFailed
from .disk import writing_error
from .paint import placed_roots

__all__ = ["export_glb"]


def export_glb(path: Path) -> None:
    """Write everything placed, with modifiers applied, to a GLB. Metres, Y up, as glTF has it.

    Raises ``OSError`` when the disk is full or refuses, ``StageFailed`` for anything else.

    Ground, backdrop and lights stay out: a viewer brings its own, and a backdrop would hide what it surrounds.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with _only_placed_selected(), _plain_materials():
        try:
            bpy.ops.export_scene.gltf(
                filepath=str(path),
                export_format="GLB",
                use_selection=True,
                export_apply=True,
                export_yup=True,
                export_cameras=False,
                export_lights=False,
                export_extras=True,
                export_animations=False,
                export_normals=True,
                export_texcoords=_has_pictures(),
                export_image_format="AUTO",
            )
        except RuntimeError as error:
            raise _failure(path) from error
    if not path.is_file():
        raise _failure(path)


def _failure(path: Path) -> Exception:
    return writing_error(path) or StageFailed("The scene could not be written as GLB.", "glb_failed")


@contextmanager
def _only_placed_selected() -> Iterator[None]:
    layer: Any = bpy.context.view_layer
    before = [thing for thing in layer.objects if thing.select_get()]
    for thing in layer.objects:
        thing.select_set(False)
    for root in placed_roots():
        for part in (root, *root.children_recursive):
            part.select_set(True)
    try:
        yield
    finally:
        for thing in layer.objects:
            thing.select_set(thing in before)


def _is_picture(node: Any) -> bool:
    """Whether a picture stands behind a node, by itself or by way of the nodes that an importer puts between."""
    if node.bl_idname == "ShaderNodeTexImage":
        return True
    return any(_is_picture(link.from_node) for put in node.inputs for link in put.links)


def _has_pictures() -> bool:
    nodes = (node for root in placed_roots() for part in root.children_recursive for node in _nodes(part))
    return any(node.bl_idname == "ShaderNodeTexImage" for node in nodes)


def _nodes(part: Any) -> Iterator[Any]:
    for material in part.data.materials if part.type == "MESH" else ():
        if material is not None and material.node_tree is not None:
            yield from material.node_tree.nodes


@contextmanager
def _plain_materials() -> Iterator[None]:
    """Cut the links into Principled nodes while the block runs: the exporter then reads their mean values.

    A procedural texture has no counterpart in glTF, and the exporter writes white for an input that has one.
    """
    cut: list[tuple[Any, Any, Any]] = []
    materials: Any = bpy.data.materials
    for material in materials:
        tree = material.node_tree
        for node in tree.nodes if tree is not None else ():
            if node.bl_idname == "ShaderNodeBsdfPrincipled":
                cut += [
                    (tree, link.from_socket, link.to_socket)
                    for put in node.inputs
                    for link in put.links
                    if not _is_picture(link.from_node)
                ]
    for tree, _, target in cut:
        for link in tuple(target.links):
            tree.links.remove(link)
    try:
        yield
    finally:
        for tree, source, target in cut:
            tree.links.new(source, target)
