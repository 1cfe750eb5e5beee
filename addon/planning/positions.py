"""Where in the picture, how arranged, facing whither: phrases without a target → a draft. Pure, any thread."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol

from ..models.plan import Arrangement, EnvironmentKind, Facing, RelationKind
from .draft import Draft, Thing

__all__ = ["apply_position"]


class _Link(Protocol):
    def __call__(self, kind: RelationKind, subject: Thing, targets: Sequence[Thing]) -> None: ...


def apply_position(draft: Draft, value: tuple[str, str], text: str, subjects: Sequence[Thing], link: _Link) -> None:
    """One phrase such as "in a row", "facing left", "in the top left corner"; ``value`` is the lexicon's."""
    table, name = value
    if table == "arranged":
        _arrange(draft, Arrangement(name), text, subjects, link)
    elif table == "facing":
        for subject in subjects:
            subject.facing = Facing(name)
    elif name == "next_to":
        _side_by_side(subjects, link)
    elif name == "around":
        for subject in subjects:
            subject.arrangement = Arrangement.RING
    else:
        if "sky" in text and draft.environment.kind is EnvironmentKind.STUDIO:
            draft.surround(kind=EnvironmentKind.OUTDOOR)
        for subject in subjects:
            for kind in name.split(" "):
                link(RelationKind(kind), subject, [])


def _arrange(draft: Draft, how: Arrangement, text: str, subjects: Sequence[Thing], link: _Link) -> None:
    """Things of one kind take the arrangement; one each of several stand in a row or on each other by relations."""
    kind = {Arrangement.ROW: RelationKind.LEFT_OF, Arrangement.STACK: RelationKind.ON}.get(how)
    if len(subjects) < 2 or any(subject.count > 1 for subject in subjects):
        for subject in subjects:
            subject.arrangement = how
    elif kind is not None:
        for first, second in pairwise(subjects):
            link(kind, first, [second])
    else:
        draft.note(text, "Different things are not arranged like this here.")


def _side_by_side(subjects: Sequence[Thing], link: _Link) -> None:
    """Things of one kind in a row; two kinds beside each other."""
    for subject in subjects:
        if subject.count > 1:
            subject.arrangement = Arrangement.ROW
    for first, second in pairwise(subjects):
        link(RelationKind.NEXT_TO, first, [second])
