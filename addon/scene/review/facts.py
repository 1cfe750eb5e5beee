"""What was measured in a scene and its picture, for the reviewer's policy. Pure; any thread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .shapes import Thing
from .sight import Seen

__all__ = ["Collision", "Exposure", "Facts", "Rest"]


@dataclass(frozen=True)
class Rest:
    """A thing that does not stand where it should: ``gap`` metres above what is under it, below where negative."""

    plan_id: str
    instance: int
    label: str
    under: str
    gap: float


@dataclass(frozen=True)
class Collision:
    """Two things that are ``depth`` metres in each other. ``carried``: one stands on or in the other."""

    first: Thing
    second: Thing
    depth: float
    carried: bool


@dataclass(frozen=True)
class Exposure:
    """Brightness as shown, 0..1: dark and bright ends (5 % and 95 %), the median, and the share burnt out.

    ``things_high`` is the bright end of what is seen of the things alone. For each thing, by plan id and instance,
    ``outlined`` is the share of its outline that differs from what is beside it, ``lightness`` how light it is and
    ``around`` how light its surroundings are (L* of CIELAB, 0..100).
    """

    low: float
    median: float
    high: float
    burnt: float
    things_high: float
    outlined: Mapping[tuple[str, int], float]
    lightness: Mapping[tuple[str, int], float]
    around: float


@dataclass(frozen=True)
class Facts:
    """What was measured in a scene."""

    seen: Sequence[Seen]
    rests: Sequence[Rest] = ()
    collisions: Sequence[Collision] = ()
