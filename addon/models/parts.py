"""Parts of a recipe: solids, where they are, and what is done to them. Data only.

Units: metres and degrees. Where a number is expected, a string is arithmetic over the recipe's parameters
(``expression``). Every solid comes out closed, with outward normals.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from .base import Strict
from .expression import names_in

__all__ = [
    "Array",
    "Ball",
    "Blend",
    "Box",
    "Capsule",
    "Cone",
    "Cylinder",
    "Displace",
    "Extrude",
    "Hull",
    "Lathe",
    "Limb",
    "Number",
    "Part",
    "PartBase",
    "Point",
    "Sphere",
    "TextSolid",
    "Torus",
    "Tube",
    "Vector",
]


def _is_expression(text: str) -> str:
    names_in(text)
    return text


Finite = Annotated[float, Field(allow_inf_nan=False, ge=-10_000, le=10_000)]
Number = Finite | Annotated[str, AfterValidator(_is_expression)]
"""A number, or arithmetic over parameters."""
Vector = tuple[Number, Number, Number]
Point = tuple[Number, Number]
Pivot = Literal["center", "bottom", "top", "origin"]


class Array(Strict):
    """Copies. Linear: ``offset`` from each to the next. Radial: about ``axis`` through ``around``, ``angle`` in all."""

    count: int = Field(ge=1, le=200)
    offset: Vector | None = None
    axis: Literal["x", "y", "z"] | None = None
    angle: Number = 360
    around: Vector = (0, 0, 0)


class Displace(Strict):
    """Moves the surface along its normals by smooth noise: ``strength`` metres, bumps of ``scale`` metres."""

    strength: Number
    scale: Number
    seed: int = Field(default=0, ge=0, le=9999)


class PartBase(Strict):
    """What every part has.

    The order: shape → ``taper``, ``bend``, ``twist`` → ``subdivide`` → ``displace`` → ``rotate`` about the pivot →
    ``at`` (from the anchor named by ``to``) → ``cut`` → ``array`` → ``mirror``.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,40}$")]
    slot: str = "body"
    at: Vector = (0, 0, 0)
    to: str | None = Field(
        default=None, description="part.side of an earlier part; at counts from there. Sides: center, top, bottom, …"
    )
    rotate: Vector = (0, 0, 0)
    pivot: Pivot | None = Field(default=None, description="What of the part lies at `at`; none: center, or origin")
    taper: tuple[Number, Number] | None = Field(
        default=None, description="Scale in x and y at the top; 1 at the bottom"
    )
    bend: Number = Field(default=0, description="Degrees that the top is bent towards -Y")
    twist: Number = Field(default=0, description="Degrees that the top is turned about z")
    subdivide: int = Field(default=0, ge=0, le=3)
    displace: Displace | None = None
    cut: list[str] = Field(default=[], description="Parts with cutter = true that are taken away from this one")
    cutter: bool = Field(default=False, description="Only cuts, is not seen")
    array: list[Array] = Field(default=[], max_length=3)
    mirror: list[Literal["x", "y"]] = Field(default=[], description="Adds a copy on the other side of x = 0 or y = 0")
    only: list[str] = Field(default=[], description="Exists only in these variants or poses")
    unless: list[str] = Field(default=[], description="Does not exist in these variants or poses")
    joint: str | None = Field(default=None, description="Moves stiffly with this joint; none: bends with those near it")
    apart: list[str] = Field(default=[], description="Never bends with these joints or what they carry")
    flat: bool = Field(default=False, description="Facets instead of smooth shading")
    sharp_angle: float = Field(default=40, ge=0, le=180, description="Edges sharper than this stay sharp")


class Box(PartBase):
    """A box with rounded edges (``round``, metres)."""

    shape: Literal["box"]
    size: Vector
    round: Number = Field(default=0, description="Radius of the edges")
    segments: int = Field(default=3, ge=1, le=12)


class Cylinder(PartBase):
    """An upright cylinder, elliptic where x and y differ; ``sides`` makes it a prism (first side faces -Y)."""

    shape: Literal["cylinder"]
    size: Vector
    round: Number = 0
    sides: int = Field(default=40, ge=3, le=128)


class Cone(PartBase):
    """An upright cone; ``top`` is the top's share of the bottom's width (truncated); ``sides = 4``: a pyramid."""

    shape: Literal["cone"]
    size: Vector
    top: Number = 0
    round: Number = 0
    sides: int = Field(default=40, ge=3, le=128)


class Sphere(PartBase):
    """A sphere or ellipsoid that fills ``size``."""

    shape: Literal["sphere"]
    size: Vector
    segments: int = Field(default=32, ge=6, le=96)


class Torus(PartBase):
    """A ring about z: ``radius`` to the middle of the tube, ``tube`` its radius."""

    shape: Literal["torus"]
    radius: Number
    tube: Number
    segments: int = Field(default=40, ge=3, le=128)
    sides: int = Field(default=14, ge=3, le=64)


class Capsule(PartBase):
    """A cylinder along z with round ends; ``size`` is the whole."""

    shape: Literal["capsule"]
    size: Vector
    sides: int = Field(default=28, ge=6, le=96)


class Lathe(PartBase):
    """A profile of [radius, z] turned about z: a surface of revolution.

    Open profiles are closed to the axis at both ends; ``closed`` profiles are rings. The profile runs from bottom to
    top on the outside (then back down inside, for vessels). ``smooth`` draws a curve through the points, a point
    given twice is a corner; ``round`` rounds the corners of a straight profile. ``lobes`` and ``lobe_depth`` make
    ribs (pumpkins, muffin cases).
    """

    shape: Literal["lathe"]
    profile: list[Point] = Field(min_length=2, max_length=80)
    smooth: bool = False
    round: Number = 0
    closed: bool = False
    sides: int = Field(default=40, ge=3, le=128)
    lobes: int = Field(default=0, ge=0, le=40)
    lobe_depth: Number = 0


class Extrude(PartBase):
    """A 2D outline in x and z, given thickness along y (``depth``, centred); facing -Y. With holes and bevel.

    The outline is either ``outline`` points, anticlockwise or not, or ``path``, an SVG path (y downwards), scaled to
    ``path_size`` metres where given. ``smooth`` and ``round`` as in lathe.
    """

    shape: Literal["extrude"]
    outline: list[Point] = Field(default=[], max_length=200)
    holes: list[list[Point]] = Field(default=[], max_length=20)
    path: str | None = Field(default=None, max_length=4000)
    path_size: Point | None = None
    depth: Number
    bevel: Number = 0
    smooth: bool = False
    round: Number = 0


class Tube(PartBase):
    """A tube along a path of [x, y, z, radius] points, round at its ends. ``section`` stretches it across."""

    shape: Literal["tube"]
    path: list[tuple[Number, Number, Number, Number]] = Field(min_length=2, max_length=80)
    smooth: bool = True
    closed: bool = False
    sides: int = Field(default=16, ge=3, le=64)
    section: Point = (1, 1)
    round_ends: bool = True


class Hull(PartBase):
    """The convex hull of points, or of spheres where a point has a fourth number, its radius; edges bevelled."""

    shape: Literal["hull"]
    points: list[Vector | tuple[Number, Number, Number, Number]] = Field(min_length=2, max_length=200)
    mirrored: bool = Field(default=False, description="Points with x ≠ 0 count on both sides")
    bevel: Number = 0


class Ball(Strict):
    """An ellipsoid of a blend: centre and radii. ``cut`` takes it away."""

    at: Vector
    r: Vector
    rotate: Vector = (0, 0, 0)
    blend: Number | None = None
    cut: bool = False
    mirror: bool = True


class Limb(Strict):
    """A limb of a blend: [x, y, z, radius] points that are joined by a smooth, tapering tube."""

    path: list[tuple[Number, Number, Number, Number]] = Field(min_length=2, max_length=30)
    blend: Number | None = None
    cut: bool = False
    mirror: bool = True


class Blend(PartBase):
    """A smooth union of ellipsoids and limbs, for animals, people and all that is soft.

    ``blend`` is how far two elements flow into each other (metres; each may have its own). With ``symmetric``,
    elements off the middle plane are there on both sides. ``resolution`` is the number of cells along the longest
    side. ``within`` keeps only what lies in these ellipsoids and ``inflate`` grows the surface: together they make
    patches, saddles, shirts that lie on a body whose elements are taken over with ``of``.
    """

    shape: Literal["blend"]
    balls: list[Ball] = Field(default=[], max_length=200)
    limbs: list[Limb] = Field(default=[], max_length=80)
    of: str | None = Field(default=None, description="An earlier blend whose elements, and place, this one has too")
    blend: Number = 0.05
    symmetric: bool = True
    resolution: int = Field(default=72, ge=12, le=160)
    within: list[Ball] = Field(default=[], max_length=120)
    inflate: Number = 0


class TextSolid(PartBase):
    """Letters in x and z, facing -Y; ``height`` of the capitals, ``depth`` along y.

    Where the prompt asks for words, they replace those of a part with ``room``, set in lines and fitted into it,
    about the middle of the part's own words; parts without ``room`` are left out then.
    """

    shape: Literal["text"]
    text: str = Field(min_length=1, max_length=60)
    room: Point | None = Field(default=None, description="Width and height that asked words fill in place of `text`")
    height: Number
    depth: Number
    bevel: Number = 0


Part = Annotated[
    Box | Cylinder | Cone | Sphere | Torus | Capsule | Lathe | Extrude | Tube | Hull | Blend | TextSolid,
    Field(discriminator="shape"),
]
"""One solid of a thing."""
