"""What follows a noun ("on a table", "chasing a ball", "without a hat") → relations of a draft. Any thread."""

from collections.abc import Sequence
from typing import Any

from ..models.plan import AnimationTrack, Arrangement, EnvironmentKind, Facing, RelationKind
from .draft import Draft, Thing
from .lexicon import Lexicon
from .naming import Namer
from .phrases import NounPhrase, Post
from .settings import apply_material, apply_place, apply_setting, apply_surface
from .verbs import VerbReader

__all__ = ["Relater"]

_LATERAL = frozenset(
    {"left_of", "right_of", "in_front_of", "behind", "hidden_by", "next_to", "near", "far_from", "facing", "against"}
)
_SURFACES = frozenset({"floor", "ground", "surface", "background", "backdrop", "wall"})
_RING = 6


class Relater:
    """Reads the posts of one member at a time; the last target named takes the next post, as English nests them."""

    def __init__(self, draft: Draft, lexicon: Lexicon, namer: Namer) -> None:
        self._draft = draft
        self._lexicon = lexicon
        self._namer = namer
        self._verbs = VerbReader(draft, namer, self)
        self._its: Thing | None = None

    def read(
        self, post: Post, subjects: Sequence[Thing], nearest: Thing | None, is_placed: bool = False
    ) -> Thing | None:
        """Apply one post to ``subjects``; returns the target that it named, if any.

        ``is_placed``: what "with" names is placed by words that follow it.
        """
        if post.kind == "setting" and post.head is not None:
            self._setting(post.head.tag, post.head.value, post.head.text, subjects)
        elif post.kind == "without":
            self._without(post)
        elif post.kind in ("predicate", "made"):
            for phrase in post.phrases:
                self.predicate(phrase, subjects)
        elif post.kind == "verb":
            return self._verbs.read(post, subjects)
        elif post.kind == "with":
            return self._with(post, subjects, is_placed)
        elif post.kind == "comparison":
            return self._comparison(post, subjects)
        elif post.kind == "relation":
            # Relations nest ("a vase on a table next to two chairs"); the ones to the right describe the nearest noun.
            return self._relation(post, [nearest] if nearest is not None and nearest.is_shown else subjects)
        return None

    def predicate(self, phrase: NounPhrase, subjects: Sequence[Thing]) -> None:
        """ "is red": adjectives said of what was named before; with a noun they name another thing."""
        if phrase.nouns and not any(item.tag == "MATERIAL" for item in phrase.modifiers):
            self._namer.thing(phrase)
            return
        for thing in subjects:
            self._namer.describe(thing, phrase.modifiers)
        if not subjects:
            self._draft.note(phrase.text, "It is not said of anything that is built.")

    def link(self, kind: RelationKind, subject: Thing, targets: Sequence[Thing]) -> None:
        """Record a relation between built things; about others the user is told."""
        if kind is RelationKind.AROUND and subject.plural and not subject.counted:
            subject.count = _RING
        for thing in (subject, *targets):
            if not thing.is_shown:
                words = kind.value.replace("_", " ")
                self._draft.note(
                    f"{subject.noun} {words} {targets[0].noun if targets else ''}".strip(),
                    f"The {thing.noun} is not built.",
                )
                return
        self._draft.relate(kind, subject, *targets)

    # -- kinds of posts -------------------------------------------------------------------------------------

    def _relation(self, post: Post, subjects: Sequence[Thing]) -> Thing | None:
        assert post.head is not None
        inverse = isinstance(post.head.value, tuple)
        kind = RelationKind(post.head.value[1] if inverse else post.head.value)
        if post.pronoun is not None:
            self._to_pronoun(kind, subjects)
            return None
        phrase = post.phrases[0] if post.phrases else None
        if phrase is None or (not phrase.nouns and phrase.of is None):
            if phrase is not None and phrase.modifiers:
                self.predicate(phrase, subjects)
            if kind is not RelationKind.INSIDE or phrase is None:
                self._draft.note(post.head.text, "Nothing follows it that it could refer to.")
            return None
        if self._is_surroundings(phrase, kind) or self._is_lettering(phrase, subjects):
            return None
        if kind is RelationKind.INSIDE and self._is_clothing(phrase):
            return None
        target = self._namer.thing(phrase)
        if target is None:
            return None
        if not subjects:
            self._draft.note(f"{post.head.text} {target.noun}", "It is not said of anything that is built.")
        for subject in subjects:
            if inverse:
                self.link(kind, target, [subject])
            else:
                self.link(kind, subject, [target])
        return target

    def _to_pronoun(self, kind: RelationKind, subjects: Sequence[Thing]) -> None:
        earlier = [thing for thing in self._draft.things if thing not in subjects and thing.is_shown]
        if kind is RelationKind.BETWEEN:
            targets = earlier[-2:]
        else:
            targets = earlier[-1:] if self._draft.things[-1] in subjects else self._draft.things[:1]
        for subject in subjects:
            if targets:
                self.link(kind, subject, targets)

    def _is_surroundings(self, phrase: NounPhrase, kind: RelationKind) -> bool:
        if not phrase.nouns:
            return False
        head = phrase.nouns[-1]
        noun = self._namer.noun_of(phrase)
        if noun in _SURFACES and kind is not RelationKind.NEXT_TO:
            apply_surface(self._draft, self._lexicon, phrase, noun)
            return True
        if not isinstance(head.value, dict):
            return kind is RelationKind.ON and apply_material(self._draft, self._lexicon, phrase, noun)
        if kind.value in _LATERAL and self._namer.has_recipe(noun):
            return False
        if kind.value in _LATERAL and self._draft.surroundings_named:
            self._draft.note(noun, "The surroundings are another place already.")
            return True
        apply_place(self._draft, self._lexicon, phrase, head.value)
        if phrase.of is not None:
            thing = self._namer.thing(phrase.of)
            if thing is not None and not thing.counted:
                thing.count, thing.arrangement = 7, Arrangement.SCATTER
        return True

    def _is_lettering(self, phrase: NounPhrase, subjects: Sequence[Thing]) -> bool:
        """ "HELLO" in golden letters: words about the letters that were just named."""
        if any(item.tag != "LOGO" for item in phrase.nouns) or phrase.of is not None:
            return False
        letters = [thing for thing in subjects if thing.letters is not None]
        for thing in letters:
            self._namer.describe(thing, phrase.modifiers)
        return bool(letters)

    def _is_clothing(self, phrase: NounPhrase) -> bool:
        if self._namer.noun_of(phrase).rpartition(" ")[2] not in self._lexicon.clothes:
            return False
        words = " ".join(item.text for item in (*phrase.modifiers, *phrase.nouns) if item.tag != "DET")
        self._draft.note(words, "People are built in their usual clothes.")
        return True

    def _with(self, post: Post, subjects: Sequence[Thing], is_placed: bool) -> Thing | None:
        if not post.phrases:
            return None
        phrase = post.phrases[0]
        if not phrase.nouns:
            self.predicate(phrase, subjects)
            return None
        noun = self._namer.noun_of(phrase)
        if noun in _SURFACES:
            apply_surface(self._draft, self._lexicon, phrase, noun)
            return None
        target = self._namer.thing(phrase)
        if target is None or not subjects or is_placed:
            return target
        subject = subjects[-1]
        if target.letters is not None:
            self.link(RelationKind.IN_FRONT_OF, target, [subject])
        else:
            self.link(self.carried(subject, target), target, [subject])
        return target

    def carried(self, carrier: Thing, thing: Thing) -> RelationKind:
        """How ``thing`` stands to ``carrier`` when the prompt only says "with"."""
        surfaces = carrier.match.recipe.surfaces.items() if carrier.match else ()
        fits = thing.extent <= carrier.extent * 0.8
        stands_in = thing.extent <= carrier.extent * 1.6
        if fits and any(surface.kind == "on" for _, surface in surfaces):
            return RelationKind.ON
        if stands_in and any(name != "under" and surface.kind == "in" for name, surface in surfaces):
            return RelationKind.INSIDE
        return RelationKind.NEXT_TO

    def _without(self, post: Post) -> None:
        for phrase in post.phrases:
            noun = self._namer.noun_of(phrase) or phrase.text
            if noun and noun not in self._draft.exclusions:
                self._draft.exclusions.append(noun)

    def _comparison(self, post: Post, subjects: Sequence[Thing]) -> Thing | None:
        target = self._namer.thing(post.phrases[0]) if post.phrases else None
        if target is None or post.head is None or not subjects:
            words = " ".join(phrase.text for phrase in post.phrases)
            self._draft.note(f"{post.head.text if post.head else ''} {words}".strip(), "There is nothing to compare.")
            return target
        name, factor = post.head.value
        for subject in subjects:
            if subject.is_shown and target.is_shown:
                self._draft.comparisons.append((subject, target, name, factor))
        return target

    def _beside_first(self, kind: RelationKind, subjects: Sequence[Thing]) -> None:
        """ "a computer with a lamp to its left": its is what was named just before."""
        before = self._draft.things[max(0, self._draft.things.index(subjects[0]) - 1)]
        said = [one.targets[0] for one in self._draft.relations if one.subject == before.id and one.targets]
        # "… a lamp to its left and a cup to its right": both of the same thing.
        if self._its is not None and self._its.id in said:
            before = self._its
        self._its = before
        for subject in subjects:
            self.link(kind, subject, [before])

    # -- where in the picture -------------------------------------------------------------------------------

    def _setting(self, tag: str, value: Any, text: str, subjects: Sequence[Thing]) -> None:
        if tag == "CAMERA" and value[0] == "animations" and value[1] != "turntable" and subjects:
            track = {"kind": value[1], "target": subjects[0].id, "seconds": 2.0}
            self._draft.animation.append(AnimationTrack.model_validate(track))
        elif tag != "POSITION":
            apply_setting(self._draft, tag, value, text)
        elif value[0] == "arranged":
            for subject in subjects:
                subject.arrangement = Arrangement(value[1])
        elif value[0] == "facing":
            for subject in subjects:
                subject.facing = Facing(value[1])
        elif value[1] in ("next_to", "around"):
            for subject in subjects:
                subject.arrangement = Arrangement.ROW if value[1] == "next_to" else Arrangement.RING
        else:
            if "its" in text.split(" ") and len(self._draft.things) > len(subjects):
                self._beside_first(RelationKind(value[1]), subjects)
                return
            if "sky" in text and self._draft.environment.kind is EnvironmentKind.STUDIO:
                self._draft.surround(kind=EnvironmentKind.OUTDOOR)
            for subject in subjects:
                self.link(RelationKind(value[1]), subject, [])
