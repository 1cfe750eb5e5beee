"""Nouns that English spares, put back: "a red and a blue car", "left of and behind a box". Pure."""

from collections.abc import Sequence

from .segments import MODIFIERS
from .special import HEADS, Tagged

__all__ = ["restored"]

_OPENS = frozenset({"DET", "NUM"})
_LOOKS = frozenset({"COLOR", "MATERIAL", "SIZE", "SHAPE", "PATTERN"})
_BEFORE = frozenset({"_BE", "MADE", "PRON", "QUOTED"})
"""After these, looks without a noun are said of what was named before."""


def restored(tagged: Sequence[Tagged]) -> list[Tagged]:
    """The same phrases with nouns where the prompt spares them."""
    found: list[Tagged] = []
    at = 0
    while at < len(tagged):
        noun = _spared_noun(tagged, at)
        target = _spared_target(tagged, at)
        found.append(tagged[at])
        if noun:
            found.extend(noun)
        elif target is not None:
            # The second relation is to the same thing, which is "the" by then.
            end, phrase = target
            found.extend(phrase)
            joint = next(item for item in tagged[at + 1 :] if item.tag == "AND")
            relation = next(item for item in tagged[at + 1 :] if item.tag == "REL")
            rest = [item for item in phrase if item.tag not in _OPENS]
            found.extend((joint, relation, Tagged("DET", "the"), *rest))
            at = end
            continue
        at += 1
    return found


def _spared_noun(tagged: Sequence[Tagged], at: int) -> list[Tagged]:
    """The nouns that belong after ``at``, which is the last look of "a red" in "a red and a blue car"."""
    if tagged[at].tag not in _LOOKS or at + 2 >= len(tagged):
        return []
    if tagged[at + 1].tag != "AND" or tagged[at + 2].tag not in _OPENS:
        return []
    start = at
    while start >= 0 and tagged[start].tag in MODIFIERS:
        start -= 1
    opens = start >= 0 and tagged[start].tag in _OPENS
    before = tagged[start - 1].tag if start > 0 else "_STOP"
    if not opens or before in _BEFORE or before in HEADS or (before == "COMMA" and tagged[start].tag == "NUM"):
        return []
    ahead = at + 3
    while ahead < len(tagged) and tagged[ahead].tag in MODIFIERS:
        ahead += 1
    looks = {item.tag for item in tagged[at + 3 : ahead]}
    nouns = _nouns(tagged, ahead)
    return nouns if looks & _LOOKS and not any(item.value == "one" for item in nouns) else []


def _spared_target(tagged: Sequence[Tagged], at: int) -> tuple[int, list[Tagged]] | None:
    """Where the phrase ends that both relations of "to the left of, and in front of, a laptop" are to, and it."""
    if tagged[at].tag != "REL":
        return None
    next_to = at + 1
    seen: list[str] = []
    while next_to < len(tagged) and tagged[next_to].tag in ("COMMA", "AND", "REL"):
        seen.append(tagged[next_to].tag)
        next_to += 1
    if [tag for tag in seen if tag != "COMMA"] != ["AND", "REL"]:
        return None
    ahead = next_to
    while ahead < len(tagged) and tagged[ahead].tag in (*MODIFIERS, *_OPENS):
        ahead += 1
    nouns = _nouns(tagged, ahead)
    return (ahead + len(nouns), [*tagged[next_to:ahead], *nouns]) if nouns else None


def _nouns(tagged: Sequence[Tagged], at: int) -> list[Tagged]:
    found: list[Tagged] = []
    while at < len(tagged) and tagged[at].tag == "NOUN":
        found.append(tagged[at])
        at += 1
    return found
