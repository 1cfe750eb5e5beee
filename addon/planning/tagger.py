"""Words → tagged phrases, which the grammar reads. Pure but for the noun book's caches; any thread.

A word may mean several things ("orange", "light", "watch"); what stands around it decides.
"""

from collections.abc import Sequence

from .lexicon import Lexicon, Meaning
from .nouns import NounBook
from .segments import MODIFIERS, Segment, segments_of
from .special import HEADS, PROFORM, Tagged, special_word
from .spelling import Speller
from .verbforms import acts, describes_what_follows, verb_of
from .words import Word, looked_up

__all__ = ["HEADS", "PROFORM", "Tagged", "Tagger"]

_OPEN = MODIFIERS | {"DET", "NUM"}
_NOUN_LIKE = ("LOGO", "NOUN", "PLACE_NOUN")
_SETTINGS = ("STYLE", "TIME", "MOOD", "WEATHER", "CAMERA", "PLACE")
_ARTICLES = (" a", " the", " his", " her", " their", " its")
_CONTENT_MARKS = {"quoted": "QUOTED", "comma": "COMMA", "stop": "_STOP"}
_ADJECTIVE_ENDINGS = (
    *("ful", "ous", "ive", "able", "ible", "ish", "less", "ical", "esque", "y", "ic", "al", "ed", "ing", "ant", "ent"),
    *("like", "most"),
)


class Tagger:
    """Tags the words of prompts with one lexicon and one noun book."""

    def __init__(self, lexicon: Lexicon, nouns: NounBook) -> None:
        self._lexicon = lexicon
        self._nouns = nouns
        single = (word for phrase in lexicon.phrases for word in phrase.split(" "))
        likely = {phrase for phrase, meanings in lexicon.phrases.items() if meanings[0].tag in ("COLOR", "MATERIAL")}
        self._speller = Speller({*single, *nouns.words()}, likely | set(nouns.built()))

    def tag(self, words: Sequence[Word]) -> list[Tagged]:
        """The phrases in order, without what only describes the request."""
        segments = segments_of(words, self._lexicon, self._nouns, self._speller)
        tagged: list[Tagged] = []
        for position, segment in enumerate(segments):
            following = _following(segments, position, tagged)
            item = self._decide(segment, tagged, following)
            if item is not None:
                tagged.append(item)
        return joined(tagged)

    # -- decisions ------------------------------------------------------------------------------------------

    def _decide(self, segment: Segment, before: list[Tagged], following: Segment | None) -> Tagged | None:
        if segment.kind in _CONTENT_MARKS:
            return Tagged(_CONTENT_MARKS[segment.kind], segment.text)
        last = before[-1].tag if before else "_STOP"
        goes_on = self._continues(following)
        if _is_dropped(segment, before, goes_on) or self._is_half(segment, following):
            return None
        special = special_word(segment, before, goes_on, following) or self._deed(segment, before)
        if special is not None:
            return special
        if not segment.meanings:
            return self._unknown(segment, last, goes_on, following)
        meaning = self._pick(segment, before, goes_on, following)
        silent = meaning is None or meaning.tag in ("SKIP", "SAYS")
        return None if meaning is None or silent else _tagged(segment, meaning, goes_on and last not in HEADS)

    def _is_half(self, segment: Segment, following: Segment | None) -> bool:
        """ "half red, half white"."""
        return (
            segment.lower in self._lexicon.halves and following is not None and following.meaning("COLOR") is not None
        )

    def _pick(self, segment: Segment, before: list[Tagged], goes_on: bool, following: Segment | None) -> Meaning | None:
        last = before[-1].tag if before else "_STOP"
        noun = segment.meaning(*_NOUN_LIKE)
        looks = _said_of_before(segment, before)
        if looks is not None and not goes_on:
            return looks
        shade = self._shade(segment, goes_on, following)
        if shade is not None:
            return shade
        dropped = self._not_here(segment, goes_on, following)
        rest = [meaning for meaning in segment.meanings if meaning.tag not in ("SHADE", "BARE", dropped, *_NOUN_LIKE)]
        if noun is None:
            return self._without_noun(segment, rest, before, goes_on)
        verb = segment.meaning("VERB")
        if verb is not None and (rest[0] is verb or segment.form == "ing"):
            if self._acts(segment, before, goes_on, following):
                return verb
            rest = [meaning for meaning in rest if meaning is not verb]
        if not rest or _is_noun_here(rest[0].tag, segment.lower, last, goes_on):
            return noun if not _is_bare_look(segment, before, following) else rest[0]
        return rest[0]

    def _shade(self, segment: Segment, goes_on: bool, following: Segment | None) -> Meaning | None:
        """ "dark red", and "light" and "dark" by themselves before a noun, where they mean nothing else."""
        shade = segment.meaning("SHADE")
        if shade is not None and following is not None and following.meaning("COLOR"):
            return shade
        alone = shade is not None and goes_on and all(one.tag in ("SHADE", "NOUN") for one in segment.meanings)
        return Meaning("DARK", segment.lower) if alone and segment.lower in ("light", "dark") else None

    def _not_here(self, segment: Segment, goes_on: bool, following: Segment | None) -> str:
        """The tag among a phrase's meanings that what follows excludes, "" where none is."""
        if segment.meaning("POSITION") and segment.meaning("REL"):
            leads_on = goes_on or (following is not None and following.meaning("DET", "NUM", "PRON") is not None)
            return "POSITION" if leads_on else "REL"
        if segment.meaning("SAYS") and segment.meaning("VERB"):
            letters = following is not None and (following.kind == "quoted" or following.capital)
            return "VERB" if letters else "SAYS"
        return ""

    def _without_noun(
        self, segment: Segment, rest: list[Meaning], before: list[Tagged], goes_on: bool
    ) -> Meaning | None:
        if not rest:
            return Meaning("ADJ")
        last = before[-1].tag if before else "_STOP"
        looks = next((meaning for meaning in rest if meaning.tag == "ADJ"), None)
        if looks is not None and rest[0].tag == "VERB" and goes_on and last not in HEADS:
            # "an open book".
            return looks
        if segment.lower.endswith(_ARTICLES):
            return rest[0]
        if rest[0].tag == "VERB" and goes_on and describes_what_follows(segment, last, before):
            return Meaning("ADJ", rest[0])
        return rest[0]

    def _deed(self, segment: Segment, before: list[Tagged]) -> Tagged | None:
        """ "astronauts playing cards": what looks like a compound is a verb and what it is done to."""
        first, _, rest = segment.lower.partition(" ")
        if not rest or not before or before[-1].tag != "NOUN" or self._lexicon.forms.get(first) != "ing":
            return None
        verb = next((meaning for meaning in self._lexicon.phrases[first] if meaning.tag == "VERB"), None)
        agent = self._nouns.kind(self._nouns.singular(looked_up(before[-1].text)))
        if verb is None or segment.meaning("NOUN") is None or agent not in ("animal", "person"):
            return None
        text, _, noun = segment.text.partition(" ")
        before.append(Tagged("VERB", text, verb.value))
        return Tagged("NOUN", noun, None, segment.plural)

    def _acts(self, segment: Segment, before: list[Tagged], goes_on: bool, following: Segment | None) -> bool:
        tags = [item.tag for item in before]
        agent = before[-1] if before and before[-1].tag in HEADS else None
        if tags and tags[-1] == "COMMA" and segment.form == "s" and following is not None and following.meaning("REL"):
            # "the chair, which is red, stands next to a table".
            return True
        if agent is None or agent.tag != "NOUN":
            return bool(tags) and tags[-1] in ("_BE", "PRON") and not goes_on and segment.form in ("ing", "past", "s")
        if segment.lower in self._lexicon.generic and segment.form == "ing":
            return not goes_on
        alive = self._nouns.kind(self._nouns.singular(agent.text.lower())) in ("animal", "person", "vehicle")
        heads = [item for item in before if item.tag == "NOUN"]
        # In "a tree with yellow leaves stands …" the verb agrees with the tree.
        plural = any(item.plural for item in heads) if segment.form == "base" else all(item.plural for item in heads)
        ends = following is None or following.kind in ("comma", "stop")
        if ends and agent.plural and segment.form == "s" and not plural and "still" in verb_of(segment):
            # "a vase with three roses stands."
            return True
        return acts(segment, plural, alive, goes_on, following)

    def _continues(self, segment: Segment | None) -> bool:
        """Whether a noun phrase can go on with this segment."""
        if segment is None or segment.kind not in ("word", "quoted"):
            return False
        if not segment.meanings:
            return not segment.lower.endswith(("ing", "ly"))
        wanted = (*_NOUN_LIKE, "NAME", "SHADE", "STYLE", "MOOD", "WEATHER")
        if segment.meaning("REL", "DET", "AND", "WITH", "_BE", "POSITION", "MADE") and not segment.meaning("NOUN"):
            return False
        return any(meaning.tag in MODIFIERS or meaning.tag in wanted for meaning in segment.meanings)

    def _unknown(self, segment: Segment, last: str, goes_on: bool, following: Segment | None) -> Tagged:
        word = segment.lower
        if segment.capital:
            return Tagged("NAME", segment.text)
        if last in HEADS and not goes_on and word.endswith(("ing", "s", "ed")):
            leads_on = following is not None and following.meaning("DET", "REL", "PRON", "NUM", "QUOTED", "WITH")
            if (
                leads_on
                or word.endswith("ing")
                or (word.endswith("ed") and (not following or following.kind != "word"))
            ):
                return Tagged("VERB", segment.text, {})
        if last == "_BE" and word.endswith(("ed", "ing", "en")):
            return Tagged("VERB", segment.text, {})
        if word.endswith("ly") or (goes_on and word.endswith(_ADJECTIVE_ENDINGS)):
            return Tagged("ADJ", segment.text)
        return Tagged("NOUN", segment.text, plural=self._nouns.singular(word) != word)


def _following(segments: Sequence[Segment], at: int, before: list[Tagged]) -> Segment | None:
    """The next segment; beyond the comma of "a leather, red hat"."""
    ahead = segments[at + 1 : at + 3]
    opens = bool(before) and before[-1].tag == "DET" and segments[at].meaning("MATERIAL", "COLOR") is not None
    if len(ahead) == 2 and ahead[0].kind == "comma" and opens:
        looks, other = ahead[1].meaning("COLOR", "SIZE", "SHAPE"), ahead[1].meaning("NOUN", "DET", "NUM")
        return ahead[1] if looks is not None and other is None else ahead[0]
    return ahead[0] if ahead else None


def _is_dropped(segment: Segment, before: list[Tagged], goes_on: bool) -> bool:
    """Whether a word only links what stands around it; "behind which" turns the relation before it round."""
    last = before[-1] if before else Tagged("_STOP", "")
    if last.tag == "REL" and segment.lower in ("which", "whom") and isinstance(last.value, str):
        before[-1] = Tagged("REL", f"{last.text} {segment.text}", ("inverse", last.value))
        return True
    if last.tag == "REL" and segment.meaning("_BE") and isinstance(last.value, tuple):
        return True
    starts = last.tag == "_STOP" or (last.tag in ("AND", "COMMA") and segment.form == "base")
    is_request = starts and segment.meaning("SKIP") and segment.meaning("VERB")
    is_coloured = last.tag in MODIFIERS and segment.meaning("MADE") and goes_on
    # "the colour of the car is blue" speaks of the car.
    opens = last.tag in ("_STOP", "COMMA", "AND") and segment.lower.endswith((" color of", " colour of"))
    return bool(is_request or is_coloured or opens)


def _said_of_before(segment: Segment, before: list[Tagged]) -> Meaning | None:
    """ "made of glass", "in gold", "in blue metal", "is diamond": a look of what came before, not a thing."""
    at = len(before) - 1
    if before and before[-1].tag == "_BE":
        return segment.meaning("COLOR", "MATERIAL", "SHAPE", "PATTERN")
    while at >= 0 and before[at].tag in ("COLOR", "MATERIAL", "AND", "_PLUS"):
        at -= 1
    if at < 0 or (before[at].tag != "MADE" and before[at].value != "inside"):
        return None
    is_look = before[at].tag == "MADE" or at < len(before) - 1
    return segment.meaning("COLOR", "MATERIAL") if is_look else segment.meaning("COLOR")


def _is_bare_look(segment: Segment, before: list[Tagged], following: Segment | None) -> bool:
    """ "a fox, minimalist, orange": without the article that the things before have, it is a colour."""
    ends = following is None or following.kind in ("comma", "stop")
    articles = bool(before) and any(item.tag in ("DET", "NUM") for item in before)
    return bool(ends and articles and before[-1].tag == "COMMA" and segment.meaning("COLOR") and not segment.plural)


def _is_noun_here(other: str, text: str, last: str, goes_on: bool) -> bool:
    """Whether a word that is a noun or ``other`` is the noun, by what stands before and after it."""
    if other in _SETTINGS and " " in text and last not in _OPEN:
        # "studio light", "morning sun": without an article it is the picture's.
        return False
    if other in MODIFIERS or other in _SETTINGS:
        return not goes_on
    if other in ("SKIP", "SAYS"):
        return last in _OPEN or last in HEADS
    return other in ("REL", "MADE", "WITH") and last in _OPEN


def _tagged(segment: Segment, meaning: Meaning, describes: bool) -> Tagged:
    """``describes``: a noun follows, which words about the whole picture then stand before like adjectives."""
    read_as = segment.lower if segment.misspelt else ""
    if meaning.tag in _SETTINGS and describes:
        return Tagged("ADJ", segment.text, meaning, read_as=read_as)
    if meaning.tag in ("SHADE", "DARK"):
        return Tagged("COLOR", segment.text, meaning, read_as=read_as)
    if meaning.tag in ("NOUN", "PLACE_NOUN"):
        place = segment.meaning("PLACE_NOUN")
        return Tagged("NOUN", segment.text, place.value if place else None, segment.plural, read_as)
    return Tagged(meaning.tag, segment.text, meaning.value, segment.plural, read_as)


def joined(tagged: list[Tagged]) -> list[Tagged]:
    """Commas and "and" between adjectives of one thing join them; between things they stay."""
    found: list[Tagged] = []
    for position, item in enumerate(tagged):
        following = tagged[position + 1].tag if position + 1 < len(tagged) else ""
        between = bool(found) and found[-1].tag in MODIFIERS and following in MODIFIERS
        if item.tag in ("AND", "COMMA") and between and _noun_ahead(tagged, position + 1):
            if item.tag == "AND":
                found.append(Tagged("_PLUS", item.text))
            continue
        if item.tag == "AND" and found and found[-1].tag == "COMMA" and _after_modifier(found) and between:
            found[-1] = Tagged("_PLUS", item.text)
            continue
        found.append(item)
    return found


def _noun_ahead(tagged: list[Tagged], at: int) -> bool:
    while at < len(tagged) and tagged[at].tag in (*MODIFIERS, "AND", "COMMA"):
        at += 1
    return at < len(tagged) and tagged[at].tag in HEADS


def _after_modifier(found: list[Tagged]) -> bool:
    return len(found) > 1 and found[-2].tag in MODIFIERS
