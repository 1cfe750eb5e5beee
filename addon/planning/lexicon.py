"""What words mean, read once from ``data``: tags, values, nouns. Immutable after loading; any thread."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import webcolors  # type: ignore[import-untyped]

from .inflections import number_words

__all__ = ["DATA", "Lexicon", "Meaning", "load_lexicon"]

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Meaning:
    """A tag of the grammar and what the word says there: a colour's value, a relation's kind, a place's entry …"""

    tag: str
    value: Any = None


@dataclass(frozen=True)
class Lexicon:
    """Every phrase with its meanings, most likely first, and the noun lists."""

    phrases: Mapping[str, tuple[Meaning, ...]]
    same: Mapping[str, tuple[str, ...]]
    like: Mapping[str, tuple[str, ...]]
    nouns: frozenset[str]
    generic: frozenset[str]
    colors: Mapping[str, str]
    metallic: Mapping[str, str]
    sky: frozenset[str]
    hollow: Mapping[str, float]
    draught: Mapping[str, float]
    airborne: frozenset[str]
    clothes: frozenset[str]
    arrangements: Mapping[str, tuple[str, int]]
    still_life: Mapping[str, Any]
    longest: int


class _Builder:
    def __init__(self) -> None:
        self.phrases: dict[str, list[Meaning]] = {}

    def add(self, phrase: str, tag: str, value: Any = None) -> None:
        meanings = self.phrases.setdefault(phrase.lower(), [])
        if all(known.tag != tag for known in meanings):
            meanings.append(Meaning(tag, value))

    def add_lists(self, table: Mapping[str, list[str]], tag: str | None = None, extra: Any = None) -> None:
        for name, phrases in table.items():
            for phrase in phrases:
                value = name if extra is None else (extra, name)
                self.add(phrase, tag or name, value if tag else phrase)


@cache
def load_lexicon() -> Lexicon:
    """The lexicon that ships with the add-on. The order of filling decides between meanings of one word."""
    words, looks, settings, nouns = (_read(name) for name in ("words", "looks", "settings", "nouns"))
    same, like = _groups(nouns["same"]), _groups(nouns["like"])
    known = _noun_set(nouns, same, like) | set(settings["places"])
    builder = _Builder()
    _add_words(builder, words)
    colors = _add_looks(builder, looks, known)
    _add_settings(builder, settings)
    for noun in sorted(known | set(looks["material_nouns"]["words"]) | set(looks["shape_nouns"]["words"])):
        builder.add(noun, "NOUN")
    for word in words["chatter"]["generic"]:
        builder.add(word, "NOUN")
    for word in nouns["adjectives"]["words"]:
        builder.add(word, "ADJ")
    for phrase in words["chatter"]["phrases"]:
        builder.add(phrase, "SKIP")
    return Lexicon(
        phrases={phrase: tuple(meanings) for phrase, meanings in builder.phrases.items()},
        same=same,
        like=_inverted(like),
        nouns=frozenset(known),
        generic=frozenset(words["chatter"]["generic"]),
        colors=colors,
        metallic=looks["metallic_colors"],
        sky=frozenset(settings["sky"]["nouns"]),
        hollow=settings["hollow"],
        draught=settings["draught"],
        airborne=frozenset(settings["airborne"]["nouns"]),
        clothes=frozenset(nouns["clothes"]["words"]),
        arrangements={
            word: (kind, int(entry["count"]))
            for kind, entry in words["arrangements"].items()
            for word in entry["words"]
        },
        still_life=settings["still_life"],
        longest=max(phrase.count(" ") for phrase in builder.phrases) + 1,
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


def _add_words(builder: _Builder, words: dict[str, Any]) -> None:
    builder.add_lists(words["arranged"], "POSITION", "arranged")
    builder.add_lists(words["facing"], "POSITION", "facing")
    builder.add_lists(words["positions"], "POSITION", "picture")
    builder.add_lists(words["relations"], "REL")
    builder.add_lists(words["inverse"], "REL", "inverse")
    for name, entry in words["comparatives"].items():
        for phrase in entry["words"]:
            builder.add(phrase, "COMPARE", (name, float(entry["factor"])))
    builder.add_lists(words["tags"])
    for phrase, number in words["quantities"].items():
        builder.add(phrase, "NUM", number)
    for spelled, number in number_words():
        builder.add(spelled, "NUM", number)
    for entry in words["verbs"].values():
        for phrase in entry["words"]:
            builder.add(phrase, "VERB", entry)
    for kind in ("logo", "plain"):
        for phrase in words["text"][kind]:
            builder.add(phrase, "LOGO", kind)
    for phrase in words["text"]["says"]:
        builder.add(phrase, "SAYS")


def _add_looks(builder: _Builder, looks: dict[str, Any], nouns: set[str]) -> dict[str, str]:
    # CSS calls colours after things ("tomato", "chocolate"): a prompt that says these means the things.
    css = {name: webcolors.name_to_hex(name) for name in webcolors.names("css3") if name not in nouns}
    colors: dict[str, str] = css | looks["colors"]
    for name in colors:
        builder.add(name, "COLOR", name)
    for word, name in looks["colors_only_adjective"].items():
        builder.add(word, "COLOR", name)
    for word, mix in looks["shades"].items():
        builder.add(word, "SHADE", float(mix))
    for table, tag in (("materials", "MATERIAL"), ("shapes", "SHAPE"), ("patterns", "PATTERN")):
        builder.add_lists(looks[table], tag)
    for word, factor in looks["sizes"].items():
        builder.add(word, "SIZE", float(factor))
    return colors


def _add_settings(builder: _Builder, settings: dict[str, Any]) -> None:
    for table in ("places", "place_phrases"):
        for phrase, entry in settings[table].items():
            builder.add(phrase, "PLACE" if table == "place_phrases" else "PLACE_NOUN", entry)
    for table, tag in (("times", "TIME"), ("moods", "MOOD"), ("styles", "STYLE")):
        builder.add_lists(settings[table], tag)
    for table in ("shots", "angles", "lenses", "animations"):
        builder.add_lists(settings[table], "CAMERA", table)


def _groups(table: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name.replace("_", " "): tuple(words) for name, words in table.items()}


def _inverted(groups: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Word → what may stand for it, in the file's order."""
    found: dict[str, list[str]] = {}
    for name, words in groups.items():
        for word in words:
            found.setdefault(word, []).append(name)
    return {word: tuple(names) for word, names in found.items()}


def _noun_set(nouns: dict[str, Any], *groups: Mapping[str, tuple[str, ...]]) -> set[str]:
    known = set(nouns["plain"]["words"]) | set(nouns["clothes"]["words"])
    for group in groups:
        known.update(group)
        for words in group.values():
            known.update(words)
    return known
