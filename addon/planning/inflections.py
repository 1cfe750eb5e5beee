"""English forms: singulars of plurals, numbers in words, forms of verbs. Pure, any thread.

Rules, not a library: the ones there are take more than a second to import, which every start of Blender would pay.
What the rules get wrong is settled before them, by the nouns that are known.
"""

import re
from collections.abc import Iterator

__all__ = ["IRREGULAR", "number_words", "singular_of", "verb_forms"]

IRREGULAR = {
    "people": "person", "mice": "mouse", "men": "man", "women": "woman", "children": "child", "feet": "foot",
    "teeth": "tooth", "geese": "goose", "leaves": "leaf", "knives": "knife", "shelves": "shelf", "wolves": "wolf",
    "loaves": "loaf", "halves": "half", "scarves": "scarf", "dice": "dice", "mens": "man", "womens": "woman",
    "clothes": "clothes",
    "childs": "child", "childrens": "child", "peoples": "person", "mouses": "mouse", "cacti": "cactus",
    "buses": "bus", "busses": "bus", "oxen": "ox", "calves": "calf", "thieves": "thief", "elves": "elf",
    "fishes": "fish", "sheeps": "sheep", "deers": "deer", "axes": "axe", "skis": "ski", "movies": "movie",
    "cookies": "cookie", "pies": "pie", "ties": "tie", "shoes": "shoe", "toes": "toe", "canoes": "canoe",
    "firemen": "fireman", "policemen": "policeman", "snowmen": "snowman", "fungi": "fungus", "cows": "cow",
    "octopi": "octopus", "hooves": "hoof", "lives": "life", "wives": "wife", "grandchildren": "grandchild",
    "canvas": "canvas", "atlas": "atlas", "gas": "gas", "lens": "lens", "series": "series", "species": "species",
    "hippopotami": "hippopotamus", "photos": "photo", "pianos": "piano", "houses": "house", "vases": "vase",
    "horses": "horse", "nurses": "nurse", "purses": "purse", "roses": "rose", "noses": "nose", "cheeses": "cheese",
    "hoses": "hose", "blouses": "blouse", "bases": "base", "cases": "case", "caches": "cache",
}  # fmt: skip
"""Plurals that no rule gives, and how people misspell some."""

_ENDINGS = (
    ("sses", "ss"), ("shes", "sh"), ("ches", "ch"), ("xes", "x"), ("zzes", "zz"), ("ies", "y"), ("oes", "o"),
    ("ss", "ss"), ("us", "us"), ("is", "is"), ("s", ""),
)  # fmt: skip

_UNITS = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def singular_of(word: str) -> str:
    """The singular of a plural; words that are none stay as they are."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    if len(word) < 4:
        return word
    for ending, replaced in _ENDINGS:
        if word.endswith(ending):
            return word[: len(word) - len(ending)] + replaced
    return word


def number_words() -> Iterator[tuple[str, int]]:
    """Every spelling of the numbers from 0 to 199, "twenty-one" and "a hundred and five" among them."""
    small = list(enumerate(_UNITS))
    for number, word in small:
        yield word, number
    below = [(word, number) for number, word in small if number]
    for place, ten in enumerate(_TENS, start=2):
        yield ten, place * 10
        below.append((ten, place * 10))
        for number, word in small[1:10]:
            for joint in ("-", " "):
                yield f"{ten}{joint}{word}", place * 10 + number
                below.append((f"{ten}{joint}{word}", place * 10 + number))
    for hundred in ("a hundred", "one hundred", "hundred"):
        yield hundred, 100
        for word, number in below:
            yield f"{hundred} and {word}", 100 + number
            yield f"{hundred} {word}", 100 + number


_SHORT = re.compile(r"^[^aeiou]*[aeiou][bdfglmnprt]$")
"""One syllable with a single last consonant, which is doubled: "sit", "run"."""


def verb_forms(written: str) -> Iterator[tuple[str, str]]:
    """Every form of "write/wrote/written" or "look at" and which it is: base, s, ing or past.

    First words are inflected. Where English doubles the last consonant, the form without is given too, because
    people write it.
    """
    base, *pasts = written.split("/")
    first, _, rest = base.partition(" ")
    after = f" {rest}" if rest else ""
    yield base, "base"
    yield _with_s(first) + after, "s"
    for form in _with_ing(first):
        yield form + after, "ing"
    for form in pasts or [form + after for form in _with_ed(first)]:
        yield form, "ing" if form.endswith("ing") else "past"


def _with_s(verb: str) -> str:
    if verb.endswith(("s", "sh", "ch", "x", "z", "o")):
        return f"{verb}es"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return f"{verb[:-1]}ies"
    return f"{verb}s"


def _with_ing(verb: str) -> Iterator[str]:
    if verb.endswith("e") and not verb.endswith(("ee", "ye")):
        yield f"{verb[:-1]}ing"
        return
    if _SHORT.match(verb):
        yield f"{verb}{verb[-1]}ing"
    yield f"{verb}ing"


def _with_ed(verb: str) -> Iterator[str]:
    if verb.endswith("e"):
        yield f"{verb}d"
    elif verb.endswith("y") and verb[-2] not in "aeiou":
        yield f"{verb[:-1]}ied"
    elif _SHORT.match(verb):
        yield f"{verb}{verb[-1]}ed"
    else:
        yield f"{verb}ed"
