"""Relations between things of a draft, as they come to be recorded. Any thread."""

from collections.abc import Sequence

from ..models.plan import Frame, RelationKind
from .belongings import carried, has_place_for, is_worn
from .draft import Draft, Thing
from .naming import Namer
from .poses import is_alive, sit_down

__all__ = ["Linker", "distribute"]

_RING = 6
_BAREHEADED = "bareheaded"
"""The variant without a hat of its own, of recipes that have one."""
_MOVERS = frozenset({"animal", "person", "vehicle", "toy"})


class Linker:
    """Records relations in one draft, and tells the user of those to things that are not built."""

    def __init__(self, draft: Draft, namer: Namer) -> None:
        self._draft = draft
        self._namer = namer

    def link(self, kind: RelationKind, subject: Thing, targets: Sequence[Thing], frame: Frame = Frame.PICTURE) -> None:
        """Record a relation between built things; about others the user is told."""
        if kind is RelationKind.AROUND and subject.plural and not subject.counted:
            subject.count = _RING
        if kind is RelationKind.AROUND and _is_one_mover(subject):
            # "a train going around a tree" is one train.
            kind = RelationKind.IN_FRONT_OF
        for thing in (subject, *targets):
            if not thing.is_shown:
                words = kind.value.replace("_", " ")
                self._draft.note(
                    f"{subject.noun} {words} {targets[0].noun if targets else ''}".strip(),
                    f"The {thing.noun} is not built.",
                )
                return
        if kind is RelationKind.INSIDE and targets and not _has_surface(targets[0], "in"):
            # "at the centre of a table", "in a chair".
            kind = RelationKind.ON if _has_surface(targets[0], "on") else kind
        if kind is RelationKind.ON and targets:
            sit_down(subject, targets[0], self._namer.lexicon.seats)
        self._draft.relate(kind, subject, *targets, frame=frame)

    def stand(self, value: str, inverse: bool, subject: Thing, target: Thing) -> None:
        """ "subject value target", or the other way round; "sides" are one on the left, one on the right."""
        first, other = (target, subject) if inverse else (subject, target)
        if value == "sides":
            second = self._namer.sibling(first, ())
            second.count = first.count // 2 if first.counted and first.count > 1 else 1
            first.count = max(1, first.count - second.count) if first.counted else 1
            second.paints, second.pattern = list(first.paints), first.pattern
            self.link(RelationKind.LEFT_OF, first, [other])
            self.link(RelationKind.RIGHT_OF, second, [other])
            return
        name, _, own = value.partition(" ")
        has_sides = is_alive(other) or (other.match is not None and other.match.recipe.category == "vehicle")
        self.link(RelationKind(name), first, [other], Frame.OBJECT if own and has_sides else Frame.PICTURE)

    def give(self, carrier: Thing, thing: Thing) -> None:
        """What "with" says of the two: worn, on it, in it or beside it."""
        if not self.put_on(thing, [carrier]):
            self.link(carried(self._namer, carrier, thing), thing, [carrier])

    def dress(self, worn: Thing, bodies: Sequence[Thing], said: str) -> bool:
        """ "A penguin in a santa hat", "a dog in a scarf": none is inside of what it wears, and what has no place on it
        lies beside it. False where nobody wears it. ``said``: the word for it, for telling that."""
        if self.put_on(worn, bodies):
            return True
        if not bodies or not is_worn(worn) or not all(map(is_alive, bodies)):
            return False
        for body in bodies:
            self.link(RelationKind.NEXT_TO, worn, [body])
        self._draft.note(f"{said} {worn.noun}", "A still scene shows the things together, not the fit.")
        return True

    def put_on(self, worn: Thing, bodies: Sequence[Thing]) -> bool:
        """Put a hat or glasses on each of ``bodies``; False where one has no place for it. Who wears it is remembered:
        the next part of the list may be theirs too."""
        if not bodies or not all(has_place_for(self._namer, body, worn.noun) for body in bodies):
            return False
        for number, body in enumerate(bodies):
            own = worn if number == 0 else self._namer.sibling(worn, ())
            own.paints, own.pattern = list(worn.paints), worn.pattern
            if len(bodies) > 1 or not own.counted:
                own.count, own.counted = body.count, True
            if self._namer.lexicon.worn_on(worn.noun) == "head":
                body.variant = _BAREHEADED
            self.link(RelationKind.ON, own, [body])
        self._namer.dressed = list(bodies)
        return True


def distribute(thing: Thing, over: Thing) -> None:
    """ "a cup on each of three tables" are three cups."""
    if over.count > 1:
        thing.count = min(200, max(1, thing.count) * over.count)
        thing.counted = True


def _is_one_mover(thing: Thing) -> bool:
    """Whether it is a single thing that may go around another, but cannot stand all around it."""
    return thing.count == 1 and thing.match is not None and thing.match.recipe.category in _MOVERS


def _has_surface(thing: Thing, kind: str) -> bool:
    return thing.match is not None and any(
        surface.kind == kind and name != "under" for name, surface in thing.match.recipe.surfaces.items()
    )
