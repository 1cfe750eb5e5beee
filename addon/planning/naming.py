"""Noun phrases → things of a draft: nouns, letters, "a stack of …", what is already there. Any thread."""

from collections.abc import Sequence

from ..models.plan import Arrangement, RelationKind
from .attributes import apply_modifiers, paints_of
from .draft import Draft, Thing
from .lexicon import Lexicon
from .nouns import NounBook
from .phrases import NounPhrase
from .settings import apply_setting
from .tagger import Tagged

__all__ = ["Namer"]

_MANY, _FILLING = 3, 6
_CARVED = {"statue": "stone", "sculpture": "stone", "bust": "stone", "figurine": "ceramic"}
_PARTS = frozenset({"piece", "slice", "bit", "chunk", "part", "lump", "drop"})


class Namer:
    """Makes the things of one draft."""

    def __init__(self, draft: Draft, lexicon: Lexicon, nouns: NounBook) -> None:
        self._draft = draft
        self._lexicon = lexicon
        self._nouns = nouns
        self.last: Thing | None = None

    def noun_of(self, phrase: NounPhrase) -> str:
        """The phrase's noun, singular and lower case, "" where it has none."""
        nouns = [item for item in phrase.nouns if item.tag in ("NOUN", "LOGO")]
        # "fancifulword cat": unknown words before a known noun are told, and do not change what it is.
        words = [self._corrected(item) for item in nouns]
        if any(word not in self._lexicon.generic for word in words):
            words = [word for word in words if word not in self._lexicon.generic]
        return self._nouns.singular(" ".join(words))

    def thing(self, phrase: NounPhrase) -> Thing | None:
        """The thing a phrase names; None where it names none (then nothing is added)."""
        if any(item.tag in ("LOGO", "QUOTED") for item in phrase.nouns):
            return self._letters(phrase)
        if phrase.of is not None:
            return self._of(phrase, phrase.of)
        noun = self.noun_of(phrase)
        names = [item for item in phrase.nouns if item.tag == "NAME"]
        if not noun:
            if not names:
                return None
            noun = self._nouns.singular(" ".join(item.text.lower() for item in names))
        elif names:
            self._draft.note(" ".join(item.text for item in names), "This name is not known here.")
        return self._named(phrase, noun)

    def fetch(self, noun: str) -> Thing | None:
        """A newly made thing of the catalogue; None where it lacks the noun."""
        match = self._nouns.match(noun)
        if match is None or match.substitute:
            return None
        thing = Thing(self._draft.new_id(noun), noun, match)
        self._draft.things.append(thing)
        return thing

    def has_recipe(self, noun: str) -> bool:
        """Whether the catalogue shows this very noun."""
        match = self._nouns.match(noun)
        return match is not None and match.substitute is None

    def sibling(self, thing: Thing, modifiers: Sequence[Tagged]) -> Thing:
        """Another of the same kind with words of its own."""
        other = Thing(self._draft.new_id(thing.noun), thing.noun, thing.match, counted=thing.counted)
        other.scale, other.size_m, other.material, other.shape = thing.scale, thing.size_m, thing.material, thing.shape
        self._draft.things.append(other)
        self.describe(other, modifiers)
        return other

    def _corrected(self, item: Tagged) -> str:
        if isinstance(item.value, tuple) and item.value[0] == "read as":
            self._draft.note(item.text, f"Read as {item.value[1]!r}.", item.value[1])
            return str(item.value[1])
        return item.text.lower()

    def _named(self, phrase: NounPhrase, noun: str) -> Thing:
        known = self._already(phrase, noun)
        if known is not None:
            self.describe(known, phrase.modifiers)
            self.last = known
            return known
        match = self._nouns.match(noun)
        thing = Thing(self._draft.new_id(noun), noun, match)
        self._draft.things.append(thing)
        thing.plural = any(item.plural for item in phrase.nouns) and noun != phrase.nouns[-1].text.lower()
        self._imply(thing)
        self.describe(thing, phrase.modifiers)
        if thing.plural and not thing.counted and thing.count:
            thing.count = _MANY
        self._tell(thing)
        self.last = thing
        return thing

    def _already(self, phrase: NounPhrase, noun: str) -> Thing | None:
        definite = any(item.tag == "DET" and item.text.lower() in ("the", "this", "that") for item in phrase.modifiers)
        if not definite:
            return None
        same = [thing for thing in self._draft.things if thing.noun == noun]
        said = {paint.name for paint in paints_of(phrase.modifiers, self._lexicon.colors)}
        fitting = [thing for thing in same if said <= {paint.name for paint in thing.paints}]
        # "the blue car" is the blue one; "the red car" may be one whose colour was not told yet, but no blue one.
        return next(iter(fitting or [thing for thing in same if not thing.paints]), None)

    def _imply(self, thing: Thing) -> None:
        """A compound's first word may be a material, as in "rubber band" and "plastic bag"."""
        first, _, rest = thing.noun.partition(" ")
        for meaning in self._lexicon.phrases.get(first, ()) if rest else ():
            if meaning.tag == "MATERIAL" and first in (
                "wooden",
                "metallic",
                "metal",
                "glass",
                "plastic",
                "rubber",
                "leather",
                "fabric",
                "fluffy",
            ):
                thing.material = str(meaning.value)
            elif meaning.tag == "SHAPE" and first in ("diamond", "round", "square"):
                thing.shape = str(meaning.value)

    def describe(self, thing: Thing, modifiers: Sequence[Tagged]) -> None:
        """Say adjectives and numbers of a thing."""
        thing.said.extend(item.text for item in modifiers if item.tag != "DET")
        for meaning in apply_modifiers(self._draft, self._lexicon, thing, modifiers):
            apply_setting(self._draft, meaning.tag, meaning.value, thing.noun)
        if thing.count == 0 and thing in self._draft.things:
            self._draft.things.remove(thing)

    def _tell(self, thing: Thing) -> None:
        match = thing.match
        if match is None:
            return
        if match.substitute and match.dropped and match.substitute == thing.noun.removeprefix(match.dropped).strip():
            self._draft.note(thing.noun, f"Built as an ordinary {match.substitute}.", match.substitute)
        elif match.substitute:
            self._draft.note(thing.noun, "The catalogue lacks it; the nearest thing stands for it.", match.substitute)

    # -- letters --------------------------------------------------------------------------------------------

    def _letters(self, phrase: NounPhrase) -> Thing | None:
        logo = any(item.tag == "LOGO" and item.value == "logo" for item in phrase.nouns)
        quoted = [item.text for item in phrase.nouns if item.tag == "QUOTED"]
        words = [item.text for item in phrase.nouns if item.tag in ("NAME", "NOUN")]
        inner = [item.text for item in phrase.of.nouns] if phrase.of else []
        text = " ".join(quoted or words or inner)
        carrier: Thing | None = None
        if quoted and words and not any(item.tag == "LOGO" for item in phrase.nouns):
            plain = NounPhrase(phrase.modifiers, tuple(item for item in phrase.nouns if item.tag != "QUOTED"))
            carrier = self.thing(plain)
        if not text:
            text = "LOGO" if logo else "TEXT"
            self._draft.note(phrase.text, "The prompt does not say which letters.", text)
        thing = Thing(
            self._draft.new_id("logo" if logo else "text"), text, letters=(text.upper() if logo else text)[:200]
        )
        thing.logo = logo
        self._draft.things.append(thing)
        if carrier is None:
            self.describe(thing, phrase.modifiers)
        elif carrier.is_shown:
            self._draft.relate(RelationKind.IN_FRONT_OF, thing, carrier)
        thing.count = 1
        self.last = carrier or thing
        return carrier or thing

    # -- "… of …" -------------------------------------------------------------------------------------------

    def _of(self, phrase: NounPhrase, inner: NounPhrase) -> Thing | None:
        noun = self.noun_of(phrase)
        arrangement = self._lexicon.arrangements.get(noun)
        if arrangement is not None or noun in _PARTS:
            return self._arranged(phrase, inner, noun)
        if noun in _CARVED:
            thing = self.thing(inner)
            if thing is not None:
                thing.material = thing.material or _CARVED[noun]
                self._draft.note(noun, f"Shown by making the {thing.noun} of {thing.material}.", thing.material)
                self.describe(thing, phrase.modifiers)
            return thing
        thing = self.thing(NounPhrase(phrase.modifiers, phrase.nouns))
        if thing is not None:
            self._fill(thing, inner)
        return thing

    def _fill(self, container: Thing, inner: NounPhrase) -> None:
        """ "a bowl of apples": apples in it, where both are known; else the user is told."""
        noun = self.noun_of(inner)
        holds = container.match is not None and any(
            surface.kind == "in" for surface in container.match.recipe.surfaces.values()
        )
        match = self._nouns.match(noun) if noun else None
        # Soup is shown by a bowl: a bowl in a bowl shows nothing.
        if holds and match is not None and container.match is not None and match.recipe != container.match.recipe:
            content = self.thing(inner)
            if content is not None and content.is_shown:
                is_mass = not any(item.tag in ("DET", "NUM") for item in inner.modifiers)
                if is_mass and not content.counted:
                    content.count = _FILLING
                self._draft.relate(RelationKind.INSIDE, content, container)
            self.last = container
        elif inner.nouns:
            self._draft.note(f"{container.noun} of {inner.text}", f"The {container.noun} is built without it.")

    def _arranged(self, phrase: NounPhrase, inner: NounPhrase, noun: str) -> Thing | None:
        thing = self.thing(inner)
        if thing is None:
            return None
        kind, usual = self._lexicon.arrangements.get(noun, ("auto", 1))
        if not thing.counted:
            thing.count = usual
        thing.arrangement = Arrangement(kind)
        if noun in _PARTS:
            self._draft.note(f"{noun} of {thing.noun}", f"The whole {thing.noun} is built.", thing.noun)
        rest = tuple(item for item in phrase.modifiers if item.tag not in ("NUM", "DET"))
        self.describe(thing, rest)
        return thing
