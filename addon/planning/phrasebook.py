"""Fills the lexicon's phrases with their meanings, from the tables of ``data``. Pure; any thread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import webcolors  # type: ignore[import-untyped]

from .inflections import number_words, verb_forms
from .words import looked_up

__all__ = ["Meaning", "PhraseBook", "add_looks", "add_settings", "add_verbs", "add_words", "arranged", "by_word"]


@dataclass(frozen=True)
class Meaning:
    """A tag of the grammar and what the word says there: a colour's value, a relation's kind, a place's entry …"""

    tag: str
    value: Any = None


class PhraseBook:
    """Phrases and their meanings, in the order of filling, which decides between meanings of one word."""

    def __init__(self) -> None:
        self.phrases: dict[str, list[Meaning]] = {}

    def add(self, phrase: str, tag: str, value: Any = None) -> None:
        """One more meaning of a phrase; the first of a tag stays."""
        meanings = self.phrases.setdefault(looked_up(phrase).replace("-", " "), [])
        if all(known.tag != tag for known in meanings):
            meanings.append(Meaning(tag, value))

    def add_lists(self, table: Mapping[str, list[str]], tag: str | None = None, extra: Any = None) -> None:
        """Lists of phrases by what they mean."""
        for name, phrases in table.items():
            for phrase in phrases:
                value = name if extra is None else (extra, name)
                self.add(phrase, tag or name, value if tag else phrase)


def add_words(builder: PhraseBook, words: dict[str, Any]) -> None:
    """Function words, relations, numbers."""
    builder.add_lists(words["arranged"], "POSITION", "arranged")
    builder.add_lists(words["facing"], "POSITION", "facing")
    builder.add_lists(words["positions"], "POSITION", "picture")
    builder.add_lists(words["bare_positions"], "BARE", "picture")
    builder.add_lists(words["relations"], "REL")
    builder.add_lists(words["inverse"], "REL", "inverse")
    for name, phrases in words["own_sides"].items():
        for phrase in phrases:
            builder.add(phrase, "REL", f"{name} own")
    for phrase in words["sides"]["words"]:
        builder.add(phrase, "REL", "sides")
    for phrase in words["rest"]["words"]:
        builder.add(phrase, "NUM", "rest")
    for name, entry in words["comparatives"].items():
        for phrase in entry["words"]:
            builder.add(phrase, "COMPARE", (name, float(entry["factor"])))
    builder.add_lists(words["tags"])
    for phrase, number in words["quantities"].items():
        builder.add(phrase, "NUM", number)
    for spelled, number in number_words():
        builder.add(spelled, "NUM", number)
    for kind in ("logo", "plain"):
        for phrase in words["text"][kind]:
            builder.add(phrase, "LOGO", kind)
    for phrase in words["text"]["says"]:
        builder.add(phrase, "SAYS")


def add_verbs(builder: PhraseBook, verbs: dict[str, Any]) -> dict[str, str]:
    """Verb → which form of it that is."""
    forms: dict[str, str] = {}
    for entry in verbs.values():
        for written in entry["words"].split(", "):
            for phrase, form in verb_forms(written):
                builder.add(phrase, "VERB", entry)
                forms.setdefault(phrase.replace("-", " "), form)
    return forms


def add_looks(builder: PhraseBook, looks: dict[str, Any], nouns: set[str]) -> dict[str, str]:
    """Colours, materials, shapes; returns every colour's name and value."""
    # CSS calls colours after things ("tomato", "chocolate"): a prompt that says these means the things.
    css = {name: webcolors.name_to_hex(name) for name in webcolors.names("css3") if name not in nouns}
    named = {
        " ".join(parts): css[name]
        for name in css
        if (parts := _css_words(name, looks["css"]["words"])) and len(parts) > 1
    }
    # CSS has a "dark gray" that is lighter than its "gray": shades of the common colours are mixed.
    spaced = {name: value for name, value in named.items() if name.partition(" ")[0] not in looks["shades"]}
    colors: dict[str, str] = css | spaced | looks["colors"]
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
    for word, material in by_word(looks["coverings"]).items():
        builder.add(f"{word} covered", "MATERIAL", material)
    return colors


def _css_words(name: str, words: Sequence[str]) -> tuple[str, ...]:
    """The words of a CSS colour's name, of ``words``, the longest first: "lightseagreen" is light sea green."""
    if not name:
        return ()
    for part in words:
        if name.startswith(part):
            rest = _css_words(name[len(part) :], words)
            if rest or name == part:
                return (part, *rest)
    return ()


def add_settings(builder: PhraseBook, settings: dict[str, Any]) -> None:
    """Places, weather, times, moods, styles, the camera."""
    for table in ("places", "place_phrases"):
        for phrase, entry in settings[table].items():
            builder.add(phrase, "PLACE" if table == "place_phrases" else "PLACE_NOUN", entry)
    for name, entry in settings["weathers"].items():
        for phrase in entry["phrases"]:
            builder.add(phrase, "WEATHER", {"weather": name, **entry})
    for table, tag in (("times", "TIME"), ("moods", "MOOD"), ("styles", "STYLE")):
        builder.add_lists(settings[table], tag)
    for table in ("shots", "angles", "lenses", "animations"):
        builder.add_lists(settings[table], "CAMERA", table)
    for stop in ("1.2", "1.4", "1.8", "2", "2.0", "2.2", "2.4", "2.8", "3.5", "4"):
        for written in (f"f/{stop}", f"f{stop}"):
            builder.add(written, "CAMERA", ("lenses", "depth_of_field"))


def arranged(words: dict[str, Any]) -> dict[str, tuple[str, int]]:
    """ "stack" → how its things stand, and how many where no number is given."""
    return {
        word: (kind, int(entry["count"])) for kind, entry in words["arrangements"].items() for word in entry["words"]
    }


def by_word(table: Mapping[str, list[str]]) -> dict[str, str]:
    """A table of lists, turned round."""
    return {word: name for name, words in table.items() for word in words}
