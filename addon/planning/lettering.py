"""Which words of a prompt are letters to show: beside "logo" and "word", in quotes, after "saying". Pure, any thread.

Works on tagged phrases before they are parsed, where what belongs together may stand apart: "a logo for a coffee
brand called 'Bean There'", "the letters A, B and C".
"""

from collections.abc import Sequence
from dataclasses import replace

from .tagger import Tagged

__all__ = ["gathered"]

_LETTERS = frozenset({"QUOTED", "NAME"})
_STOPS = frozenset({"_STOP", "LOGO"})


def gathered(tagged: Sequence[Tagged]) -> list[Tagged]:
    """The phrases with each logo's or text's letters beside it."""
    items = list(tagged)
    for at in range(len(items) - 1, -1, -1):
        if items[at].tag == "LOGO" and not _has_letters(items, at):
            items = _fetched(_spelled_out(items, at), at)
    return items


def _has_letters(items: Sequence[Tagged], at: int) -> bool:
    before = items[at - 1].tag if at else ""
    after = items[at + 1].tag if at + 1 < len(items) else ""
    return (
        before in _LETTERS or after == "QUOTED" or (after == "NAME" and len(items[at + 1].text) > 1) or after == "_OF"
    )


def _spelled_out(items: list[Tagged], at: int) -> list[Tagged]:
    """ "the letters A, B and C": one text for each."""
    end = at + 1
    letters: list[Tagged] = []
    while end < len(items) and (_is_letter(items[end]) or (letters and items[end].tag in ("COMMA", "AND"))):
        letters.extend([items[end]] if _is_letter(items[end]) else [])
        end += 1
    if not letters:
        return items
    while end > at + 1 and not _is_letter(items[end - 1]):
        end -= 1
    listed: list[Tagged] = []
    for letter in letters:
        listed.extend([Tagged("AND", "and"), items[at], replace(letter, tag="QUOTED", text=letter.text.upper())])
    return [*items[:at], *listed[1:], *items[end:]]


def _is_letter(item: Tagged) -> bool:
    return len(item.text) == 1 and item.text.isalpha() and item.tag in ("NAME", "NOUN", "DET") and item.text.isupper()


def _fetched(items: list[Tagged], at: int) -> list[Tagged]:
    """Letters that stand further on in the same sentence come to the logo they are for."""
    if at + 1 < len(items) and items[at + 1].tag == "QUOTED":
        return items
    for ahead in range(at + 1, len(items)):
        if items[ahead].tag in _STOPS:
            break
        if items[ahead].tag == "QUOTED" and not _describes_thing(items, ahead):
            return [*items[: at + 1], items[ahead], *_but_client(items[at + 1 : ahead]), *items[ahead + 1 :]]
    return items


def _but_client(between: list[Tagged]) -> list[Tagged]:
    """ "A logo for a small bakery called …" is not in the bakery: that only says whose it is."""
    if not between or between[-1].tag != "NOUN" or not isinstance(between[-1].value, dict):
        return between
    start = len(between) - 1
    while start and between[start].tag != "DET":
        start -= 1
    return between[:start]


def _describes_thing(items: Sequence[Tagged], at: int) -> bool:
    """Whether quoted letters are something else's: "a logo and a sign 'OPEN'"."""
    return any(item.tag == "AND" for item in items[:at])
