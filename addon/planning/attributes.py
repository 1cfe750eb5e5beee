"""Adjectives and numbers → a thing's count, colours, material, shape, size. Pure, any thread."""

from collections.abc import Mapping, Sequence

from .draft import Draft, Paint, Thing
from .lexicon import Lexicon, Meaning
from .tagger import Tagged

__all__ = ["MAX_COUNT", "apply_modifiers", "paints_of"]

MAX_COUNT = 200
_UNMIXED = {"dark": "#2b2623", "light": "#e4ddd0"}
"""What "dark" and "light" paint where no colour follows: "a dark table"."""
_UNMIXED_WOOD = {"dark": "#3d2717", "light": "#d3ae7c"}


def apply_modifiers(draft: Draft, lexicon: Lexicon, thing: Thing, modifiers: Sequence[Tagged]) -> list[Tagged]:
    """Set what the words say of ``thing``; those that say more than looks and numbers are returned."""
    beyond: list[Tagged] = []
    thing.paints.extend(paint for paint in paints_of(modifiers, lexicon.colors) if paint not in thing.paints)
    number: int | None = None
    for item in modifiers:
        if item.tag == "NUM" and isinstance(item.value, int):
            # "two dozen", "three pairs of": numbers beside each other multiply.
            factor = 1 if "pair" in item.text.lower() and thing.noun in lexicon.pairs else item.value
            number = factor if number is None else number * factor
        elif item.tag == "ADJ" and isinstance(item.value, Meaning):
            beyond.append(item)
        else:
            _apply(draft, thing, item)
    if number is not None:
        _count(draft, thing, number)
    _imply_material(lexicon, thing)
    return beyond


def paints_of(modifiers: Sequence[Tagged], colors: Mapping[str, str]) -> list[Paint]:
    """The colours among modifiers; "light" and "dark" change the next one, or paint by themselves."""
    paints: list[Paint] = []
    mix, words = 0.0, ""
    for item in modifiers:
        if item.tag != "COLOR":
            continue
        if isinstance(item.value, Meaning) and item.value.tag == "SHADE":
            mix, words = float(item.value.value), f"{item.text} "
        elif isinstance(item.value, Meaning):
            is_wood = any(other.tag == "MATERIAL" and other.value == "wood" for other in modifiers)
            paints.append(Paint(item.value.value, (_UNMIXED_WOOD if is_wood else _UNMIXED)[item.value.value]))
        else:
            paints.append(Paint(f"{words}{item.value}".lower(), _mixed(colors[item.value], mix)))
            mix, words = 0.0, ""
    return paints


def _mixed(color: str, mix: float) -> str:
    """Towards white for positive ``mix``, towards black for negative."""
    channels = [int(color[at : at + 2], 16) for at in (1, 3, 5)]
    goal = 255 if mix > 0 else 0
    return "#" + "".join(f"{round(channel + (goal - channel) * abs(mix)):02x}" for channel in channels)


def _apply(draft: Draft, thing: Thing, item: Tagged) -> None:
    if item.tag == "MATERIAL":
        if thing.material is not None and thing.material != item.value:
            draft.note(f"{item.text} {thing.noun}", f"It is made of one material here: {thing.material}.")
        else:
            thing.material = str(item.value)
    elif item.tag == "SIZE":
        thing.scale = min(20.0, max(0.05, thing.scale * float(item.value)))
    elif item.tag == "SHAPE":
        if thing.shape is not None and thing.shape != item.value:
            draft.note(f"{item.text} {thing.noun}", f"It has one shape word here: {thing.shape}.")
        else:
            thing.shape = str(item.value)
    elif item.tag == "PATTERN":
        thing.pattern = str(item.value)
    elif item.tag == "MEASURE":
        thing.size_m = min(1000.0, max(0.001, float(item.value)))
    elif item.tag == "ADJ":
        draft.note(f"{item.text} {thing.noun}".strip(), "This word changes nothing that is built.")


def _count(draft: Draft, thing: Thing, number: int) -> None:
    if number == 0:
        draft.exclusions.append(thing.noun)
        thing.count = 0
        return
    if number > MAX_COUNT:
        draft.note(f"{number} {thing.noun}", f"At most {MAX_COUNT} of a thing are built.", f"{MAX_COUNT}")
    thing.count = max(1, min(MAX_COUNT, number))
    thing.counted = True


def _imply_material(lexicon: Lexicon, thing: Thing) -> None:
    if thing.material is None and thing.paints:
        thing.material = lexicon.metallic.get(thing.paints[0].name)
