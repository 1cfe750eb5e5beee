"""What each material looks like, as data: the words a plan or recipe may use, and their physical properties.

Pure data; any thread.
"""

from dataclasses import dataclass, replace

__all__ = ["ALIASES", "FINISHES", "Finish", "finish_for"]


@dataclass(frozen=True)
class Finish:
    """One material. ``color`` is its own, used where nobody asks for another.

    ``texture`` names a function of ``textures``; ``feature_m`` is the size of its features in metres on a
    thing a metre large; ``contrast`` how far its colours stray from the mean; ``bump`` the relief, 0..1.
    """

    color: str
    roughness: float = 0.5
    texture: str = "plain"
    feature_m: float = 0.05
    contrast: float = 0.0
    bump: float = 0.0
    metallic: float = 0.0
    transmission: float = 0.0
    ior: float = 1.5
    coat: float = 0.0
    sheen: float = 0.0
    subsurface: float = 0.0
    emission: float = 0.0
    own_color: bool = False
    """The material is known by its colour (gold, copper): a recipe's default colour does not replace it."""


_METAL = Finish("#b4b7ba", 0.28, "brushed", 0.02, 0.06, metallic=1.0)
_POLISHED = Finish("#b4b7ba", 0.2, "polished", 0.08, metallic=1.0)
_STONE = Finish("#8d8880", 0.82, "stone", 0.06, 0.35, 0.5)
_WOOD = Finish("#a06a3c", 0.46, "wood", 0.05, 0.42, 0.08)
_FABRIC = Finish("#7c8aa0", 0.95, "weave", 0.006, 0.16, 0.35, sheen=0.35)
_FOOD = Finish("#d8a45c", 0.55, "mottled", 0.03, 0.16, 0.12, subsurface=0.08)

FINISHES: dict[str, Finish] = {
    "plastic": Finish("#d0d0d0", 0.32, coat=0.15),
    "matte": Finish("#c4c4c4", 0.9),
    "glossy": Finish("#c4c4c4", 0.12, coat=0.6),
    "paint": Finish("#d0d0d0", 0.35, "speckled", 0.01, 0.03, 0.03, coat=0.3),
    "clay": Finish("#c9a48c", 0.9, "mottled", 0.05, 0.06, 0.15),
    "wood": _WOOD,
    "dark_wood": replace(_WOOD, color="#5a3620", own_color=True),
    "light_wood": replace(_WOOD, color="#cfa671", own_color=True),
    "planks": Finish("#a9825c", 0.42, "planks", 0.14, 0.3, 0.18, coat=0.1),
    "bark": Finish("#5f4a36", 0.95, "bark", 0.08, 0.5, 0.9),
    "bamboo": replace(_WOOD, color="#c8b06a", contrast=0.25, own_color=True),
    "wicker": Finish("#b98f57", 0.8, "weave", 0.02, 0.4, 0.8),
    "metal": _METAL,
    "steel": replace(_METAL, color="#a9adb2", own_color=True),
    "iron": replace(_METAL, color="#5d5c5b", roughness=0.45, own_color=True),
    "aluminium": replace(_METAL, color="#c9cccf", roughness=0.34, own_color=True),
    "gold": replace(_POLISHED, color="#f2bf4e", roughness=0.2, own_color=True),
    "silver": replace(_POLISHED, color="#e0e0dc", roughness=0.18, own_color=True),
    "copper": replace(_POLISHED, color="#d98a66", roughness=0.26, own_color=True),
    "brass": replace(_POLISHED, color="#d2ab55", roughness=0.25, own_color=True),
    "bronze": replace(_POLISHED, color="#a9743c", roughness=0.32, own_color=True),
    "chrome": replace(_POLISHED, color="#dadcde", roughness=0.05, texture="plain", own_color=True),
    "rust": Finish("#8a4a25", 0.9, "mottled", 0.04, 0.5, 0.5, metallic=0.1, own_color=True),
    "car_paint": Finish("#b02020", 0.3, metallic=0.35, coat=1.0),
    "mirror": Finish("#e6e8ea", 0.02, metallic=1.0, own_color=True),
    "glass": Finish("#eef5f4", 0.02, transmission=1.0, ior=1.45),
    "crystal": Finish("#f2f4fa", 0.01, transmission=1.0, ior=1.75),
    "ice": Finish("#d6ecf5", 0.12, "mottled", 0.08, 0.05, 0.25, transmission=0.85, ior=1.31, own_color=True),
    "water": Finish("#b9dfe8", 0.03, "ripples", 0.12, 0.0, 0.25, transmission=1.0, ior=1.33, own_color=True),
    "sea": Finish("#1c6f85", 0.16, "ripples", 0.3, 0.0, 0.2, own_color=True),
    "fabric": _FABRIC,
    "canvas": replace(_FABRIC, color="#cdbfa1", feature_m=0.008, bump=0.45),
    "denim": replace(_FABRIC, color="#3d567d", feature_m=0.006),
    "velvet": replace(_FABRIC, color="#7a1f3a", sheen=1.0, bump=0.1),
    "silk": replace(_FABRIC, color="#c8a9b4", roughness=0.35, sheen=0.2, bump=0.05),
    "wool": Finish("#d8cdb8", 1.0, "fuzz", 0.012, 0.25, 0.8, sheen=0.8),
    "fluffy": Finish("#e6dccb", 1.0, "fuzz", 0.02, 0.3, 1.0, sheen=1.0),
    "fur": Finish("#8f6a48", 1.0, "fuzz", 0.015, 0.35, 0.9, sheen=0.8),
    "feather": Finish("#c9c4bd", 0.8, "fuzz", 0.03, 0.2, 0.4, sheen=0.5),
    "hair": Finish("#4a3122", 0.45, "strands", 0.01, 0.35, 0.5),
    "carpet": Finish("#8c6a5c", 1.0, "fuzz", 0.012, 0.25, 0.7, sheen=0.6),
    "leather": Finish("#6e4026", 0.5, "pebbled", 0.012, 0.18, 0.4, coat=0.1),
    "rubber": Finish("#2b2b2c", 0.72, "speckled", 0.004, 0.06, 0.06),
    "foam": Finish("#e3d7a0", 0.95, "speckled", 0.012, 0.15, 0.5),
    "stone": _STONE,
    "granite": replace(_STONE, color="#7f7b78", texture="speckled", feature_m=0.012, roughness=0.4, bump=0.05),
    "marble": Finish("#e9e6e1", 0.16, "marble", 0.25, 0.55, 0.0, coat=0.3, subsurface=0.03),
    "brick": Finish("#9c4a35", 0.9, "brick", 0.22, 0.3, 0.7),
    "concrete": Finish("#98958f", 0.88, "mottled", 0.12, 0.2, 0.25),
    "plaster": Finish("#e4ded2", 0.92, "mottled", 0.2, 0.05, 0.12),
    "asphalt": Finish("#3a3a3c", 0.92, "speckled", 0.01, 0.35, 0.4),
    "tile": Finish("#dfe3e2", 0.2, "tiles", 0.2, 0.06, 0.3, coat=0.3),
    "ceramic": Finish("#ece7dd", 0.14, coat=0.5),
    "porcelain": Finish("#f1efe9", 0.1, coat=0.6, subsurface=0.04),
    "terracotta": Finish("#b9653f", 0.85, "mottled", 0.05, 0.15, 0.15),
    "paper": Finish("#efebe0", 0.92, "mottled", 0.03, 0.03, 0.04),
    "cardboard": Finish("#b08a5b", 0.9, "corrugated", 0.012, 0.08, 0.15),
    "wax": Finish("#efe3c4", 0.42, subsurface=0.3, coat=0.1),
    "skin": Finish("#e0ac8c", 0.5, "mottled", 0.05, 0.05, 0.05, subsurface=0.12),
    "food": _FOOD,
    "bread": replace(_FOOD, color="#c68a4a", contrast=0.4, roughness=0.85, bump=0.4),
    "chocolate": replace(_FOOD, color="#4a2a1a", contrast=0.1, roughness=0.35, bump=0.05),
    "cheese": replace(_FOOD, color="#f0bf4c", contrast=0.1, roughness=0.45),
    "meat": replace(_FOOD, color="#9d4a3a", contrast=0.3, roughness=0.5, bump=0.3),
    "fruit": Finish("#c43c32", 0.28, "mottled", 0.06, 0.12, 0.03, coat=0.25, subsurface=0.04),
    "vegetable": Finish("#5d8a3a", 0.45, "mottled", 0.04, 0.18, 0.1, subsurface=0.04),
    "cream": Finish("#f4ead8", 0.45, subsurface=0.15, coat=0.1),
    "leaf": Finish("#4c7f34", 0.5, "mottled", 0.05, 0.25, 0.15, subsurface=0.05),
    "petal": Finish("#d65a7c", 0.6, "mottled", 0.05, 0.12, 0.05, sheen=0.3, subsurface=0.08),
    "grass": Finish("#64853f", 0.95, "lawn", 0.05, 0.55, 0.8),
    "blade": Finish("#84a353", 0.6, "mottled", 0.5, 0.35),
    "sand": Finish("#d5bb8b", 0.97, "dunes", 0.35, 0.14, 0.4),
    "soil": Finish("#5e4632", 0.97, "stone", 0.06, 0.5, 0.8),
    "snow": Finish("#eef2f7", 0.75, "dunes", 0.5, 0.04, 0.25, subsurface=0.1, own_color=True),
    "pearl": Finish("#efe6dd", 0.2, coat=1.0, sheen=0.3, subsurface=0.1),
    "bone": Finish("#e6dcc4", 0.55, "mottled", 0.06, 0.1, 0.1, subsurface=0.08),
    "light": Finish("#fff3d6", 0.5, emission=4.0),
    "lit_window": Finish("#ffbe5c", 0.3, emission=1.3),
    "flame": Finish("#ff7a14", 0.5, emission=2.05),
    "neon": Finish("#ff2bd6", 0.4, emission=2.2),
}

ALIASES: dict[str, str] = {
    "wooden": "wood", "oak": "wood", "pine": "light_wood", "birch": "light_wood", "mahogany": "dark_wood",
    "walnut": "dark_wood", "metallic": "metal", "golden": "gold", "tin": "metal", "aluminum": "aluminium",
    "stainless_steel": "steel", "titanium": "steel", "lead": "iron", "bronzed": "bronze", "platinum": "silver",
    "glassy": "glass", "transparent": "glass", "acrylic": "glass", "diamond": "crystal", "gemstone": "crystal",
    "icy": "ice", "frozen": "ice", "liquid": "water", "cloth": "fabric", "cotton": "fabric", "linen": "canvas",
    "felt": "wool", "woolen": "wool", "knitted": "wool", "plush": "fluffy", "furry": "fur", "fuzzy": "fluffy",
    "feathers": "feather", "rug": "carpet", "straw": "wicker", "rattan": "wicker", "latex": "rubber",
    "silicone": "rubber", "sponge": "foam", "styrofoam": "foam", "rock": "stone", "rocky": "stone",
    "bricks": "brick", "cement": "concrete", "tiles": "tile", "pottery": "ceramic", "china": "porcelain",
    "earthenware": "terracotta", "card": "cardboard", "waxy": "wax", "flesh": "skin", "dirt": "soil",
    "earth": "soil", "mud": "soil", "lawn": "grass", "sandy": "sand", "emissive": "light", "glowing": "light",
    "glow": "light", "road": "asphalt", "painted": "paint", "lacquer": "glossy", "shiny": "glossy",
    "leaves": "leaf", "foliage": "leaf", "rusty": "rust", "leathery": "leather", "plants": "leaf",
    "floorboards": "planks", "parquet": "planks",
}  # fmt: skip
"""Other words for the same materials."""


def finish_for(word: str) -> tuple[str, Finish] | None:
    """The canonical name and the finish of a material word; ``None`` where it is not known."""
    name = word.strip().lower().replace(" ", "_").replace("-", "_")
    name = ALIASES.get(name, name)
    found = FINISHES.get(name)
    return (name, found) if found is not None else None
