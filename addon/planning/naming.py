"""Noun phrases → things of a draft: nouns, "one", what is already there. Any thread."""

from collections.abc import Sequence

from ..models.plan import TimeOfDay
from .attributes import apply_modifiers, paints_of
from .draft import Draft, Paint, Thing
from .inflections import singular_of
from .lexicon import Lexicon, Meaning
from .nouns import Match, NounBook
from .phrases import NounPhrase
from .poses import move, take_pose
from .settings import SURFACES, apply_setting
from .tagger import PROFORM, Tagged
from .words import looked_up

__all__ = ["Namer"]

_MANY = 3
_IMPLYING = frozenset(["wooden", "metallic", "metal", "glass", "plastic", "rubber", "leather", "fabric", "fluffy"])
_IMPLYING_SHAPES = frozenset({"diamond", "round", "square"})
_COATS = frozenset({"black", "white", "brown", "gray", "grey"})
_HAVE_PARTS = frozenset({"building", "vehicle"})
_LITERAL = frozenset({"warm", "cold", "bright", "chilly", "cool", "inviting", "cheerful", "airy", "shadowy"})
"""Moods that, said of a thing, are that thing's and not the light's: "a cold drink"."""


def _may_be(thing: Thing, phrase: NounPhrase) -> bool:
    """Whether "the big wooden one" can be this thing, by what was said of its size, material and shape."""
    for item in phrase.modifiers:
        if item.tag == "SIZE" and thing.scale != 1 and (thing.scale > 1) != (float(item.value) > 1):
            return False
        known = {"MATERIAL": thing.material, "SHAPE": thing.shape}.get(item.tag)
        if known is not None and known != item.value:
            return False
    return True


class Namer:
    """Makes the things of one draft."""

    def __init__(self, draft: Draft, lexicon: Lexicon, nouns: NounBook) -> None:
        self.draft = draft
        self.lexicon = lexicon
        self.nouns = nouns
        self.last: Thing | None = None
        self.dressed: list[Thing] = []
        """Who was dressed last, as long as the list of clothes may go on."""

    def noun_of(self, phrase: NounPhrase) -> str:
        """The phrase's noun, singular and lower case, "" where it has none."""
        nouns = [item for item in phrase.nouns if item.tag in ("NOUN", "LOGO")]
        # "fancifulword cat": unknown words before a known noun are told, and do not change what it is.
        words = [item.read_as or looked_up(item.text) for item in nouns]
        if words and words[-1] in self.lexicon.businesses:
            return words[-1]
        if any(word not in self.lexicon.generic for word in words):
            words = [word for word in words if word not in self.lexicon.generic]
        noun = self.nouns.singular(" ".join(words))
        last = noun.rpartition(" ")[2]
        # "pastel background": whatever stands before, it is what is behind everything.
        return last if last in SURFACES and not self.nouns.is_noun(noun) else noun

    def place_of(self, phrase: NounPhrase) -> dict[str, object] | None:
        """The lexicon's entry of the place that a phrase names; None where it names a thing."""
        named = [item for item in phrase.nouns if looked_up(item.text) not in self.lexicon.generic]
        return named[-1].value if named and isinstance(named[-1].value, dict) else None

    def named(self, phrase: NounPhrase) -> Thing | None:
        """The thing of a phrase without "of" and letters; None where it names none (then nothing is added)."""
        if phrase.nouns and phrase.nouns[-1].value == PROFORM:
            return self._another(phrase)
        noun = self.noun_of(phrase)
        names = [item for item in phrase.nouns if item.tag == "NAME"]
        if not noun:
            if not names:
                return None
            noun = self.nouns.singular(" ".join(item.text.lower() for item in names))
        elif names:
            self.draft.note(" ".join(item.text for item in names), "This name is not known here.")
        if noun in self.lexicon.groups and not self.has_recipe(noun):
            return self._group(phrase, noun)
        if noun in self.lexicon.pairs and self._are_counted(phrase):
            noun = self._single(noun)
        return self._named(phrase, noun)

    def _group(self, phrase: NounPhrase, noun: str) -> Thing:
        """ "a couple", "a family": as many people."""
        thing = self._new("person", self.nouns.match("person"), plural=False)
        thing.count, thing.counted = self.lexicon.groups[noun], True
        self.describe(thing, [item for item in phrase.modifiers if item.tag != "NUM"])
        return thing

    def _are_counted(self, phrase: NounPhrase) -> bool:
        numbers = [item for item in phrase.modifiers if item.tag == "NUM"]
        return any(item.value != 1 for item in numbers) and not any("pair" in item.text for item in numbers)

    def _single(self, noun: str) -> str:
        """ "two glasses" are to drink from; a pair of them is not."""
        single = singular_of(noun)
        return single if self.nouns.is_noun(single) and not self.nouns.same_recipe(single, noun) else noun

    def fetch(self, noun: str) -> Thing | None:
        """A newly made thing of the catalogue; None where it lacks the noun."""
        match = self.nouns.match(noun)
        if match is None or match.substitute:
            return None
        thing = Thing(self.draft.new_id(noun), noun, match)
        self.draft.things.append(thing)
        return thing

    def has_recipe(self, noun: str) -> bool:
        """Whether the catalogue shows this very noun."""
        match = self.nouns.match(noun)
        return match is not None and match.substitute is None

    def is_part(self, noun: str, whole: Thing) -> bool:
        """Whether a noun names what ``whole`` has of itself: "a house with a red door"."""
        category = whole.match.recipe.category if whole.match else ""
        last = noun.rpartition(" ")[2]
        return any(word in self.lexicon.parts.get(key, ()) for key in (category, "any") for word in (noun, last))

    def say_of_part(self, phrase: NounPhrase, noun: str, whole: Thing) -> None:
        """ "with red leaves": colours of a main part paint the whole; of others the user is told."""
        said = [item for item in phrase.modifiers if item.tag not in ("DET", "NUM")]
        if noun.rpartition(" ")[2] in self.lexicon.main_parts and said:
            self.describe(whole, said)
            return
        words = " ".join([*(item.text for item in said), *(item.text for item in phrase.nouns)])
        self.draft.note(words, f"The {whole.noun} keeps its own.")

    def sibling(self, thing: Thing, modifiers: Sequence[Tagged]) -> Thing:
        """Another of the same kind with words of its own."""
        other = Thing(self.draft.new_id(thing.noun), thing.noun, thing.match, counted=thing.counted)
        other.scale, other.size_m, other.material, other.shape = thing.scale, thing.size_m, thing.material, thing.shape
        self.draft.things.append(other)
        self.describe(other, modifiers)
        return other

    def some_of(self, noun: str, number: object, modifiers: Sequence[Tagged]) -> Thing | None:
        """ "two of them are black": as many of what was counted as a thing of their own; None where too few are left.

        ``number`` is "rest" for "the others".
        """
        groups = [thing.noun for thing in self.draft.things if thing.split or (thing.counted and thing.count > 1)]
        same = [
            thing
            for thing in self.draft.things
            if thing.noun == (noun if noun in groups else groups[-1:] and groups[-1])
        ]
        whole = next(
            (thing for thing in reversed(same) if thing.counted and not thing.paints and not thing.split), None
        )
        if whole is None or (whole.count == 1 and not any(thing.split for thing in same)):
            return None
        wanted = whole.count if number == "rest" else int(str(number))
        rest = [item for item in modifiers if item.tag != "NUM"]
        if wanted >= whole.count:
            self.describe(whole, rest)
            whole.split = True
            return whole
        whole.count -= wanted
        some = self.sibling(whole, rest)
        some.count, some.split = wanted, True
        return some

    def describe(self, thing: Thing, modifiers: Sequence[Tagged]) -> None:
        """Say adjectives and numbers of a thing."""
        thing.said.extend(item.text for item in modifiers if item.tag != "DET")
        for item in apply_modifiers(self.draft, self.lexicon, thing, modifiers):
            self._beyond(thing, item)
        if thing.count == 0 and thing in self.draft.things:
            self.draft.things.remove(thing)

    def _beyond(self, thing: Thing, item: Tagged) -> None:
        """What an adjective says beyond looks: poses, movements, the light of the whole picture."""
        meaning: Meaning = item.value
        if meaning.tag == "VERB":
            take_pose(self.draft, thing, meaning.value, item.text)
            if not meaning.value.get("poses") and not meaning.value.get("still"):
                self.draft.note(f"{item.text} {thing.noun}", "This action is not shown.")
        elif meaning.tag == "CAMERA" and meaning.value[0] == "animations" and meaning.value[1] != "turntable":
            move(self.draft, thing, meaning.value[1], item.text)
        elif meaning.tag == "TIME":
            # "a sunny window" is in no sunny field.
            self.draft.surround(time=TimeOfDay(meaning.value))
        elif meaning.tag == "MOOD" and item.text.lower() in _LITERAL:
            self.draft.note(f"{item.text} {thing.noun}", "This word changes nothing that is built.")
        else:
            apply_setting(self.draft, meaning.tag, meaning.value, item.text)

    def _named(self, phrase: NounPhrase, noun: str) -> Thing:
        known = self._already(phrase, noun)
        if known is not None:
            self.describe(known, phrase.modifiers)
            self.last = known
            return known
        whole_thing = self._part_of_known(phrase, noun)
        if whole_thing is not None:
            self.say_of_part(phrase, noun, whole_thing)
            return whole_thing
        match = self.nouns.match(noun)
        whole = self._whole_of(noun, match)
        if whole is not None:
            thing = self._named(NounPhrase(nouns=(Tagged("NOUN", whole),)), whole)
            self.say_of_part(phrase, noun, thing)
            return thing
        thing = self._new(noun, match, any(item.plural for item in phrase.nouns))
        self._imply(thing)
        self.describe(thing, phrase.modifiers)
        self._count_plural(thing)
        self._tell(thing)
        return thing

    def _count_plural(self, thing: Thing) -> None:
        """Several where no number was said; "gloves" are one pair, and one recipe."""
        if thing.plural and not thing.counted and thing.count and thing.noun not in self.lexicon.pairs:
            thing.count = _MANY

    def _new(self, noun: str, match: Match | None, plural: bool) -> Thing:
        thing = Thing(self.draft.new_id(noun), noun, match, variant=noun.replace(" ", "_"), plural=plural)
        self.draft.things.append(thing)
        self.last = thing
        return thing

    def _another(self, phrase: NounPhrase) -> Thing | None:
        """ "a blue one": of the kind that was named last."""
        if self.last is None:
            return None
        known = self._already(phrase, self.last.noun)
        if known is not None:
            self.describe(known, phrase.modifiers)
            return known
        # "three cups: a red one, a green one": of those that were counted.
        some = None if phrase.nouns[-1].plural else self.some_of(self.last.noun, 1, phrase.modifiers)
        if some is not None:
            return some
        thing = self._new(self.last.noun, self.last.match, phrase.nouns[-1].plural)
        self.describe(thing, phrase.modifiers)
        self._count_plural(thing)
        return thing

    def _already(self, phrase: NounPhrase, noun: str) -> Thing | None:
        definite = any(item.tag == "DET" and item.text.lower() in ("the", "this", "that") for item in phrase.modifiers)
        if not definite:
            return None
        same = [thing for thing in self.draft.things if thing.noun == noun and _may_be(thing, phrase)]
        said = {paint.name for paint in paints_of(phrase.modifiers, self.lexicon.colors)}
        fitting = [thing for thing in same if said <= {paint.name for paint in thing.paints}]
        # "the blue car" is the blue one; "the red car" may be one whose colour was not told yet, but no blue one.
        return next(iter(fitting or [thing for thing in same if not thing.paints]), None)

    def _part_of_known(self, phrase: NounPhrase, noun: str) -> Thing | None:
        """ "a cabin: snow covers the roof": the roof is the cabin's, which has one."""
        if not any(item.tag == "DET" and item.text.lower() in ("the", "its") for item in phrase.modifiers):
            return None
        for thing in reversed(self.draft.things):
            category = thing.match.recipe.category if thing.match else ""
            if category in _HAVE_PARTS and noun in self.lexicon.parts.get(category, ()):
                return thing
        return None

    def _whole_of(self, noun: str, match: Match | None) -> str | None:
        """ "butterfly wings" are a butterfly, where the catalogue has no wings."""
        before, _, last = noun.rpartition(" ")
        if not before or (match is not None and not match.dropped):
            return None
        kind = self.nouns.kind(before)
        if any(meaning.tag in ("SHADE", "COLOR") for meaning in self.lexicon.phrases.get(before, ())):
            return None
        is_part = kind and any(last in self.lexicon.parts.get(key, ()) for key in (kind, "any"))
        return before if is_part else None

    def _imply(self, thing: Thing) -> None:
        """A compound's first word may be a material, as in "rubber band" and "plastic bag"."""
        first, _, rest = thing.noun.partition(" ")
        # A recipe of that very name has a colour of its own: a rubber duck is not as black as a tyre.
        is_own = first == "rubber" and self.nouns.is_name(thing.noun)
        for meaning in self.lexicon.phrases.get(first, ()) if rest else ():
            if meaning.tag == "MATERIAL" and first in _IMPLYING and not is_own:
                thing.material = str(meaning.value)
            elif meaning.tag == "SHAPE" and first in _IMPLYING_SHAPES:
                thing.shape = str(meaning.value)
            elif meaning.tag == "COLOR" and first in _COATS and self.nouns.kind(rest) == self.nouns.kind(thing.noun):
                # "a black bear" is a kind of bear, and black.
                thing.noun = rest
                thing.paints.append(Paint(first, self.lexicon.colors[first]))

    def _tell(self, thing: Thing) -> None:
        match = thing.match
        if match is None:
            return
        if match.substitute and match.dropped and match.substitute == thing.noun.removeprefix(match.dropped).strip():
            self.draft.note(thing.noun, f"Built as an ordinary {match.substitute}.", match.substitute)
        elif match.substitute:
            self.draft.note(thing.noun, "The catalogue lacks it; the nearest thing stands for it.", match.substitute)
