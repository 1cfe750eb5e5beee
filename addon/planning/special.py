"""Tagged phrases, and words whose tag needs more than a list of meanings: "one", "each", "both", "left:". Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .segments import MODIFIERS, Segment

__all__ = ["HEADS", "PROFORM", "Tagged", "special_word"]

PROFORM = "one"
"""The value of "one" in "a red ball and a blue one"."""
HEADS = frozenset({"NOUN", "NAME", "LOGO", "QUOTED"})
_PAINTED = frozenset({"painted", "colored", "coloured", "dyed", "tinted"})


@dataclass(frozen=True)
class Tagged:
    """A phrase of the prompt, its tag in the grammar, and what it means there. ``read_as``: where it was misspelt."""

    tag: str
    text: str
    value: Any = None
    plural: bool = False
    read_as: str = ""


def special_word(segment: Segment, before: Sequence[Tagged], goes_on: bool, following: Segment | None) -> Tagged | None:
    """The tagged phrase of such a word where it stands; None for all others."""
    last = before[-1].tag if before else "_STOP"
    return (
        _stands_for(segment, last, goes_on)
        or _bare(segment, last, following)
        or _to(segment, before, following)
        or _which(segment, last, following)
    )


def _stands_for(segment: Segment, last: str, goes_on: bool) -> Tagged | None:
    word = segment.lower
    if word in ("one", "ones") and not goes_on and (last in MODIFIERS or last == "DET"):
        return Tagged("NOUN", segment.text, PROFORM, plural=word == "ones")
    if (word == "each" and goes_on) or (word == "both" and last == "REL" and not goes_on):
        return Tagged("DET" if goes_on else "PRON", segment.text)
    if word in _PAINTED and goes_on and last not in HEADS and last != "_BE":
        return Tagged("ADJ", segment.text)
    return Tagged("QUOTED", segment.text) if word.isdigit() and last == "LOGO" else None


def _bare(segment: Segment, last: str, following: Segment | None) -> Tagged | None:
    """ "left: a red cube", "the top one"."""
    bare = segment.meaning("BARE")
    if bare is None:
        return None
    if last in ("DET", *MODIFIERS) and following is not None and following.lower in ("one", "ones"):
        return Tagged("ADJ", segment.text)
    alone = last in ("_STOP", "COMMA") and (following is None or following.kind != "word")
    return Tagged("POSITION", segment.text, bare.value) if alone else None


def _to(segment: Segment, before: Sequence[Tagged], following: Segment | None) -> Tagged | None:
    """ "throws a frisbee to his dog"."""
    leads_on = following is not None and following.meaning("DET", "NOUN") is not None
    if segment.lower != "to" or not before or before[-1].tag not in HEADS or not leads_on:
        return None
    verbs = [item.tag for item in before if item.tag in ("VERB", "_STOP")]
    return Tagged("REL", segment.text, "near") if verbs and verbs[-1] == "VERB" else None


def _which(segment: Segment, last: str, following: Segment | None) -> Tagged | None:
    """ "a mouse, which holds an umbrella": it is the mouse that does."""
    does = following is not None and following.meaning("VERB") is not None
    return Tagged("PRON", segment.text) if segment.lower in ("which", "who") and last == "COMMA" and does else None
