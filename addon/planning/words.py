"""Prompt → words: the first step of the offline planner. Pure, any thread.

Knows characters, not language: quotes, numbers, hyphens, what is unreadable.
"""

import re
import unicodedata
from dataclasses import dataclass

from .emoji import spoken

__all__ = ["MAX_WORDS", "Word", "Words", "looked_up", "split_words"]

MAX_WORDS = 400
"""A longer prompt is read up to here; the rest is told to be unread."""

_MAX_CHARACTERS = 20_000
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "`": "'"})
_TOKEN = re.compile(
    r"""
    "(?P<quoted>[^"]{1,200})"
  | (?<![\w'])'(?P<single>(?:[^'"]|'(?=\w)){1,200})'(?!\w)
  | (?P<word>[fF]/?\d+(?:\.\d+)?\b|\d+(?:[dDkK]|s)\b|3/4(?=[ -](?:view|angle))|\d+[- ]degrees?\b)
  | (?P<times>\d+[xX×]\d+)\b
  | (?P<number>\d+(?:[.,]\d+)?)(?=(?:mm|cm|m|km|ft|in|x|×)?\b)(?:[xX×]\b|\ [xX×]\ )?
  | (?P<letters>w/o\b|w/(?=[\s\w])|[^\W\d_](?:[^\W_]|['\-](?=[^\W_]))*)
  | (?P<stop>(?:\.(?!\d)|[;!?\n|])+)
  | (?P<comma>[,:/—–])
  | (?P<amp>[&+])
  | (?P<other>\S)
    """,
    re.VERBOSE,
)


_CONTRACTIONS = frozenset({"it's", "that's", "there's", "he's", "she's", "let's", "what's", "who's", "here's", "'s"})
_SHORT = {"w/": "with", "w/o": "without", "dont": "don't", "theres": "there's", "isnt": "isn't", "arent": "aren't"}


@dataclass(frozen=True)
class Word:
    """One word or mark. ``lower`` is what is looked up; ``kind`` is word, number, times, quoted, comma or stop."""

    text: str
    lower: str
    kind: str
    first: bool = False
    misspelt: bool = False

    @property
    def is_capital(self) -> bool:
        """Whether it is written like a name; a sentence's first word only when all of it is capitals."""
        return self.text[:1].isupper() and (not self.first or (len(self.text) > 1 and self.text.isupper()))


@dataclass(frozen=True)
class Words:
    """A prompt's words, the characters that could not be read, and how many words were left unread."""

    words: tuple[Word, ...]
    unreadable: str
    unread: int


def split_words(prompt: str) -> Words:
    """Split any text; never fails. ``unreadable`` holds each strange character once, in order, at most 40."""
    text = spoken(unicodedata.normalize("NFKC", prompt[:_MAX_CHARACTERS])).translate(_QUOTES)
    text = "".join(letter if letter.isprintable() else "\n" if letter == "\n" else " " for letter in text)
    words: list[Word] = []
    strange: dict[str, None] = {}
    first = True
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "other"
        if kind == "other":
            if match.group() not in "-()[]{}'\"*_/\\~":
                strange[match.group()] = None
            continue
        if kind == "letters" and not _is_latin(match.group(kind)):
            strange[match.group(kind)] = None
            continue
        word = _word(match.group(kind), "word" if kind == "letters" else kind, first)
        words.append(word)
        first = word.kind == "stop"
    unread = max(0, len(words) - MAX_WORDS) + max(0, len(prompt) - _MAX_CHARACTERS) // 6
    return Words(tuple(words[:MAX_WORDS]), " ".join(list(strange)[:40]), unread)


def _is_latin(text: str) -> bool:
    """Whether a word is in letters that English or a name in English text has."""
    return text.isascii() or any("LATIN" in unicodedata.name(letter, "") for letter in text)


def _word(text: str, kind: str, first: bool) -> Word:
    if kind in ("quoted", "single"):
        return Word(text.strip() or "?", text.lower().strip(), "quoted", first)
    if kind == "amp":
        return Word(text, "and", "word", first)
    if kind == "word":
        return Word(text, looked_up(_SHORT.get(text.lower(), text)), "word", first)
    return Word(text, text.lower(), kind, first)


def looked_up(text: str) -> str:
    """A word or phrase as the lexicon has it: lower case, without possessive endings."""
    return " ".join(
        word if word in _CONTRACTIONS else word.removesuffix("'s").removesuffix("'") for word in text.lower().split(" ")
    )
