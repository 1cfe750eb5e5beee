"""Whom a member of a sentence speaks about: things, places, pronouns, "one" and colours of many. Any thread."""

from itertools import pairwise

from ..models.plan import Arrangement, EnvironmentKind, RelationKind
from .draft import Draft, Paint, Thing
from .lexicon import Lexicon
from .naming import Namer
from .phrases import Member, NounPhrase
from .relating import Relater
from .settings import SURFACES, apply_place, apply_surface, is_landscape
from .tagger import Tagged
from .wholes import things_of

__all__ = ["Subjects"]


class Subjects:
    """Finds them in one prompt, in order."""

    def __init__(self, draft: Draft, lexicon: Lexicon, namer: Namer, relater: Relater) -> None:
        self._draft = draft
        self._lexicon = lexicon
        self._namer = namer
        self._relater = relater
        self._doers: list[Thing] = []

    def of(self, member: Member, topic: list[Thing]) -> list[Thing]:
        """The things a member speaks about; ``topic``: what the sentence before was about."""
        phrase = member.phrase
        if member.pronoun is not None:
            return self._meant(member.pronoun, topic)
        if phrase is None:
            return self._implied(member)
        if not phrase.nouns and phrase.of is None:
            things = self._unnamed(phrase, bool(member.posts))
            self._doers = things if len(things) > 1 else self._doers
            return things
        things = self._named(self._opened(phrase))
        self._doers = things or self._doers
        return things

    def _implied(self, member: Member) -> list[Thing]:
        """Whom words without a noun speak about."""
        first = member.posts[0]
        if (
            first.kind == "relation"
            and first.head is not None
            and first.head.text.lower().endswith((" which", " whom"))
        ):
            # "next to a table, on which a vase stands".
            return [self._namer.last] if self._namer.last else []
        refers_back = first.kind == "predicate" and not first.phrases and len(member.posts) > 1
        if self._doers and first.kind in ("verb", "predicate", "relation") and not refers_back:
            # "sitting on a bench and feeding pigeons", "to the left of a dog and above a mouse"; but "a box, which is
            # on a table" is about the box.
            return self._doers
        return [self._namer.last] if self._namer.last and not self._opens(member) else []

    def _opened(self, phrase: NounPhrase) -> NounPhrase:
        """ "an isometric cutaway of a bedroom" is a bedroom."""
        inner = phrase.of
        if inner is None or self._namer.noun_of(phrase) not in self._lexicon.generic or not self._namer.place_of(inner):
            return phrase
        return NounPhrase((*phrase.modifiers, *inner.modifiers), inner.nouns, inner.of)

    def _named(self, phrase: NounPhrase) -> list[Thing]:
        noun = self._namer.noun_of(phrase)
        if phrase.of is None and self._is_surface(noun, phrase):
            apply_surface(self._draft, self._lexicon, phrase, noun)
            return []
        place = self._namer.place_of(phrase)
        if place is not None and (is_landscape(place, phrase) or not self._namer.has_recipe(noun)):
            return self._place(phrase, place)
        return self._colored(phrase)

    def _meant(self, pronoun: Tagged, topic: list[Thing]) -> list[Thing]:
        """ "It is black": what the sentence before was about."""
        word = pronoun.text.lower()
        if word.startswith("each") or word in ("which", "who"):
            return [self._namer.last] if self._namer.last else []
        about = topic or self._draft.things[-1:]
        return about if word in ("they", "them", "both of them", "all of them") else about[:1]

    def _place(self, phrase: NounPhrase, place: dict[str, object]) -> list[Thing]:
        noun = self._namer.noun_of(phrase)
        apply_place(self._draft, self._lexicon, phrase, place)
        self._draft.place_is_subject = True
        self._draft.note(noun, "Shown as the surroundings, not as a thing.", "surroundings")
        if phrase.of is None:
            return []
        things = self._colored(phrase.of)
        for thing in things:
            thing.arrangement = Arrangement.SCATTER
        return things

    def _is_surface(self, noun: str, phrase: NounPhrase) -> bool:
        """ "white walls, wooden floor": the room's own."""
        if noun == "wall":
            indoors = self._draft.environment.kind is EnvironmentKind.INDOOR
            return (indoors and not self._namer.has_recipe(noun)) or phrase.nouns[-1].plural
        return noun in SURFACES and not self._namer.has_recipe(noun)

    def _opens(self, member: Member) -> bool:
        """Whether a member without a noun speaks about what comes after it: "on the left, a dog"."""
        return not self._draft.things or all(post.kind == "setting" for post in member.posts)

    def _unnamed(self, phrase: NounPhrase, goes_on: bool) -> list[Thing]:
        """ "red and big" after a comma, "one black and one white": said of what was named last."""
        last = self._namer.last
        if last is None or not phrase.modifiers:
            if any(item.tag != "DET" for item in phrase.modifiers):
                self._draft.note(phrase.text, "It is not said of anything that is built.")
            return []
        number = next((item.value for item in phrase.modifiers if item.tag == "NUM"), None)
        says_more = goes_on or any(item.tag not in ("DET", "NUM") for item in phrase.modifiers)
        if number is not None and says_more:
            some = self._namer.some_of(last.noun, number, phrase.modifiers)
            if some is None:
                self._relater.predicate(phrase, [last])
            return [some or last]
        if number is not None:
            if last.plural and not last.counted:
                # "apples in a row of five"
                self._relater.predicate(phrase, [last])
            else:
                self._draft.note(phrase.text, "No thing follows this number.")
            return []
        if not says_more:
            return []
        self._relater.predicate(phrase, [last])
        bare = [item.tag for item in phrase.modifiers] == ["COLOR"]
        if bare and last.counted and last.pattern is None and len(last.paints) == last.count > 1:
            return self._one_each(last, last.paints)
        return [last]

    def _one_each(self, thing: Thing, paints: list[Paint]) -> list[Thing]:
        """ "three cubes: red, green and blue": one of each colour, in their order."""
        arrangement, thing.arrangement = thing.arrangement, Arrangement.AUTO
        thing.count, thing.paints = 1, paints[:1]
        things = [thing]
        for paint in paints[1:]:
            sibling = self._namer.sibling(thing, ())
            sibling.paints, sibling.count = [paint], 1
            things.append(sibling)
        kind = {Arrangement.ROW: RelationKind.LEFT_OF, Arrangement.STACK: RelationKind.ON}.get(arrangement)
        for first, second in pairwise(things) if kind is not None else ():
            self._draft.relate(kind or RelationKind.NEAR, first, second)
        return things

    def _colored(self, phrase: NounPhrase) -> list[Thing]:
        """The thing of a phrase; "red, blue and green balls" are as many things as colours."""
        thing = things_of(self._namer, phrase)
        if thing is None:
            return []
        if not thing.plural or len(thing.paints) < 2 or thing.pattern is not None:
            return [thing]
        paints, total = thing.paints, thing.count if thing.counted else len(thing.paints)
        thing.paints, things = paints[:1], [thing]
        thing.count = max(1, total - (total // len(paints)) * (len(paints) - 1))
        for paint in paints[1:]:
            sibling = self._namer.sibling(thing, ())
            sibling.paints, sibling.count = [paint], max(1, total // len(paints))
            things.append(sibling)
        return things
