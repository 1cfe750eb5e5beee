"""Emoji → the words for what they show. Pure; any thread.

Unicode names every one of them, mostly as people would ("HOT AIR BALLOON"): only what it calls otherwise is listed.
"""

import re
import unicodedata
from itertools import groupby

__all__ = ["spoken"]

_RUN = re.compile(r"[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff](?:[\u200d\ufe0f\s]|[\U0001f3fb-\U0001f3ff])*")
_SKIN = re.compile(r"[\U0001f3fb-\U0001f3ff]")
_CALLED = {
    "automobile": "car", "oncoming automobile": "car", "delivery truck": "truck", "deciduous tree": "tree",
    "evergreen tree": "pine tree", "house building": "house", "house with garden": "house", "hot beverage": "coffee",
    "heavy black heart": "red heart", "beer mug": "beer", "shortcake": "cake",
    "cooked rice": "rice", "doughnut": "donut", "aubergine": "eggplant", "bouquet": "flowers", "hibiscus": "flower",
    "blossom": "flower", "black sun with rays": "sun", "sun with face": "sun", "crescent moon": "moon",
    "white medium star": "star", "glowing star": "star", "umbrella with rain drops": "umbrella", "fire": "campfire",
    "wrapped present": "gift", "books": "3 books",
    "open book": "book", "personal computer": "laptop", "mobile phone": "phone", "racing car": "race car",
    "steam locomotive": "train", "tram": "train", "happy person raising one hand": "person", "father christmas":
    "santa claus", "extraterrestrial alien": "alien", "alien monster": "alien", "snowman without snow": "snowman",
    "school": "house", "couch and lamp": "sofa and a lamp", "spouting whale": "whale",
    "front-facing baby chick": "chicken", "baby chick": "chicken", "lady beetle": "ladybug", "honeybee": "bee",
    "tangerine": "orange", "glass of milk": "milk",
    "high-heeled shoe": "high heel", "athletic shoe": "shoe", "mans shoe": "shoe", "eyeglasses": "glasses",
    "black telephone": "phone", "electric light bulb": "light bulb", "earth globe europe-africa": "earth",
    "earth globe americas": "earth", "earth globe asia-australia": "earth", "circus tent": "tent",
    "beach with umbrella": "beach umbrella", "snow capped mountain": "mountain", "desert island": "island",
    "sunset over buildings": "sunset in a city", "night with stars": "night in a city",
}  # fmt: skip
"""By Unicode's name in lower case, without "face"."""


def spoken(text: str) -> str:
    """``text`` with each emoji as words: as many as the same stand in a row, a comma between different ones."""
    if text.isascii():
        return text
    parts: list[str] = []
    at = 0
    waiting: list[str] = []
    for match in _RUN.finditer(text):
        if match.start() > at:
            parts.extend((_said(waiting), text[at : match.start()]))
            waiting = []
        name = _name(match.group()[0])
        if name:
            waiting.append(name)
        elif not _SKIN.match(match.group()):
            waiting.append(match.group()[0])
        at = match.end()
        if match.group()[-1:].isspace():
            waiting.append(" ")
    return "".join((*parts, _said(waiting), text[at:]))


def _name(letter: str) -> str:
    name = unicodedata.name(letter, "").lower().removesuffix(" face").removesuffix(" symbol")
    if unicodedata.category(letter) != "So" or name.startswith(("smiling", "grinning", "face", "emoji")):
        return ""
    return _CALLED.get(name, name.removesuffix(" face"))


def _said(names: list[str]) -> str:
    kept = [name for name in names if name != " "]
    if not kept:
        return " " if names else ""
    counted = [(name, len(list(same))) for name, same in groupby(kept)]
    return " " + " , ".join(name if number == 1 else f"{number} {name}" for name, number in counted) + " "
