"""A plan in the making: what the reader of a prompt fills and the planner turns into a ScenePlan. Any thread."""

from dataclasses import dataclass, field
from typing import Any

from ..models.plan import (
    AnimationTrack,
    Arrangement,
    Camera,
    Environment,
    Facing,
    Frame,
    Ground,
    NotBuilt,
    Relation,
    RelationKind,
    Style,
    Worn,
)
from .nouns import Match

__all__ = ["Draft", "Paint", "Thing"]

NAMED_LIMIT = 120
"""Words of a note beyond this are cut: a note is for people."""


@dataclass(frozen=True)
class Paint:
    """A colour and the words that asked for it."""

    name: str
    hex: str


@dataclass
class Thing:
    """One kind of thing the prompt names; ``match`` None: not built; ``letters``: solid letters instead.

    ``said`` are the prompt's words about it, for telling what was lost where it is not built. ``variant``: a form of
    its recipe that the prompt's words ask for; ``words``: what is written on it. ``split``: it was taken from a
    larger count.
    """

    id: str
    noun: str
    match: Match | None = None
    letters: str | None = None
    logo: bool = False
    variant: str | None = None
    words: str | None = None
    split: bool = False
    count: int = 1
    counted: bool = False
    plural: bool = False
    scale: float = 1.0
    size_m: float | None = None
    paints: list[Paint] = field(default_factory=list)
    material: str | None = None
    pattern: str | None = None
    shape: str | None = None
    arrangement: Arrangement = Arrangement.AUTO
    facing: Facing = Facing.VIEWER
    pose: str | None = None
    wears: list[Worn] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    @property
    def is_shown(self) -> bool:
        """Whether it will stand in the scene."""
        return self.match is not None or self.letters is not None

    @property
    def extent(self) -> float:
        """Its largest side in metres, as the prompt asks for it; 0 where it is not built."""
        if self.letters is not None:
            return 1.0
        if self.match is None:
            return 0.0
        return self.size_m or max(self.match.recipe.size) * self.scale


@dataclass
class Draft:
    """Everything read so far, in the prompt's order. ``open_water``: what is afloat is on it, and not under water."""

    things: list[Thing] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    environment: Environment = field(default_factory=Environment)
    ground: Ground = field(default_factory=Ground)
    style: Style = Style.REALISTIC
    camera: Camera = field(default_factory=Camera)
    animation: list[AnimationTrack] = field(default_factory=list)
    exclusions: list[str] = field(default_factory=list)
    notes: list[NotBuilt] = field(default_factory=list)
    shows: list[str] = field(default_factory=list)
    comparisons: list[tuple[Thing, Thing, str, float]] = field(default_factory=list)
    surroundings: list[str] = field(default_factory=list)
    surroundings_named: bool = False
    place_named: bool = False
    hour_named: bool = False
    place_is_subject: bool = False
    open_water: bool = False

    def note(self, text: str, reason: str, substitute: str | None = None) -> None:
        """Tell the user that words had no effect, or less than they ask for; the same note is made once."""
        said = NotBuilt(text=text[:NAMED_LIMIT], reason=reason, substitute=substitute)
        if said not in self.notes:
            self.notes.append(said)

    def new_id(self, noun: str) -> str:
        """An id that nothing has yet, made of the noun."""
        letters = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in noun.lower())
        base = letters.strip("_")[:40] or "thing"
        taken = {thing.id for thing in self.things}
        number = 1
        while (name := base if number == 1 else f"{base}_{number}") in taken:
            number += 1
        return name

    def relate(self, kind: RelationKind, subject: Thing, *targets: Thing, frame: Frame = Frame.PICTURE) -> None:
        """Add a relation once; the same thing cannot stand in a relation to itself."""
        if any(target.id == subject.id for target in targets):
            return
        relation = Relation(kind=kind, subject=subject.id, targets=[target.id for target in targets], frame=frame)
        if relation not in self.relations:
            self.relations.append(relation)

    def relation_between(self, subject: Thing, target: Thing) -> RelationKind | None:
        """The relation that was last read of one thing to another, and to nothing else."""
        pair = (subject.id, [target.id])
        kinds = [one.kind for one in self.relations if (one.subject, one.targets) == pair]
        return kinds[-1] if kinds else None

    def surround(self, **values: Any) -> None:
        """Set fields of the environment."""
        self.environment = self.environment.model_copy(update=values)
        self.surroundings_named = True
        self.hour_named = self.hour_named or "time" in values

    def show_around(self, noun: str) -> None:
        """Remember what the prompt calls its ground or sky."""
        if noun not in self.surroundings:
            self.surroundings.append(noun)

    def see(self, **values: Any) -> None:
        """Set fields of the camera."""
        self.camera = self.camera.model_copy(update=values)

    def floor(self, **values: Any) -> None:
        """Set fields of the ground."""
        self.ground = self.ground.model_copy(update=values)
