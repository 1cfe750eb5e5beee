"""ScenePlan: what a scene shows, as data. Planners make it, layout places it, the scene package builds it.

Units: metres, degrees, seconds. World axes: +X is the picture's right, +Y goes away from the viewer, +Z is up,
the ground is z = 0, and a thing faces the viewer, which is -Y.
"""

from enum import StrEnum
from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from .base import Strict
from .lines import in_lines
from .recipe import Recipe
from .sources import PlacedPicture, Source

__all__ = [
    "PATTERNS",
    "PLAN_VERSION",
    "AnimationTrack",
    "Arrangement",
    "Camera",
    "Environment",
    "EnvironmentKind",
    "Facing",
    "Frame",
    "Ground",
    "Light",
    "NotBuilt",
    "Pattern",
    "PlanObject",
    "Relation",
    "RelationKind",
    "ScenePlan",
    "Scenery",
    "Shot",
    "Style",
    "TextItem",
    "TimeOfDay",
    "ViewAngle",
    "Weather",
]

PLAN_VERSION = 1
Pattern = Literal["striped", "dotted", "checkered"]
PATTERNS: tuple[Pattern, ...] = get_args(Pattern)

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]{0,63}$")]
Hex = Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$", description="sRGB, the colour as a person would see it")]


class EnvironmentKind(StrEnum):
    """Where the scene is."""

    STUDIO = "studio"
    OUTDOOR = "outdoor"
    INDOOR = "indoor"
    UNDERWATER = "underwater"
    SPACE = "space"


class Scenery(StrEnum):
    """What is seen far away outdoors."""

    HILLS = "hills"
    FOREST = "forest"
    CITY = "city"
    MOUNTAINS = "mountains"
    SEA = "sea"
    NOTHING = "nothing"


class Weather(StrEnum):
    """What the sky does, outdoors only."""

    CLEAR = "clear"
    OVERCAST = "overcast"
    RAIN = "rain"
    STORM = "storm"
    SNOW = "snow"


class TimeOfDay(StrEnum):
    """When it is; decides sun, sky and the light's colour."""

    DAWN = "dawn"
    DAY = "day"
    SUNSET = "sunset"
    NIGHT = "night"


class Style(StrEnum):
    """How everything looks."""

    REALISTIC = "realistic"
    LOW_POLY = "low_poly"
    CLAY = "clay"
    TOY = "toy"
    WIREFRAME = "wireframe"


class Arrangement(StrEnum):
    """How the instances of one object stand to each other."""

    AUTO = "auto"
    ROW = "row"
    GRID = "grid"
    RING = "ring"
    STACK = "stack"
    PILE = "pile"
    SCATTER = "scatter"


class Facing(StrEnum):
    """Where a thing looks, as the viewer sees it."""

    VIEWER = "viewer"
    AWAY = "away"
    LEFT = "left"
    RIGHT = "right"
    TARGET = "target"


class RelationKind(StrEnum):
    """How a subject stands to an object (its target)."""

    ON = "on"
    UNDER = "under"
    ABOVE = "above"
    BELOW = "below"
    LEFT_OF = "left_of"
    RIGHT_OF = "right_of"
    IN_FRONT_OF = "in_front_of"
    BEHIND = "behind"
    HIDDEN_BY = "hidden_by"
    NEXT_TO = "next_to"
    NEAR = "near"
    FAR_FROM = "far_from"
    INSIDE = "inside"
    AROUND = "around"
    BETWEEN = "between"
    AGAINST = "against"
    FACING = "facing"


class Frame(StrEnum):
    """Whose left and right a relation means."""

    PICTURE = "picture"
    OBJECT = "object"
    WORLD = "world"


class Shot(StrEnum):
    """How close the camera is."""

    CLOSE_UP = "close_up"
    MEDIUM = "medium"
    WIDE = "wide"


class ViewAngle(StrEnum):
    """From where the camera looks."""

    THREE_QUARTER = "three_quarter"
    FRONT = "front"
    SIDE = "side"
    BACK = "back"
    TOP = "top"
    LOW = "low"
    HIGH = "high"


class Environment(Strict):
    """Surroundings of everything."""

    kind: EnvironmentKind = EnvironmentKind.STUDIO
    time: TimeOfDay = TimeOfDay.DAY
    mood: Literal["neutral", "bright", "dark", "warm", "cool", "neon", "foggy"] = "neutral"
    weather: Weather = Field(default=Weather.CLEAR, description="Clouds, and what falls from them, outdoors only")
    background: Hex | None = None
    scenery: Scenery = Field(default=Scenery.HILLS, description="What is seen far away, outdoors only")


class Ground(Strict):
    """What everything stands on, and the colour of the sea beyond a beach. ``material`` None: what fits there."""

    material: str | None = None
    color: Hex | None = None
    water_color: Hex | None = None
    visible: bool = True


class Worn(Strict):
    """What an object has on, or how its hair is: ``garment`` names one of its recipe's garments."""

    garment: Name
    color: Hex | None = None
    color_name: str | None = None
    material: str | None = None
    pattern: Pattern | None = None
    pattern_color: Hex | None = None


class PlanObject(Strict):
    """One kind of thing, ``count`` times.

    ``recipe`` names an entry of the catalogue (or of the plan's own ``recipes``); ``noun`` is the prompt's word,
    singular. ``scale`` multiplies the recipe's real size; ``size_m`` (largest side, metres) goes before it.
    """

    id: Name
    recipe: str
    noun: str
    count: int = Field(default=1, ge=1, le=200)
    arrangement: Arrangement = Arrangement.AUTO
    scale: float = Field(default=1.0, ge=0.05, le=20)
    size_m: float | None = Field(default=None, gt=0, le=1000)
    color: Hex | None = None
    color_name: str | None = None
    material: str | None = None
    pattern: Pattern | None = None
    pattern_color: Hex | None = None
    shape: str | None = Field(default=None, description="A shape word: round, square, oval, triangular, tall, …")
    facing: Facing = Facing.VIEWER
    pose: str | None = None
    parameters: dict[str, float | str] = Field(default={}, description="Values for the recipe's parameters")
    wears: list[Worn] = Field(default=[], max_length=12, description="Clothes, hats, glasses, hair")
    group: str | None = Field(default=None, max_length=60, description="Its collection in the scene, with others of it")


_LONG_LINE = 8
"""Letters; shorter texts stay in one line."""


class TextItem(Strict):
    """Words or a logo as solid 3D letters; placed like an object, so ``id`` may stand in relations."""

    id: Name
    text: str = Field(min_length=1, max_length=200)
    logo: bool = False
    height_m: float = Field(default=0.5, gt=0, le=100)
    depth_m: float = Field(default=0.12, gt=0, le=100)
    bevel_m: float = Field(default=0.012, ge=0, le=10)
    color: Hex | None = None
    color_name: str | None = None
    material: str | None = None

    @property
    def lines(self) -> list[str]:
        """The text as it is set: its own lines, or a long one broken between words so that it fills a picture."""
        return [self.text] if len(self.text) <= _LONG_LINE and "\n" not in self.text else in_lines(self.text)


class Relation(Strict):
    """``subject`` stands in this relation to ``targets``; two targets for ``between``."""

    kind: RelationKind
    subject: Name
    targets: list[Name] = Field(default=[], max_length=8, description="Empty: the picture itself")
    frame: Frame = Frame.PICTURE


class Light(Strict):
    """A light beside the environment's own."""

    kind: Literal["sun", "area", "point", "spot"]
    color: Hex = "#ffffff"
    strength: float = Field(default=1.0, ge=0, le=100, description="1 is the environment's usual strength")


class Camera(Strict):
    """How the picture is taken; layout finds the place."""

    shot: Shot = Shot.MEDIUM
    angle: ViewAngle = ViewAngle.THREE_QUARTER
    lens_mm: float = Field(default=50, ge=8, le=400)
    depth_of_field: bool = False
    orthographic: bool = False


class AnimationTrack(Strict):
    """What moves: the camera around the scene, or a thing (``target``)."""

    kind: Literal["turntable", "spin", "bounce", "move"] = "turntable"
    target: Name | None = None
    seconds: float = Field(default=1.0, gt=0, le=60)


class NotBuilt(Strict):
    """A word of the prompt that had no effect, or less than it asks for."""

    text: str
    reason: str
    substitute: str | None = None


class ScenePlan(Strict):
    """Everything a scene shows. Validation errors name the field and what is allowed."""

    schema_version: Literal[1] = 1
    prompt: str = ""
    planner: str = "offline"
    seed: int = Field(default=0, ge=0, le=2**31 - 1)
    title: str = ""
    style: Style = Style.REALISTIC
    environment: Environment = Environment()
    ground: Ground = Ground()
    objects: list[PlanObject] = Field(default=[], max_length=200)
    texts: list[TextItem] = Field(default=[], max_length=20)
    relations: list[Relation] = Field(default=[], max_length=400)
    lights: list[Light] = Field(default=[], max_length=20)
    camera: Camera = Camera()
    animation: list[AnimationTrack] = Field(default=[], max_length=20)
    surroundings: list[str] = Field(
        default=[], max_length=20, description='Nouns that ground and sky show: "floor", "ocean", "sky"'
    )
    exclusions: list[str] = Field(default=[], description="What the prompt says must not be there")
    recipes: list[Recipe] = Field(default=[], max_length=60, description="Things the catalogue lacks, as data")
    sources: list[Source] = Field(default=[], max_length=40, description="Things whose shape is in a file")
    pictures: list[PlacedPicture] = Field(default=[], max_length=8)
    not_built: list[NotBuilt] = []

    @property
    def has_ground(self) -> bool:
        """Whether things stand on something: in space only where the prompt names it, as on the moon."""
        afloat = self.environment.kind is EnvironmentKind.SPACE and self.ground.material is None
        return self.ground.visible and not afloat

    @model_validator(mode="after")
    def _ids_are_known(self) -> "ScenePlan":
        ids = [thing.id for thing in self.objects] + [item.id for item in self.texts]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise ValueError(f"objects and texts: ids must differ, used twice: {', '.join(twice)}")
        known = set(ids)
        for number, relation in enumerate(self.relations):
            for name in (relation.subject, *relation.targets):
                if name not in known:
                    raise ValueError(
                        f"relations[{number}]: no object or text has the id {name!r}; known: {', '.join(sorted(known))}"
                    )
        return self
