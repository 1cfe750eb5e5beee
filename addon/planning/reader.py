"""Sentences → draft: who is meant, what is said of them, how lists share what follows them. Any thread."""

from collections.abc import Sequence

from ..models.plan import RelationKind
from .belongings import has_place_for, is_own, wear
from .draft import Draft, Thing
from .lexicon import Lexicon
from .linking import Linker, distribute
from .naming import Namer
from .nouns import NounBook
from .order import leads, shared_post, told_back, upright
from .phrases import Member, Post, Sentence
from .poses import is_alive
from .relating import Relater
from .subjects import Subjects
from .wholes import things_of

__all__ = ["Reader", "is_content"]

_CONTENT = frozenset(
    {"NOUN", "NAME", "LOGO", "QUOTED", "VERB", "ADJ", "COLOR", "MATERIAL", "SHAPE", "SIZE", "PATTERN", "NUM", "REL"}
)
_OF_THE_SUBJECT = frozenset({"under", "below", "behind", "in_front_of", "next_to", "near", "left_of", "right_of"})
"""Where somebody does something to another thing: "reading a book under a tree"."""

_BESIDE_EACH_OTHER = frozenset({"next_to", "near", "left_of", "right_of", "in_front_of", "behind"})
_STANDS_ALONE = frozenset({"animal", "person", "people", "furniture", "vehicle", "building", "street"})
_AS_LARGE, _BESIDE = 0.8, 0.45
"""How large what somebody's place is told by must be, as a share of what is there: to carry it, to stand beside it."""


class Reader:
    """Reads one prompt into one draft."""

    def __init__(self, draft: Draft, lexicon: Lexicon, nouns: NounBook) -> None:
        self._draft = draft
        self._lexicon = lexicon
        self._namer = Namer(draft, lexicon, nouns)
        self._linker = Linker(draft, self._namer)
        self._relater = Relater(draft, lexicon, self._namer, self._linker)
        self._subjects = Subjects(draft, lexicon, self._namer, self._relater)
        self._topic: list[Thing] = []

    def read(self, sentences: Sequence[Sentence]) -> None:
        """Read all sentences in order."""
        for sentence in sentences:
            topic = self._sentence(told_back(upright(sentence)))
            self._topic = topic or self._topic

    def _sentence(self, sentence: Sentence) -> list[Thing]:
        """Read one sentence; returns what it was about."""
        waiting: list[Thing] = []
        about: list[Thing] = []
        self._relater.carrier = None
        skip = False
        leading: tuple[Post, ...] = ()
        members = sentence.members
        fronted = bool(members) and leads(members[0])
        for position, member in enumerate(members):
            if skip:
                skip = False
                continue
            following = members[position + 1] if position + 1 < len(members) else None
            if following is not None and leads(member) and (fronted or not following.joined):
                # "on the left a dog, on the right a cat", "…, and on the left there is a fence": of what comes after.
                leading = member.posts
                continue
            if self._is_carriers_own(member):
                continue
            dressed = self._dressed(member)
            if dressed:
                self._posts(member, dressed, waiting, False, shared_post(members[position + 1 :]))
                continue
            things = self._subjects.of(member, self._topic)
            about.extend(things)
            for post in leading:
                self._relater.read(post, things, None)
            leading = ()
            carrier: Thing | None = self._relater.carrier
            if carrier is not None and member.phrase is not None and not member.posts:
                self._carry(carrier, things, shared_post(members[position + 1 :]))
                continue
            skip = self._between(member, following, things)
            listed = self._posts(member, things, waiting, skip, shared_post(members[position + 1 :]))
            self._relater.carrier = listed or (carrier if member.phrase is not None and carrier is not None else None)
            beside = self._beside(member, things)
            if not member.posts:
                waiting.extend(things)
            elif beside:
                waiting.extend(beside)
            elif member.phrase is not None:
                waiting = []
        return about

    def _is_carriers_own(self, member: Member) -> bool:
        """ "a house with a red roof and two windows": the second part of the list is the house's own too."""
        carrier: Thing | None = self._relater.carrier
        if carrier is None or member.phrase is None or member.posts or not member.phrase.nouns:
            return False
        return is_own(self._namer, self._namer.noun_of(member.phrase), member.phrase, carrier)

    def _dressed(self, member: Member) -> list[Thing]:
        """ "A man in a suit and a hat": who puts on the second part of the list too. "A hat on a table" is no part."""
        wearers, self._namer.dressed = self._namer.dressed, []
        phrase = member.phrase
        if not wearers or phrase is None or not phrase.nouns:
            return []
        noun = self._namer.noun_of(phrase)
        have_places = all(has_place_for(self._namer, one, noun) for one in wearers)
        elsewhere = any(post.kind == "relation" and not _is_of_the_wearer(post) for post in member.posts[:1])
        if elsewhere and not have_places:
            return []
        if wear(self._namer, noun, phrase, wearers):
            return wearers
        if not have_places:
            return []
        worn = things_of(self._namer, phrase)
        return wearers if worn is not None and self._linker.put_on(worn, wearers) else []

    # -- what is said of them -------------------------------------------------------------------------------

    def _between(self, member: Member, following: Member | None, things: list[Thing]) -> bool:
        """ "between a chair and a table": the grammar's next list member is the second target."""
        post = member.posts[-1] if member.posts else None
        if post is None or post.head is None or post.kind not in ("relation", "verb"):
            return False
        value = post.head.value if post.kind == "relation" else post.head.value.get("relation")
        if value != "between" or not post.phrases or following is None or following.phrase is None or following.posts:
            return False
        first, second = things_of(self._namer, post.phrases[0]), things_of(self._namer, following.phrase)
        if first is None or second is None:
            return False
        for thing in things:
            self._linker.link(RelationKind.BETWEEN, thing, [first, second])
        return True

    def _posts(
        self, member: Member, things: list[Thing], waiting: list[Thing], between: bool, shared: Post | None
    ) -> Thing | None:
        """Read what is said of ``things``; returns what carries the rest of a list begun by "with"."""
        posts = member.posts[:-1] if between else member.posts
        nearest: Thing | None = None
        whose = False
        carrier: Thing | None = None
        shares = member.phrase is not None and bool(things)
        for position, post in enumerate(posts):
            before = posts[position - 1] if position else None
            later = posts[position + 1 :]
            subjects, near = self._said_of(
                post, before, things, nearest, whose or any(self._places(one) for one in later)
            )
            mutual = post.pronoun is not None and "other" in post.pronoun.text
            if shares and subjects == things and (post.phrases or mutual or post.kind == "setting"):
                subjects = [*self._sharing(post, waiting, things[0]), *things]
                shares = False
            is_last = all(self._places(other) for other in later)
            starts_list = post.kind == "with" and bool(things) and is_last
            is_placed = any(self._places(other) for other in later) or (
                starts_list and not later and shared is not None
            )
            if post.kind == "verb":
                is_placed = any(other.kind == "relation" or _is_position(other) for other in later)
            if post.kind == "verb" and self._does_carrier(post, things):
                subjects = [self._relater.carrier] if self._relater.carrier is not None else subjects
            holder = near if near is not None and near.is_shown else things[-1] if things else None
            if starts_list:
                self._relater.carrier = holder
            shares_place = before is not None and self._shares_place(post, before, things, near)
            if shares_place:
                subjects, near, bearer = things, None, nearest
            target = self._relater.read(post, subjects, near, is_placed)
            if shares_place and target is not None and bearer is not None:
                self._linker.link(RelationKind.ON, target, [bearer])
            if member.pronoun is not None and member.pronoun.text.lower().startswith("each") and target is not None:
                distribute(target, things[0])
            if starts_list:
                carrier = holder
                if target is not None and not later and shared is not None:
                    self._relater.read(shared, [target], None)
            whose = post.kind == "with" and post.head is not None and post.head.text.lower() == "whose"
            kept = post.kind in ("setting", "predicate") or (post.kind == "verb" and subjects == [nearest])
            nearest = None if post.fronted else target or (nearest if kept else None)
        return carrier

    def _said_of(
        self, post: Post, before: Post | None, things: list[Thing], nearest: Thing | None, told_of_it: bool
    ) -> tuple[list[Thing], Thing | None]:
        """Whom a post speaks about: the member's things, or the noun just before (the second value)."""
        if nearest is None or not nearest.is_shown:
            return things, nearest
        if told_of_it and post.kind in ("predicate", "made", "verb") and before is not None and before.kind == "with":
            return [nearest], None
        if self._places(post) or (before is not None and before.kind == "with" and _is_position(post)):
            return [nearest], None
        if before is not None and self._done_there(post, before, things, nearest):
            return things, None
        if before is not None and before.kind == "with" and things:
            placed = self._placed_with(post, things, nearest)
            return (placed, None) if placed else (things, nearest)
        return things, nearest

    def _shares_place(self, post: Post, before: Post, things: list[Thing], near: Thing | None) -> bool:
        """ "a bowl on a counter next to a toaster": the toaster is on the counter too, beside the bowl."""
        is_beside = post.kind == "relation" and post.head is not None and post.head.value in _BESIDE_EACH_OTHER
        if not is_beside or not post.phrases or before.kind != "relation" or near is None or not things:
            return False
        if self._draft.relation_between(things[-1], near) is not RelationKind.ON or near.match is None:
            return False
        match = self._namer.nouns.match(self._namer.noun_of(post.phrases[0]))
        carries = near.match.recipe.category == "furniture" and near.match.recipe.name not in self._lexicon.seats
        if match is None or not carries or match.recipe.category in _STANDS_ALONE:
            return False
        return max(match.recipe.size) <= near.extent * _BESIDE

    def _placed_with(self, post: Post, things: list[Thing], nearest: Thing) -> list[Thing]:
        """Who stands there in "a vase with flowers on a table": the vase, which holds them; none: what is nearest."""
        if post.kind != "relation" or post.head is None or not isinstance(post.head.value, str) or not post.phrases:
            return []
        held = self._draft.relation_between(nearest, things[-1])
        match = self._namer.nouns.match(self._namer.noun_of(post.phrases[0]))
        if held is None or match is None:
            return []
        share = max(match.recipe.size) / max(things[-1].extent, 0.001)
        carries = post.head.value in ("on", "inside", "under")
        if held is RelationKind.INSIDE:
            return things if share >= _AS_LARGE or not carries else []
        if held is RelationKind.ON:
            return things if share >= (1 if carries else _BESIDE) else []
        # "a dog with a ball under a tree": both are there.
        return [*things, nearest] if carries and share >= _AS_LARGE else []

    def _done_there(self, post: Post, before: Post, things: list[Thing], nearest: Thing) -> bool:
        """Whether a place is where something is done: "reading a book under a tree", "… a book on a sofa"."""
        if post.kind != "relation" or before.kind != "verb" or before.head is None or post.head is None or not things:
            return False
        if not before.head.value.get("loses"):
            return False
        if post.head.value in _OF_THE_SUBJECT:
            return True
        match = self._namer.nouns.match(self._namer.noun_of(post.phrases[0])) if post.phrases else None
        extent = max(match.recipe.size) if match else 0.0
        return post.head.value in ("on", "inside") and extent > max(nearest.extent, things[0].extent / 2)

    def _places(self, post: Post) -> bool:
        """Whether a post says where something is by a pronoun: "on it", "to its left"."""
        if post.kind == "setting":
            words = post.head.text.lower() if post.head is not None and post.head.tag == "POSITION" else ""
            return bool({"its", "his", "her"} & set(words.split(" "))) or words in self._lexicon.of_the_carrier
        return post.kind == "relation" and (post.pronoun is not None or not post.phrases)

    def _does_carrier(self, post: Post, things: list[Thing]) -> bool:
        """ "a man with a beard and glasses wearing a suit": it is the man who wears it."""
        carrier: Thing | None = self._relater.carrier
        acts = post.head is not None and ("loses" in post.head.value or "poses" in post.head.value)
        return carrier is not None and is_alive(carrier) and acts and bool(things) and not is_alive(things[0])

    def _sharing(self, post: Post, waiting: list[Thing], thing: Thing) -> list[Thing]:
        """ "an apple and a knife on a table": both are on it, where both may be."""
        value = post.head.value if post.head is not None else None
        pair = value if isinstance(value, tuple) else ("", "")
        of_all = {
            "verb": True,
            "made": thing.letters is not None,
            "setting": pair[0] == "arranged" or pair == ("picture", "next_to"),
            "relation": isinstance(value, str),
        }
        if thing.split or not of_all.get(post.kind, False):
            return []
        if post.kind == "verb" and isinstance(value, dict) and value.get("inverse") == "on":
            # "a bench and a snowman wearing a hat"
            return [other for other in waiting if is_alive(other) or other.noun in self._lexicon.bodies]
        if post.kind == "relation" and value in ("on", "inside", "under") and post.pronoun is None:
            return [other for other in waiting if other.extent <= max(thing.extent * 4, 0.5)]
        return waiting

    def _beside(self, member: Member, things: list[Thing]) -> list[Thing]:
        """ "a hamburger with fries and a coke on a tray": what stands beside it is on the tray with both."""
        if [post.kind for post in member.posts] != ["with"] or not things or is_alive(things[-1]):
            return []
        follows = self._draft.things[self._draft.things.index(things[-1]) + 1 :]
        with_it = [one for one in follows if self._draft.relation_between(one, things[-1]) is RelationKind.NEXT_TO]
        return [*things, *with_it] if with_it else []

    def _carry(self, carrier: Thing, things: list[Thing], shared: Post | None) -> None:
        for thing in things:
            if shared is not None:
                self._relater.read(shared, [thing], None)
                continue
            if thing.is_shown and carrier.is_shown:
                self._linker.give(carrier, thing)


def _is_of_the_wearer(post: Post) -> bool:
    """ "… and a hat next to a dog" says where the wearer is, "… and a hat on a table" where a hat is."""
    return post.head is not None and post.head.value in _OF_THE_SUBJECT


def _is_position(post: Post) -> bool:
    return post.kind == "setting" and post.head is not None and post.head.tag == "POSITION"


def is_content(tag: str) -> bool:
    """Whether a phrase of this tag must be told when nothing came of it."""
    return tag in _CONTENT
