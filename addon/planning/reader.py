"""Sentences → draft: who is meant, what is said of them, how lists share what follows them. Any thread."""

from collections.abc import Sequence

from ..models.plan import Arrangement, RelationKind
from .draft import Draft, Thing
from .lexicon import Lexicon
from .naming import Namer
from .nouns import NounBook
from .phrases import Member, NounPhrase, Post, Sentence
from .relating import Relater
from .settings import apply_place

__all__ = ["Reader", "is_content"]

_CONTENT = frozenset(
    {"NOUN", "NAME", "LOGO", "QUOTED", "VERB", "ADJ", "COLOR", "MATERIAL", "SHAPE", "SIZE", "PATTERN", "NUM", "REL"}
)


class Reader:
    """Reads one prompt into one draft."""

    def __init__(self, draft: Draft, lexicon: Lexicon, nouns: NounBook) -> None:
        self._draft = draft
        self._lexicon = lexicon
        self._namer = Namer(draft, lexicon, nouns)
        self._relater = Relater(draft, lexicon, self._namer)

    def read(self, sentences: Sequence[Sentence]) -> None:
        """Read all sentences in order."""
        for sentence in sentences:
            self._sentence(sentence)

    def _sentence(self, sentence: Sentence) -> None:
        sentence = _upright(sentence)
        waiting: list[Thing] = []
        carrier: Thing | None = None
        skip = False
        leading: tuple[Post, ...] = ()
        fronted = bool(sentence.members) and _leads(sentence.members[0])
        for position, member in enumerate(sentence.members):
            if skip:
                skip = False
                continue
            following = sentence.members[position + 1] if position + 1 < len(sentence.members) else None
            if fronted and following is not None and _leads(member):
                # "on the left a dog, on the right a cat": said of what comes after.
                leading = member.posts
                continue
            things = self._subjects(member)
            for post in leading:
                self._relater.read(post, things, None)
            leading = ()
            if carrier is not None and all(post.pronoun is not None for post in member.posts):
                self._carry(carrier, things)
                continue
            skip = self._between(member, following, things)
            carrier = self._posts(member, things, waiting, skip)
            if not member.posts:
                waiting.extend(things)
            elif member.phrase is not None:
                waiting = []

    def _subjects(self, member: Member) -> list[Thing]:
        phrase = member.phrase
        if phrase is None:
            return [self._namer.last] if self._namer.last and not self._opens(member) else []
        if not phrase.nouns and phrase.of is None:
            return self._unnamed(phrase)
        place = phrase.nouns[-1].value if phrase.nouns else None
        if isinstance(place, dict) and not self._namer.has_recipe(self._namer.noun_of(phrase)):
            noun = self._namer.noun_of(phrase)
            apply_place(self._draft, self._lexicon, phrase, place)
            self._draft.note(noun, "Shown as the surroundings, not as a thing.", "surroundings")
            if phrase.of is not None:
                things = self._colored(phrase.of)
                for thing in things:
                    thing.arrangement = Arrangement.SCATTER
                return things
            return []
        return self._colored(phrase)

    def _opens(self, member: Member) -> bool:
        """Whether a member without a noun speaks about what comes after it: "on the left, a dog"."""
        return not self._draft.things or all(post.kind == "setting" for post in member.posts)

    def _unnamed(self, phrase: NounPhrase) -> list[Thing]:
        """ "red and big" after a comma, "one black and one white": said of what was named last."""
        last = self._namer.last
        if last is None or not phrase.modifiers:
            if any(item.tag != "DET" for item in phrase.modifiers):
                self._draft.note(phrase.text, "It is not said of anything that is built.")
            return []
        number = next((item.value for item in phrase.modifiers if item.tag == "NUM"), None)
        if number is not None and not last.paints and last.count > int(number) > 0:
            last.count -= int(number)
            return [self._namer.sibling(last, phrase.modifiers)]
        if all(item.tag in ("DET", "NUM") for item in phrase.modifiers):
            if number is not None:
                self._draft.note(phrase.text, "No thing follows this number.")
            return []
        self._relater.predicate(phrase, [last])
        return [last]

    def _colored(self, phrase: NounPhrase) -> list[Thing]:
        """The thing of a phrase; "red, blue and green balls" are as many things as colours."""
        thing = self._namer.thing(phrase)
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

    def _between(self, member: Member, following: Member | None, things: list[Thing]) -> bool:
        """ "between a chair and a table": the grammar's next list member is the second target."""
        post = member.posts[-1] if member.posts else None
        if post is None or post.kind != "relation" or post.head is None or post.head.value != "between":
            return False
        if not post.phrases or following is None or following.phrase is None or following.posts:
            return False
        first, second = self._namer.thing(post.phrases[0]), self._namer.thing(following.phrase)
        if first is None or second is None:
            return False
        for thing in things:
            self._relater.link(RelationKind.BETWEEN, thing, [first, second])
        return True

    def _posts(self, member: Member, things: list[Thing], waiting: list[Thing], between: bool) -> Thing | None:
        """Read what is said of ``things``; returns what carries the rest of a list begun by "with"."""
        nearest: Thing | None = None
        posts = member.posts[:-1] if between else member.posts
        carrier: Thing | None = None
        shares = member.phrase is not None and bool(things)
        for position, post in enumerate(posts):
            subjects = things
            if shares and (post.phrases or post.kind == "setting"):
                subjects = [*self._sharing(post, waiting, things[0]), *things]
                shares = False
            is_placed = any(later.pronoun is not None for later in posts[position + 1 :])
            target = self._relater.read(post, subjects, nearest, is_placed)
            nearest = target or (nearest if post.kind == "setting" else None)
            is_list = post.kind == "with" and target is not None and bool(things)
            carrier = things[-1] if is_list and position == len(posts) - 1 else None
        return carrier

    def _sharing(self, post: Post, waiting: list[Thing], thing: Thing) -> list[Thing]:
        """ "an apple and a knife on a table": both are on it, where both may be."""
        if post.kind not in ("relation", "verb", "setting") or (post.head is not None and post.head.tag != "REL"):
            return [] if post.kind == "setting" else waiting if post.kind == "verb" else []
        if post.head is not None and isinstance(post.head.value, tuple):
            return []
        if post.head is not None and post.head.value in ("on", "inside", "under"):
            return [other for other in waiting if other.extent <= max(thing.extent * 4, 0.5)]
        return waiting

    def _carry(self, carrier: Thing, things: list[Thing]) -> None:
        for thing in things:
            kind = self._relater.carried(carrier, thing)
            if kind is not RelationKind.NEXT_TO:
                self._relater.link(kind, thing, [carrier])


def _upright(sentence: Sentence) -> Sentence:
    """ "Behind the table is a chair", "on the table a cup": the subject first."""
    if not sentence.members or sentence.members[0].phrase is not None:
        return sentence
    first, *rest = sentence.members
    if not first.posts or first.posts[0].kind != "relation" or not first.posts[0].phrases:
        return sentence
    for position, post in enumerate(first.posts):
        if post.kind == "predicate" and post.phrases and post.phrases[0].nouns:
            posts = (*first.posts[:position], *first.posts[position + 1 :])
            return Sentence((Member(post.phrases[0], posts), *rest))
    if rest and rest[0].phrase is not None:
        return Sentence((Member(rest[0].phrase, (*first.posts, *rest[0].posts)), *rest[1:]))
    return sentence


def _leads(member: Member) -> bool:
    """Whether a member only says where in the picture something is."""
    return member.phrase is None and all(post.head is not None and post.head.tag == "POSITION" for post in member.posts)


def is_content(tag: str) -> bool:
    """Whether a phrase of this tag must be told when nothing came of it."""
    return tag in _CONTENT
