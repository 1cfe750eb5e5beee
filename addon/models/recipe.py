"""Recipe: what a thing is made of, as data. Files in ``addon/catalogue/recipes``, read by ``addon.catalogue``.

A recipe never holds code. Units: metres and degrees. A thing stands on z = 0, is centred on x = y = 0 and faces -Y.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from .base import Strict
from .expression import names_in
from .parts import Part

__all__ = ["Form", "Garment", "Joint", "Parameter", "Pose", "Recipe", "Slot", "Surface", "Variant", "expressions_of"]

Size = tuple[
    Annotated[float, Field(gt=0, le=1000)],
    Annotated[float, Field(gt=0, le=1000)],
    Annotated[float, Field(gt=0, le=1000)],
]
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]

SIDES = ("center", "top", "bottom", "left", "right", "front", "back", "origin")
"""What ``to = "part.side"`` may name."""

_SIDES_OF = {False: ("",), True: ("", "_left", "_right")}


class Slot(Strict):
    """A material slot. A colour or material word of the prompt paints the slots with ``paintable``.

    ``"color"`` and ``"material"``: one of the two only, as a bed's blanket and its frame.
    """

    material: str = "plastic"
    color: Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")] = "#c8c8c8"
    paintable: bool | Literal["color", "material"] = False


class Surface(Strict):
    """Where other things can stand (``on``) or go (``in``): a rectangle about ``at``, free above.

    Or where a body wears things: ``head`` is the middle of a hat's rim with the head's width and depth there, ``eyes``
    the point between the eyes, in front of them, with the face's width.
    ``at`` and ``size`` are metres in the finished thing. ``clear`` is the free height above it, where limited.
    ``rim`` is how high the edge of an opening is, where a handle or the like makes the thing higher than that.
    """

    kind: Literal["on", "in", "head", "eyes"] = "on"
    at: tuple[float, float, float]
    size: tuple[float, float]
    clear: float | None = Field(default=None, gt=0)
    rim: float | None = Field(default=None, gt=0)

    @property
    def reach(self) -> tuple[float, float]:
        """How far from the thing's middle it reaches along x and y, in metres; where something is worn, its point."""
        half = 0.5 if self.kind in ("on", "in") else 0.0
        return (abs(self.at[0]) + half * self.size[0], abs(self.at[1]) + half * self.size[1])


class Parameter(Strict):
    """A number that expressions may name. A plan may set it, within its range."""

    default: float
    min: float
    max: float

    @model_validator(mode="after")
    def _default_in_range(self) -> "Parameter":
        if not self.min <= self.default <= self.max:
            raise ValueError(f"default {self.default} must lie between min {self.min} and max {self.max}")
        return self


class Form(Strict):
    """Another form of the thing: what differs. Parts name it in ``only`` to exist in it alone."""

    size: Size | None = None
    surfaces: dict[Identifier, Surface] | None = None
    parameters: dict[str, float] = {}


class Variant(Form):
    """A form chosen by a shape word of the prompt (``words``), by name, or by the seed in proportion to ``weight``.

    The first variant is the one that is built where nothing chooses. ``weight = 0``: only when asked for.
    """

    name: Identifier
    words: list[str] = []
    weight: float = Field(default=1.0, ge=0)


class Joint(Strict):
    """Where a body bends: ``path`` is the bone as [x, y, z, radius] points, the first of them what it turns about.

    ``of`` is the joint that carries it. A bone off the middle plane is there on both sides, and its joint is
    called ``NAME_left`` (-X) and ``NAME_right`` too. ``soft`` is how far from the joint the surface bends, in metres.
    """

    path: list[tuple[float, float, float, Annotated[float, Field(gt=0)]]] = Field(min_length=2, max_length=12)
    of: Identifier | None = None
    soft: float | None = Field(default=None, gt=0)

    @property
    def paired(self) -> bool:
        """Whether it is there on both sides."""
        return any(abs(point[0]) > 1e-6 for point in self.path)


Turn = tuple[float, float, float]


class Pose(Form):
    """A form in which joints are turned: ``turn`` by the joint's name, degrees about x, y, z in the recipe's frame.

    A paired joint's name turns both sides, mirrored. ``rotate`` turns the whole thing after that. ``seat`` is the
    point of the finished thing that rests on a seat, in metres; what is below it hangs before the seat.
    """

    turn: dict[Identifier, Turn] = {}
    rotate: Turn = (0, 0, 0)
    seat: tuple[float, float, float] | None = None


class Garment(Strict):
    """What a body may wear, or how its hair is: ``words`` of prompts for it, and the slots that take its colour and
    material. Parts name it in ``only`` or ``unless``; it does not change the thing's size."""

    words: list[str] = []
    like: list[str] = Field(default=[], description="Words for what looks otherwise and is shown by it, which is told")
    paints: list[Identifier] = Field(default=[], max_length=8)
    above: float = Field(default=0, ge=0, le=2, description="How far it reaches above the top of the thing, in metres")


class Recipe(Strict):
    """One thing. ``size`` is the finished thing's bounding box (x, y, z) in metres: the parts are fitted to it."""

    schema_version: Literal[1] = 1
    name: Identifier
    synonyms: list[str] = []
    category: str = "thing"
    size: Size
    slots: dict[Identifier, Slot] = Field(min_length=1)
    surfaces: dict[Identifier, Surface] = {}
    parameters: dict[Identifier, Parameter] = {}
    variants: list[Variant] = Field(default=[], max_length=40)
    joints: dict[Identifier, Joint] = Field(default={}, max_length=40)
    poses: dict[Identifier, Pose] = {}
    garments: dict[Identifier, Garment] = Field(default={}, max_length=60)
    parts: list[Part] = Field(min_length=1, max_length=400)

    @property
    def takes_text(self) -> bool:
        """Whether words that the prompt asks for have a place on it: the plan's parameter ``text``."""
        return any(part.shape == "text" and part.room is not None for part in self.parts)

    @model_validator(mode="after")
    def _names_are_known(self) -> "Recipe":
        self._check_forms()
        self._check_joints()
        seen: dict[str, Any] = {}
        cutters = {part.name for part in self.parts if part.cutter}
        forms = {variant.name for variant in self.variants} | set(self.poses) | set(self.garments)
        for part in self.parts:
            where = f"part {part.name!r}"
            # Parts of different variants may share a name, so that anchors need not know the variant.
            if part.name in seen and not (part.only and seen[part.name].only):
                raise ValueError(f"{where}: the name is used twice")
            if part.slot not in self.slots:
                raise ValueError(_unknown(f"{where}: slot", part.slot, self.slots))
            for cutter in part.cut:
                if cutter not in cutters:
                    raise ValueError(_unknown(f"{where}: cut", cutter, cutters))
            for field, named in (("only", part.only), ("unless", part.unless)):
                for form in named:
                    if form not in forms:
                        raise ValueError(_unknown(f"{where}: {field}", form, forms))
            for field, named in (("joint", [part.joint] if part.joint is not None else []), ("apart", part.apart)):
                for joint in named:
                    if joint not in self.joints:
                        raise ValueError(_unknown(f"{where}: {field}", joint, self.joints))
            self._check_references(part, where, seen)
            seen[part.name] = part
        return self

    def _check_references(self, part: Any, where: str, seen: dict[str, Any]) -> None:
        if part.to is not None:
            name, _, side = part.to.partition(".")
            if name not in seen:
                raise ValueError(_unknown(f"{where}: to", name, seen))
            if side not in SIDES:
                raise ValueError(_unknown(f"{where}: to: side", side, SIDES))
        source = getattr(part, "of", None)
        if source is not None and (source not in seen or seen[source].shape != "blend"):
            blends = [name for name, other in seen.items() if other.shape == "blend"]
            raise ValueError(_unknown(f"{where}: of", source, blends))
        for text in expressions_of(part):
            for name in sorted(names_in(text) - set(self.parameters)):
                raise ValueError(_unknown(f"{where}: {text!r}: parameter", name, self.parameters))

    def _check_joints(self) -> None:
        known: set[str] = set()
        for name, joint in self.joints.items():
            # A carrier stands before what it carries, so there is no circle.
            if joint.of is not None and joint.of not in known:
                raise ValueError(_unknown(f"joint {name!r}: of", joint.of, known))
            if joint.of is not None and self.joints[joint.of].paired and not joint.paired:
                raise ValueError(f"joint {name!r}: is in the middle, so a paired joint cannot carry it")
            known.add(name)
        turnable = {f"{name}{side}" for name, joint in self.joints.items() for side in _SIDES_OF[joint.paired]}
        for name, pose in self.poses.items():
            for joint_name in pose.turn:
                if joint_name not in turnable:
                    raise ValueError(_unknown(f"pose {name!r}: turn", joint_name, turnable))

    def _check_forms(self) -> None:
        named: list[tuple[str, Form]] = [(f"variant {form.name!r}", form) for form in self.variants]
        named += [(f"pose {name!r}", form) for name, form in self.poses.items()]
        if len({name for name, _ in named}) < len(named):
            raise ValueError("variants: names must differ")
        taken = {variant.name for variant in self.variants} | set(self.poses)
        for name, garment in self.garments.items():
            if name in taken:
                raise ValueError(f"garment {name!r}: a variant or pose is called so")
            for slot in garment.paints:
                if slot not in self.slots:
                    raise ValueError(_unknown(f"garment {name!r}: paints", slot, self.slots))
        for where, form in named:
            for name, value in form.parameters.items():
                if name not in self.parameters:
                    raise ValueError(_unknown(f"{where}: parameter", name, self.parameters))
                known = self.parameters[name]
                if not known.min <= value <= known.max:
                    raise ValueError(f"{where}: {name} must be from {known.min} to {known.max}")


def _unknown(where: str, name: str, allowed: Any) -> str:
    return f"{where} {name!r} is unknown; allowed: {', '.join(sorted(allowed)) or 'none'}"


_TEXTS = {
    "name",
    "slot",
    "to",
    "pivot",
    "cut",
    "mirror",
    "only",
    "unless",
    "shape",
    "text",
    "of",
    "axis",
    "joint",
    "apart",
}


def expressions_of(part: Part) -> Iterator[str]:
    """Every text in a part that stands for a number."""
    stack = [value for name, value in part if name not in _TEXTS and not (part.shape == "extrude" and name == "path")]
    while stack:
        value = stack.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, list | tuple):
            stack.extend(value)
        elif isinstance(value, Strict):
            stack.extend(inner for name, inner in value if name not in _TEXTS)
