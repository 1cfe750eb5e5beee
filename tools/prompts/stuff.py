"""Whether a material's own data is what a word names. Pure; any thread."""

from collections.abc import Callable

from .surface import Surface

__all__ = ["made_of"]


def _metallic(one: Surface) -> bool:
    return one.metallic >= 0.6 and one.roughness <= 0.6


def _glass(one: Surface) -> bool:
    silvered = one.metallic >= 0.9 and one.roughness <= 0.08 and "mirror" in one.name.lower()
    return silvered or (one.transmission >= 0.6 and one.roughness <= 0.3)


def _solid(one: Surface) -> bool:
    return one.metallic < 0.3 and one.transmission < 0.35


def _wooden(one: Surface) -> bool:
    red, green, blue = one.color
    brown = red > green > blue and red > 1.25 * blue
    return _solid(one) and bool(one.textures) and brown and 0.25 <= one.roughness <= 0.9


def _fabric(one: Surface) -> bool:
    return _solid(one) and one.roughness >= 0.6 and (bool(one.textures) or one.relief)


def _leather(one: Surface) -> bool:
    return _solid(one) and 0.25 <= one.roughness <= 0.75 and one.relief


def _plastic(one: Surface) -> bool:
    return _solid(one) and one.roughness <= 0.6 and one.sheen < 0.2 and not one.hairy


def _rubber(one: Surface) -> bool:
    return _solid(one) and one.roughness >= 0.4 and one.sheen < 0.3 and not one.hairy


def _fluffy(one: Surface) -> bool:
    return _solid(one) and one.roughness >= 0.6 and (one.hairy or (one.sheen >= 0.2 and one.relief))


_RULES: dict[str, Callable[[Surface], bool]] = {
    "metallic": _metallic, "glass": _glass, "wooden": _wooden, "fabric": _fabric, "leather": _leather,
    "plastic": _plastic, "rubber": _rubber, "fluffy": _fluffy,
}  # fmt: skip
_NAMES = {
    "metallic": ("metal", "steel", "iron", "chrome", "alumin", "gold", "silver", "brass", "copper", "bronze", "tin"),
    "glass": ("glass", "crystal", "mirror"), "wooden": ("wood", "oak", "bamboo", "planks"),
    "fabric": ("fabric", "cloth", "cotton", "denim", "canvas", "silk", "velvet", "wool", "linen", "carpet", "knit"),
    "leather": ("leather",), "plastic": ("plastic",), "rubber": ("rubber",),
    "fluffy": ("fluffy", "fur", "plush", "wool", "feather"),
}  # fmt: skip
_SAME = {"wood": "wooden", "metal": "metallic", "furry": "fluffy", "cloth": "fabric"}


def made_of(surface: Surface, word: str) -> bool:
    """Whether ``surface`` is ``word``: by its shader, and not plainly named as another material.

    Raises ``KeyError`` for a word without a rule.
    """
    wanted = _SAME.get(word, word)
    if not _RULES[wanted](surface):
        return False
    name = surface.name.lower()
    named = {kind for kind, parts in _NAMES.items() if any(part in name for part in parts)}
    return not named or wanted in named
