"""Whether a word that may be a verb is one where it stands. Pure, any thread."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from .segments import MODIFIERS, Segment

__all__ = ["acts", "describes_what_follows", "verb_of"]

_OBJECT = ("DET", "NUM", "PRON", "QUOTED")


class _HasTag(Protocol):
    @property
    def tag(self) -> str: ...


def acts(segment: Segment, plural: bool, alive: bool, goes_on: bool, following: Segment | None) -> bool:
    """Whether a verb that is a noun too ("watches", "building") is what the noun before it does.

    ``plural`` and ``alive`` are that noun's; ``goes_on``: a noun phrase can go on with what follows.
    """
    agrees = {"base": plural, "s": not plural}.get(segment.form, True)
    if not agrees or (goes_on and not (alive and segment.form == "ing")):
        return False
    if following is not None and following.meaning(*_OBJECT):
        return True
    verb = segment.meaning("VERB")
    places = verb is not None and ("poses" in verb.value or "still" in verb.value)
    # "the painting hangs above …", where "the toy trains on …" are things.
    return alive or (segment.form == "s" and places and following is not None and following.meaning("REL") is not None)


def verb_of(segment: Segment) -> Mapping[str, Any]:
    """What the lexicon says of a segment as a verb; empty where it is none."""
    verb = segment.meaning("VERB")
    return verb.value if verb is not None else {}


def describes_what_follows(segment: Segment, last: str, before: Sequence[_HasTag]) -> bool:
    """Whether a participle stands before its noun ("a sleeping cat") and not after one ("a cat chasing mice")."""
    if segment.form not in ("ing", "past"):
        return False
    if last in ("AND", "COMMA"):
        # "a man eating and drinking wine" goes on with what it does.
        return not (len(before) > 1 and before[-2].tag == "VERB")
    return last in MODIFIERS or last in ("DET", "NUM", "_STOP", "_PLUS", "REL", "WITH", "WITHOUT", "_OF", "VERB")
