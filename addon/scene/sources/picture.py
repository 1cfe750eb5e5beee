"""Pictures as Blender images and materials, and which way round they lie. Main thread."""

from pathlib import Path
from typing import Any

import bpy

from ...models.errors import StageFailed
from ..graph import Graph

__all__ = ["load_picture", "picture_material", "turned_uv"]


def load_picture(path: Path) -> Any:
    """The image, packed into the file. Raises ``StageFailed`` where Blender cannot decode it."""
    try:
        image: Any = bpy.data.images.load(str(path), check_existing=False)
        width, height = image.size
        # Blender decodes when the first pixel is asked for; without, it would show a pink surface later.
        whole = width > 0 and height > 0 and len(image.pixels) > 0 and image.has_data
    except RuntimeError:
        whole = False
    if not whole:
        raise StageFailed(f"Blender cannot read the picture {path.name}.", "upload_unreadable")
    image.pack()
    # Packed, it needs no path, and the file shall not tell where it was made.
    image.filepath = f"//{path.name}"
    return image


def picture_material(image: Any, name: str, *, glow: float = 0.0) -> Any:
    """Paper that shows the image by the mesh's UVs, with its transparency; ``glow`` is light of its own."""
    material: Any = bpy.data.materials.new(name)
    graph = Graph.of(material)
    texture = graph.add("TexImage", {"Vector": graph.add("UVMap", uv_map="UVMap").outputs[0]})
    texture.image, texture.extension = image, "EXTEND"
    paper = graph.add(
        "BsdfPrincipled",
        {
            "Base Color": texture.outputs["Color"],
            "Roughness": 0.55,
            "Specular IOR Level": 0.3,
            "Emission Strength": glow,
        },
    )
    if glow:
        graph.connect(texture.outputs["Color"], paper.inputs["Emission Color"])
    if image.depth in (32, 64, 128):
        graph.connect(texture.outputs["Alpha"], paper.inputs["Alpha"])
    graph.arrange(graph.add("OutputMaterial", {"Surface": paper.outputs[0]}))
    return material


def turned_uv(u: float, v: float, orientation: int) -> tuple[float, float]:
    """Where in the stored picture the point (u, v) of the upright one is; v upwards. Exif 2.32, tag 274."""
    x, y = u, 1.0 - v
    across, down = {
        1: (x, y), 2: (1 - x, y), 3: (1 - x, 1 - y), 4: (x, 1 - y),
        5: (y, x), 6: (y, 1 - x), 7: (1 - y, 1 - x), 8: (1 - y, x),
    }[orientation]  # fmt: skip
    return across, 1.0 - down
