"""Verbs ("a dog chasing a ball") → relations, poses and what a still scene loses of them. Any thread."""

from collections.abc import Sequence
from typing import Any, Protocol

from ..models.plan import Facing, RelationKind
from .draft import Draft, Thing
from .naming import Namer
from .phrases import NounPhrase, Post

__all__ = ["VerbReader"]

_ALIVE = ("animal", "people", "person", "bird", "creature", "human", "insect")


class _Relates(Protocol):
    def link(self, kind: RelationKind, subject: Thing, targets: Sequence[Thing]) -> None: ...

    def predicate(self, phrase: NounPhrase, subjects: Sequence[Thing]) -> None: ...


class VerbReader:
    """Reads verbs for a relater, which records what they come to."""

    def __init__(self, draft: Draft, namer: Namer, relater: _Relates) -> None:
        self._draft = draft
        self._namer = namer
        self._relater = relater

    def read(self, post: Post, subjects: Sequence[Thing]) -> Thing | None:
        """Apply a verb and what follows it to ``subjects``; returns what follows, where it is a thing."""
        assert post.head is not None
        entry: dict[str, Any] = post.head.value
        self._pose(entry, post.head.text, subjects)
        phrase = post.phrases[0] if post.phrases else None
        if phrase is None:
            self._alone(entry, post, subjects)
            return None
        target = self._namer.thing(phrase) if phrase.nouns else None
        if target is None:
            self._relater.predicate(phrase, subjects)
            self._alone(entry, post, subjects)
            return None
        for subject in subjects:
            if "inverse" in entry:
                self._relater.link(RelationKind(entry["inverse"]), target, [subject])
            else:
                self._relater.link(RelationKind(entry.get("relation", "next_to")), subject, [target])
            if entry.get("faces") and subject.is_shown and target.is_shown:
                subject.facing = Facing.TARGET
                self._relater.link(RelationKind.FACING, subject, [target])
        shown = entry.get("loses") or ("" if entry else "the action")
        if shown:
            self._draft.note(
                f"{post.head.text} {target.noun}", f"A still scene shows the things together, not {shown}."
            )
        return target

    def _alone(self, entry: dict[str, Any], post: Post, subjects: Sequence[Thing]) -> None:
        assert post.head is not None
        if entry.get("lifts"):
            for subject in subjects:
                self._relater.link(RelationKind.ABOVE, subject, [])
        elif not entry or entry.get("loses"):
            self._draft.note(post.head.text, "This action is not shown.")

    def _pose(self, entry: dict[str, Any], text: str, subjects: Sequence[Thing]) -> None:
        pose = entry.get("pose")
        for subject in subjects:
            if pose is None or subject.match is None:
                continue
            recipe = subject.match.recipe
            if pose in recipe.poses:
                subject.pose = pose
            elif pose in ("sitting", "lying", "moving") and any(word in recipe.category for word in _ALIVE):
                self._draft.note(f"{text} {subject.noun}", "It is shown in its usual pose.")
