"""What follows a noun ("on a table", "chasing a ball", "without a hat") → relations of a draft. Any thread."""

from collections.abc import Mapping, Sequence
from typing import Any

from ..models.plan import Arrangement, EnvironmentKind, RelationKind
from .belongings import is_clothing, is_own
from .draft import Draft, Thing
from .letters import put_on
from .lexicon import Lexicon
from .linking import Linker, distribute
from .naming import Namer
from .phrases import NounPhrase, Post
from .poses import is_alive, move
from .positions import apply_position
from .settings import (
    SURFACES,
    apply_material,
    apply_place,
    apply_setting,
    apply_surface,
    is_landscape,
    look_of_place,
    makes_beach,
)
from .substances import is_covering, is_lettering, made
from .tagger import Tagged
from .verbs import VerbReader
from .wholes import FILLING, things_of

__all__ = ["Relater"]

_LATERAL = frozenset(
    {"left_of", "right_of", "in_front_of", "behind", "hidden_by", "next_to", "near", "far_from", "facing", "against"}
)
_BESIDE = _LATERAL - {"facing", "far_from", "hidden_by"}


_WHOSE = frozenset({"its", "his", "her"})


class Relater:
    """Reads the posts of one member at a time; the last target named takes the next post, as English nests them."""

    def __init__(self, draft: Draft, lexicon: Lexicon, namer: Namer, linker: Linker) -> None:
        self._draft = draft
        self._lexicon = lexicon
        self._namer = namer
        self._linker = linker
        self._verbs = VerbReader(draft, namer, linker, self)
        self._its: Thing | None = None
        self.carrier: Thing | None = None
        """What "it" is in a list that "with" began: "a cat with a bird above it"."""

    def read(
        self, post: Post, subjects: Sequence[Thing], nearest: Thing | None, is_placed: bool = False
    ) -> Thing | None:
        """Apply one post to ``subjects``; returns the target that it named, if any.

        ``is_placed``: what "with" or a verb names is placed by words that follow it.
        """
        if post.kind == "setting" and post.head is not None:
            self._setting(post.head.tag, post.head.value, post.head.text, subjects)
        elif post.kind == "without":
            self._without(post, subjects)
        elif post.kind == "predicate":
            for phrase in post.phrases:
                self.predicate(phrase, subjects)
        elif post.kind == "made":
            made(self._namer, post, subjects, self.predicate)
        elif post.kind == "verb":
            return self._verbs.read(post, subjects, is_placed)
        elif post.kind == "with":
            # What follows the nearest noun is that noun's: "a bicycle against a wall with ivy".
            of_nearest = nearest is not None and nearest.is_shown and not self._is_company(post, subjects, nearest)
            return self._with(post, [nearest] if nearest is not None and of_nearest else subjects, is_placed)
        elif post.kind == "comparison":
            return self._comparison(post, subjects)
        elif post.kind == "relation":
            # Relations nest ("a vase on a table next to two chairs"); the ones to the right describe the nearest noun.
            return self._relation(post, [nearest] if nearest is not None and nearest.is_shown else subjects)
        return None

    def _is_company(self, post: Post, subjects: Sequence[Thing], nearest: Thing) -> bool:
        """ "a man on a bench with a dog": the dog is with the man, where cushions would be the bench's."""
        if not post.phrases or not subjects or not is_alive(subjects[-1]) or is_alive(nearest):
            return False
        lives = self._namer.nouns.kind(self._namer.noun_of(post.phrases[0])) in ("animal", "person", "people")
        return lives and self._draft.relation_between(subjects[-1], nearest) is RelationKind.ON

    def predicate(self, phrase: NounPhrase, subjects: Sequence[Thing]) -> None:
        """ "is red": adjectives said of what was named before; with a noun they name another thing."""
        if phrase.nouns and not any(item.tag == "MATERIAL" for item in phrase.modifiers):
            things_of(self._namer, phrase)
            return
        for thing in subjects:
            self._namer.describe(thing, self._without_numbers(thing, phrase))
        if not subjects and any(item.tag != "DET" for item in phrase.modifiers):
            self._draft.note(phrase.text, "It is not said of anything that is built.")

    def _without_numbers(self, thing: Thing, phrase: NounPhrase) -> list[Tagged]:
        """ "(apples) in a row of five" counts what was not counted; "(a table set) for two" does not."""
        numbers = [item for item in phrase.modifiers if item.tag == "NUM"]
        if not numbers or (thing.plural and not thing.counted):
            return list(phrase.modifiers)
        self._draft.note(" ".join(item.text for item in numbers), "No thing follows this number.")
        return [item for item in phrase.modifiers if item.tag != "NUM"]

    def referred(self, post: Post, subjects: Sequence[Thing]) -> list[Thing]:
        """The things that a pronoun stands for."""
        word = post.pronoun.text.lower() if post.pronoun is not None else ""
        if "other" in word.split(" ") or "another" in word:
            return list(subjects)
        earlier = [thing for thing in self._draft.things if thing not in subjects]
        if self.carrier is not None and self.carrier in earlier:
            return [self.carrier]
        if (post.head is not None and post.head.value == "between") or word == "both":
            return earlier[-2:]
        if word in ("him", "her"):
            # "a man on a bicycle and a dog beside him".
            return [thing for thing in earlier if is_alive(thing)][-1:] or earlier[-1:]
        # "a wheelbarrow full of pumpkins and a scarecrow behind it": no pumpkin.
        wanted = {"it": False, "them": True}.get(word)
        fitting = [thing for thing in earlier if (thing.plural or thing.count > 1) is wanted]
        return fitting[-1:] or earlier[-1:]

    def is_surroundings(self, phrase: NounPhrase, kind: RelationKind) -> bool:
        """Take a place, a floor or a wall as where everything is; False where the phrase names a thing."""
        if not phrase.nouns:
            return False
        noun = self._namer.noun_of(phrase)
        if noun in SURFACES and kind is not RelationKind.NEXT_TO and not self._is_wall(noun, kind):
            apply_surface(self._draft, self._lexicon, phrase, noun)
            return True
        place = self._namer.place_of(phrase)
        if place is None:
            return kind is RelationKind.ON and apply_material(self._draft, self._lexicon, phrase, noun)
        is_thing = kind is not RelationKind.INSIDE and self._namer.has_recipe(noun) and not is_landscape(place, phrase)
        if is_thing or self._is_seen_from_outside(place, noun, kind):
            return False
        if kind.value in _LATERAL and self._draft.place_named and not makes_beach(self._draft, place):
            self._draft.note(noun, "The surroundings are another place already.")
            return True
        apply_place(self._draft, self._lexicon, phrase, place)
        inner = phrase.of
        around = self._namer.place_of(inner) if inner is not None else None
        if inner is not None and around is not None:
            # "on the shore of a misty lake"
            look_of_place(self._draft, self._lexicon, inner)
        elif inner is not None:
            thing = things_of(self._namer, inner)
            if thing is not None and not thing.counted:
                thing.count, thing.arrangement = 7, Arrangement.SCATTER
        return True

    def _is_seen_from_outside(self, place: Mapping[str, object], noun: str, kind: RelationKind) -> bool:
        """ "parked in front of a diner": a house, and nobody is in it."""
        is_house = (
            kind.value in _BESIDE and place.get("kind") == "indoor" and self._namer.nouns.kind(noun) == "building"
        )
        if is_house:
            self._draft.surround(kind=EnvironmentKind.OUTDOOR)
        return is_house

    # -- relations ------------------------------------------------------------------------------------------

    def _relation(self, post: Post, subjects: Sequence[Thing]) -> Thing | None:
        assert post.head is not None
        inverse = isinstance(post.head.value, tuple)
        value: str = post.head.value[1] if inverse else post.head.value
        if post.pronoun is not None:
            self._to_pronoun(value, inverse, post, subjects)
            return None
        phrase = post.phrases[0] if post.phrases else None
        if phrase is None or (not phrase.nouns and phrase.of is None):
            self._unfinished(post, value, phrase, subjects)
            return None
        kind = RelationKind.NEXT_TO if value == "sides" else RelationKind(value.partition(" ")[0])
        if self._is_no_thing(phrase, kind, inverse, subjects):
            return None
        place = self._namer.place_of(phrase)
        if place is not None and not subjects:
            # "sunrise over mountains", "rain on a village": what the words before say of the whole picture is there.
            apply_place(self._draft, self._lexicon, phrase, place)
            return None
        target = things_of(self._namer, phrase)
        if target is None or (
            kind is RelationKind.INSIDE and not inverse and self._linker.dress(target, subjects, post.head.text)
        ):
            return target
        if not subjects:
            self._draft.note(f"{post.head.text} {target.noun}", "It is not said of anything that is built.")
        if inverse and kind is RelationKind.INSIDE and target.plural and not target.counted:
            # "a wheelbarrow full of pumpkins"
            target.count = FILLING
        for subject in subjects:
            self._linker.stand(value, inverse, subject, target)
            if _is_each(phrase):
                distribute(subject, target)
        return target

    def _is_no_thing(self, phrase: NounPhrase, kind: RelationKind, inverse: bool, subjects: Sequence[Thing]) -> bool:
        """Take what names surroundings, a covering, letters or clothes as that."""
        if inverse and kind is RelationKind.ON and is_covering(self._namer, phrase, subjects):
            return True
        if not inverse and self.is_surroundings(phrase, kind):
            if kind is RelationKind.ABOVE:
                for subject in subjects:
                    self._linker.link(kind, subject, [])
            return True
        if is_lettering(self._namer, phrase, subjects):
            return True
        return kind is RelationKind.INSIDE and is_clothing(self._namer, phrase, subjects)

    def _unfinished(self, post: Post, value: str, phrase: NounPhrase | None, subjects: Sequence[Thing]) -> None:
        """A relation to nothing: "in blue", "in a row of five"."""
        assert post.head is not None
        if phrase is not None and phrase.modifiers:
            self.predicate(phrase, subjects)
        elif self.carrier is not None and self.carrier not in subjects:
            # "a table with a lamp on top".
            for subject in subjects:
                self._linker.stand(value, False, subject, self.carrier)
            return
        if value != "inside" or phrase is None:
            self._draft.note(post.head.text, "Nothing follows it that it could refer to.")

    def _to_pronoun(self, value: str, inverse: bool, post: Post, subjects: Sequence[Thing]) -> None:
        targets = self.referred(post, subjects)
        if not targets:
            self._draft.note(f"{post.head.text if post.head else ''} it", "It is not clear what this refers to.")
        each = post.pronoun is not None and "each" in post.pronoun.text.lower()
        if value == "between":
            for subject in subjects:
                self._linker.link(RelationKind.BETWEEN, subject, targets)
            return
        for subject in subjects:
            for target in targets:
                if target is not subject:
                    self._linker.stand(value, inverse, subject, target)
                    if each:
                        distribute(subject, target)
        if len(subjects) == 1 and targets == list(subjects):
            words = f"{post.head.text if post.head else ''} {post.pronoun.text if post.pronoun else ''}"
            self._draft.note(words, "Things of one kind are placed together here.")

    def _is_wall(self, noun: str, kind: RelationKind) -> bool:
        """Whether a wall is a thing that something stands against."""
        return noun == "wall" and kind.value in (_LATERAL - {"behind"}) and self._namer.has_recipe("wall")

    # -- with, without, made, than --------------------------------------------------------------------------

    def _with(self, post: Post, subjects: Sequence[Thing], is_placed: bool) -> Thing | None:
        phrase = post.phrases[0] if post.phrases else NounPhrase()
        if not phrase.nouns:
            self.predicate(phrase, subjects)
            return None
        noun = self._namer.noun_of(phrase)
        subject = subjects[-1] if subjects else None
        if subject is not None and not is_placed and is_own(self._namer, noun, phrase, subject):
            return None
        if noun in SURFACES:
            apply_surface(self._draft, self._lexicon, phrase, noun)
            return None
        place = self._namer.place_of(phrase)
        if place is not None and not self._namer.has_recipe(noun):
            apply_place(self._draft, self._lexicon, phrase, place)
            return None
        target = things_of(self._namer, phrase)
        if target is None or subject is None or is_placed:
            return target
        if target.letters is not None:
            put_on(self._namer, target, subject)
        else:
            self._linker.give(subject, target)
        return target

    def _without(self, post: Post, subjects: Sequence[Thing]) -> None:
        for phrase in post.phrases:
            noun = self._namer.noun_of(phrase)
            if not noun:
                words = " ".join(item.text for item in phrase.modifiers if item.tag != "DET")
                whose = f" {subjects[-1].noun}" if subjects else ""
                self._draft.note(f"not {words}{whose}", "What a thing shall not look like is not understood.")
            elif noun not in self._draft.exclusions:
                self._draft.exclusions.append(noun)

    def _comparison(self, post: Post, subjects: Sequence[Thing]) -> Thing | None:
        target = things_of(self._namer, post.phrases[0]) if post.phrases else None
        targets = [target] if target is not None else self.referred(post, subjects) if post.pronoun else []
        if not targets or post.head is None or not subjects:
            words = " ".join(phrase.text for phrase in post.phrases)
            self._draft.note(f"{post.head.text if post.head else ''} {words}".strip(), "There is nothing to compare.")
            return target
        name, factor = post.head.value
        for subject in subjects:
            if subject.is_shown and targets[0].is_shown:
                self._draft.comparisons.append((subject, targets[0], name, factor))
        return target

    # -- where in the picture -------------------------------------------------------------------------------

    def _setting(self, tag: str, value: Any, text: str, subjects: Sequence[Thing]) -> None:
        if tag == "CAMERA" and value[0] == "animations" and value[1] != "turntable" and subjects:
            move(self._draft, subjects[0], value[1], text)
        elif tag != "POSITION":
            apply_setting(self._draft, tag, value, text)
        elif self.carrier is not None and self.carrier not in subjects and text.lower() in self._lexicon.of_the_carrier:
            for subject in subjects:
                self._linker.stand(self._lexicon.of_the_carrier[text.lower()], False, subject, self.carrier)
        elif (
            _WHOSE & set(text.lower().split(" ")) and value[0] == "picture" and len(self._draft.things) > len(subjects)
        ):
            own = "" if "its" in text.lower().split(" ") else " own"
            self._beside_first(f"{value[1].split(' ')[0]}{own}", subjects)
        else:
            apply_position(self._draft, value, text, subjects, self._linker.link)

    def _beside_first(self, value: str, subjects: Sequence[Thing]) -> None:
        """ "a computer with a lamp to its left": its is what was named just before."""
        if not subjects:
            return
        before = self._draft.things[max(0, self._draft.things.index(subjects[0]) - 1)]
        said = [one.targets[0] for one in self._draft.relations if one.subject == before.id and one.targets]
        # "… a lamp to its left and a cup to its right": both of the same thing.
        if self._its is not None and self._its.id in said:
            before = self._its
        self._its = before
        for subject in subjects:
            self._linker.stand(value, False, subject, before)


def _is_each(phrase: NounPhrase) -> bool:
    return any(item.tag == "DET" and item.text.lower() in ("each", "every") for item in phrase.modifiers)
