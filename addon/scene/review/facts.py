"""What was measured in a scene and its picture, for the reviewer's policy. Pure; any thread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .shapes import Thing
from .sight import Seen

__all__ = ["Collision", "Exposure", "Facts", "Rest"]


@dataclass(frozen=True)
class Rest:
    """A thing or a heap that does not stand where it should: ``gap`` metres above what is under it, below where
    negative. ``heap``: it is all instances together."""

    plan_id: str
    instance: int
    under: str
    gap: float
    heap: bool = False


@dataclass(frozen=True)
class Collision:
    """Two things that are ``depth`` metres in each other. ``carried``: the first stands on or in the second.

    ``steep``: they overlap from above rather than from the side, so the one is sunk into the other. ``free``: neither
    shall touch the other, so they may be moved apart.
    """

    first: Thing
    second: Thing
    depth: float
    carried: bool
    steep: bool
    free: bool


@dataclass(frozen=True)
class Exposure:
    """Brightness as shown, 0..1: dark and bright ends (5 % and 95 %), the median, and the share burnt out.

    ``things_low`` and ``things_high`` are the ends of what is seen of the things alone. For each thing, by plan id
    and instance, ``outlined`` is the share of its outline that differs from what is beside it, ``lightness`` how light
    it is and ``around`` how light its surroundings are (L* of CIELAB, 0..100).
    """

    low: float
    median: float
    high: float
    burnt: float
    things_low: float
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
