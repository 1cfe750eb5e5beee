"""Verbs ("a dog chasing a ball") → relations, poses and what a still scene loses of them. Any thread."""

from collections.abc import Sequence
from typing import Any, Protocol

from ..models.plan import EnvironmentKind, Facing, RelationKind, TimeOfDay
from .belongings import is_clothing
from .draft import Draft, Thing
from .linking import Linker
from .naming import Namer
from .phrases import NounPhrase, Post
from .poses import take_pose
from .wholes import things_of

__all__ = ["VerbReader"]


_HOLDING = ("holding", "holds", "carrying", "carries")
_HOLDERS = frozenset({"tableware", "furniture", "household"})


class _Relates(Protocol):
    def predicate(self, phrase: NounPhrase, subjects: Sequence[Thing]) -> None: ...

    def is_surroundings(self, phrase: NounPhrase, kind: RelationKind) -> bool: ...

    def referred(self, post: Post, subjects: Sequence[Thing]) -> list[Thing]: ...


def _holds_things(thing: Thing) -> bool:
    return thing.match is not None and thing.match.recipe.category in _HOLDERS


class VerbReader:
    """Reads verbs for a relater, which records what they come to."""

    def __init__(self, draft: Draft, namer: Namer, linker: Linker, relater: _Relates) -> None:
        self._draft = draft
        self._namer = namer
        self._linker = linker
        self._relater = relater

    def read(self, post: Post, subjects: Sequence[Thing], is_placed: bool) -> Thing | None:
        """Apply a verb and what follows it to ``subjects``; returns what follows, where it is a thing.

        ``is_placed``: other words say where they are.
        """
        assert post.head is not None
        entry: dict[str, Any] = post.head.value
        if entry.get("lifts") and post.phrases and not self._namer.place_of(post.phrases[0]):
            # "flying a kite" is no flying.
            entry = {"relation": "next_to", "faces": True, "loses": "the action"}
        for subject in subjects:
            take_pose(self._draft, subject, entry, post.head.text)
        if "time" in entry and any(subject.noun == "sun" for subject in subjects):
            self._draft.surround(kind=EnvironmentKind.OUTDOOR, time=TimeOfDay(entry["time"]))
        kind = RelationKind(entry.get("relation", "next_to"))
        phrase = post.phrases[0] if post.phrases else None
        if post.pronoun is not None:
            for target in self._relater.referred(post, subjects):
                self._act(entry, kind, subjects, target)
            self._tell(entry, post.head.text, "")
        elif phrase is None:
            self._alone(entry, post.head.text, subjects, is_placed)
        elif self._relater.is_surroundings(phrase, kind):
            if entry.get("lifts"):
                self._lift(entry, subjects)
        elif entry.get("inverse") != "on" or not is_clothing(self._namer, phrase, subjects):
            return self._on_thing(post, phrase, entry, subjects, is_placed)
        return None

    def _on_thing(
        self, post: Post, phrase: NounPhrase, entry: dict[str, Any], subjects: Sequence[Thing], is_placed: bool
    ) -> Thing | None:
        """A verb and the thing that it is done to."""
        text = post.head.text if post.head is not None else ""
        target = things_of(self._namer, phrase) if phrase.nouns else None
        if target is None:
            self._relater.predicate(phrase, subjects)
            self._alone(entry, text, subjects, is_placed)
            return None
        if not target.is_shown:
            self._draft.note(f"{text} {target.noun}", f"The {target.noun} is not built.")
        elif text.lower().startswith(_HOLDING) and subjects and all(map(_holds_things, subjects)):
            # "a tray holding three cups".
            for subject in subjects:
                self._linker.give(subject, target)
        elif entry.get("inverse") != "on" or not self._linker.dress(target, subjects, text):
            self._act(entry, RelationKind(entry.get("relation", "next_to")), subjects, target)
            if entry.get("both"):
                take_pose(self._draft, target, entry, text)
            self._tell(entry, text, target.noun)
        return target

    def _act(self, entry: dict[str, Any], kind: RelationKind, subjects: Sequence[Thing], target: Thing) -> None:
        for subject in subjects:
            if "inverse" in entry:
                self._linker.link(RelationKind(entry["inverse"]), target, [subject])
            else:
                self._linker.link(kind, subject, [target])
            if entry.get("faces") and subject.is_shown and target.is_shown and subject is not target:
                subject.facing = Facing.TARGET
                self._linker.link(RelationKind.FACING, subject, [target])

    def _tell(self, entry: dict[str, Any], text: str, target: str) -> None:
        lost = entry.get("loses") or ("" if entry else "the action")
        if lost:
            self._draft.note(f"{text} {target}".strip(), f"A still scene shows the things together, not {lost}.")

    def _alone(self, entry: dict[str, Any], text: str, subjects: Sequence[Thing], is_placed: bool) -> None:
        if entry.get("lifts") and not is_placed:
            self._lift(entry, subjects)
        elif not entry or entry.get("loses") or (not entry.get("poses") and not entry.get("still")):
            self._draft.note(text, "This action is not shown.")

    def _lift(self, entry: dict[str, Any], subjects: Sequence[Thing]) -> None:
        if "place" in entry and self._draft.environment.kind is EnvironmentKind.STUDIO:
            self._draft.surround(kind=EnvironmentKind(entry["place"]))
        for subject in subjects:
            self._linker.link(RelationKind.ABOVE, subject, [])
