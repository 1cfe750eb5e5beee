"""Prompt → words: the first step of the offline planner. Pure, any thread.

Knows characters, not language: quotes, numbers, hyphens, what is unreadable.
"""

import re
import unicodedata
from dataclasses import dataclass

__all__ = ["MAX_WORDS", "Word", "Words", "split_words"]

MAX_WORDS = 400
"""A longer prompt is read up to here; the rest is told to be unread."""

_MAX_CHARACTERS = 20_000
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "`": "'"})
_TOKEN = re.compile(
    r"""
    "(?P<quoted>[^"]{1,200})"
  | (?<![\w'])'(?P<single>[^']{1,200})'(?!\w)
  | (?P<number>\d+(?:[.,]\d+)?)(?=(?:mm|cm|m|km|ft|in)?\b)
  | (?P<word>\d+[dD]\b|[^\W\d_](?:[^\W_]|['\-/](?=[^\W_]))*)
  | (?P<stop>[.;:!?\n|]+)
  | (?P<comma>,)
  | (?P<amp>[&+])
  | (?P<other>\S)
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class Word:
    """One word or mark. ``lower`` is what is looked up; ``kind`` is word, number, quoted, comma or stop."""

    text: str
    lower: str
    kind: str
    first: bool = False

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
    text = unicodedata.normalize("NFKC", prompt[:_MAX_CHARACTERS]).translate(_QUOTES)
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
        word = _word(match.group(kind), kind, first)
        words.append(word)
        first = word.kind == "stop"
    unread = max(0, len(words) - MAX_WORDS) + max(0, len(prompt) - _MAX_CHARACTERS) // 6
    return Words(tuple(words[:MAX_WORDS]), "".join(list(strange)[:40]), unread)


def _word(text: str, kind: str, first: bool) -> Word:
    if kind in ("quoted", "single"):
        return Word(text.strip() or "?", text.lower().strip(), "quoted", first)
    if kind == "amp":
        return Word(text, "and", "word", first)
    if kind == "word":
        lower = text.lower()
        # The possessor is said by the word before, the possession by the one after.
        return Word(text, lower.removesuffix("'s") if len(lower) > 2 else lower, "word", first)
    return Word(text, text.lower(), kind, first)
