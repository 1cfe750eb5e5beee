"""What words mean, read once from ``data``: tags, values, nouns. Immutable after loading; any thread."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from .phrasebook import Meaning, PhraseBook, add_looks, add_settings, add_verbs, add_words, arranged, by_word

__all__ = ["DATA", "WORN", "Lexicon", "Meaning", "load_lexicon"]

DATA = Path(__file__).parent / "data"
WORN = ("head", "eyes")
"""Where on a body something is worn: kinds of surfaces in recipes, and lists of nouns."""


@dataclass(frozen=True)
class Lexicon:
    """Every phrase with its meanings, most likely first, and the noun lists."""

    phrases: Mapping[str, tuple[Meaning, ...]]
    forms: Mapping[str, str]
    same: Mapping[str, tuple[str, ...]]
    like: Mapping[str, tuple[str, ...]]
    nouns: frozenset[str]
    generic: frozenset[str]
    media: frozenset[str]
    colors: Mapping[str, str]
    metallic: Mapping[str, str]
    sky: frozenset[str]
    hollow: Mapping[str, float]
    draught: Mapping[str, float]
    airborne: frozenset[str]
    afloat: frozenset[str]
    clothes: frozenset[str]
    kinds: frozenset[str]
    parts: Mapping[str, frozenset[str]]
    main_parts: frozenset[str]
    worn: Mapping[str, frozenset[str]]
    pairs: frozenset[str]
    groups: Mapping[str, int]
    bodies: frozenset[str]
    seats: frozenset[str]
    decorated: frozenset[str]
    of_the_carrier: Mapping[str, str]
    halves: frozenset[str]
    typos: Mapping[str, str]
    coverings: Mapping[str, str]
    shapes_of: Mapping[str, str]
    arrangements: Mapping[str, tuple[str, int]]
    businesses: frozenset[str]
    pieces: frozenset[str]
    still_life: Mapping[str, Any]
    tabletop: Mapping[str, Any]
    at_home: Mapping[str, Mapping[str, str]]
    longest: int

    def worn_on(self, noun: str) -> str | None:
        """Which of ``WORN`` a noun is for, by its last word; None where it is not worn there."""
        return next((kind for kind, nouns in self.worn.items() if noun.rpartition(" ")[2] in nouns), None)


@cache
def load_lexicon() -> Lexicon:
    """The lexicon that ships with the add-on. The order of filling decides between meanings of one word."""
    words, looks, settings, nouns = (_read(name) for name in ("words", "looks", "settings", "nouns"))
    settings["places"] |= dict.fromkeys(settings["cities"]["names"], settings["cities"]["place"])
    same, like, near = _groups(nouns["same"]), _groups(nouns["like"]), _near(_read("near"))
    known = _noun_set(nouns, same, like, near) | set(settings["places"])
    builder = PhraseBook()
    add_words(builder, words)
    colors = add_looks(builder, looks, known)
    add_settings(builder, settings)
    forms = add_verbs(builder, _read("verbs"))
    for noun in sorted(known | set(looks["material_nouns"]["words"]) | set(looks["shape_nouns"]["words"])):
        builder.add(noun, "NOUN")
    for word in (
        *words["chatter"]["generic"],
        *words["chatter"]["media"],
        *words["chatter"]["pieces"],
        *words["chatter"]["businesses"],
        *arranged(words),
        *words["groups"],
    ):
        builder.add(word, "NOUN")
    for word in (*nouns["adjectives"]["words"], *nouns["adjectives"]["more"].split(", ")):
        builder.add(word, "ADJ")
    for phrase in words["chatter"]["phrases"]:
        builder.add(phrase, "SKIP")
    return Lexicon(
        forms=forms,
        phrases={phrase: tuple(meanings) for phrase, meanings in builder.phrases.items()},
        same=same,
        like=_inverted([*like.items(), *near.items()]),
        nouns=frozenset(known),
        media=frozenset(words["chatter"]["media"]),
        generic=frozenset((*words["chatter"]["generic"], *words["chatter"]["businesses"])),
        colors=colors,
        metallic=looks["metallic_colors"],
        sky=frozenset(settings["sky"]["nouns"]),
        hollow=settings["hollow"],
        draught=settings["draught"],
        airborne=frozenset(settings["airborne"]["nouns"]),
        afloat=frozenset(settings["afloat"]["words"]),
        clothes=frozenset(nouns["clothes"]["words"]),
        kinds=frozenset(nouns["kinds"]["words"]),
        parts={category: frozenset(words) for category, words in nouns["parts"].items()},
        main_parts=frozenset(nouns["main_parts"]["words"]),
        worn={kind: frozenset(nouns["worn"][kind]) for kind in WORN},
        pairs=frozenset(words["pairs"]["words"]),
        groups=words["groups"],
        decorated=frozenset(words["decorated"]["words"]),
        of_the_carrier=by_word(words["of_the_carrier"]),
        seats=frozenset(words["seats"]["words"]),
        bodies=frozenset(words["bodies"]["words"]),
        halves=frozenset(words["halves"]["words"]),
        typos=words["typos"],
        coverings=by_word(looks["coverings"]),
        shapes_of=by_word(looks["shapes_of"]),
        arrangements=arranged(words),
        businesses=frozenset(words["chatter"]["businesses"]),
        pieces=frozenset(words["chatter"]["pieces"]),
        still_life=settings["still_life"],
        tabletop=settings["tabletop"],
        at_home=settings["at_home"],
        longest=max(phrase.count(" ") for phrase in builder.phrases) + 1,
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


def _groups(table: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name.replace("_", " "): tuple(word.replace("-", " ") for word in words) for name, words in table.items()}


def _near(groups: dict[str, dict[str, str]]) -> dict[str, tuple[str, ...]]:
    return _groups({name: words.split(", ") for group in groups.values() for name, words in group.items()})


def _inverted(groups: Iterable[tuple[str, tuple[str, ...]]]) -> dict[str, tuple[str, ...]]:
    """Word → what may stand for it, in the file's order."""
    found: dict[str, list[str]] = {}
    for name, words in groups:
        for word in words:
            found.setdefault(word, []).append(name)
    return {word: tuple(names) for word, names in found.items()}


def _noun_set(nouns: dict[str, Any], *groups: Mapping[str, tuple[str, ...]]) -> set[str]:
    known = set(nouns["plain"]["words"]) | set(nouns["clothes"]["words"])
    known.update(*nouns["parts"].values())
    for group in groups:
        known.update(group)
        for words in group.values():
            known.update(words)
    return {word.replace("-", " ") for word in known}
