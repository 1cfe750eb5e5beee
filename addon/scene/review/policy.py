"""Which corrections findings ask for. Pure policy: what they do is in ``mend``; any thread."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ...worker.backend import Finding

__all__ = ["Correction", "Kind", "light_corrections", "scene_corrections"]

DARKER, LIGHTER = 0.4, 1.7
"""Factors for the ground and backdrop behind what hardly stands out."""
_MIDDLE = 50.0


class Kind(StrEnum):
    """What can be corrected."""

    SETTLE = "settle"
    PART = "part"
    ANGLE = "angle"
    FRAME = "frame"
    EXPOSE = "expose"
    GROUND = "ground"


@dataclass(frozen=True)
class Correction:
    """One change. ``amount``: stops of exposure, or the factor of the ground's brightness."""

    kind: Kind
    amount: float = 0.0


_ASKS = {
    "floating": Kind.SETTLE,
    "sunk": Kind.SETTLE,
    "overlap": Kind.PART,
    "hidden": Kind.ANGLE,
    "out_of_frame": Kind.FRAME,
}


def scene_corrections(findings: Sequence[Finding]) -> list[Correction]:
    """What places and camera need, in the order in which it is done: what moves comes before what looks."""
    asked = {_ASKS[finding.code] for finding in findings if finding.correctable and finding.code in _ASKS}
    return [Correction(kind) for kind in Kind if kind in asked]


def light_corrections(findings: Sequence[Finding], measures: Mapping[str, float]) -> list[Correction]:
    """What the light of a picture needs: one change at a time, because each changes what the others see."""
    codes = {finding.code for finding in findings if finding.correctable}
    if "too_dark" in codes:
        shown = max(measures["brightness_high"], measures["brightness_things"])
        return [Correction(Kind.EXPOSE, _stops(measures["brightness_wanted"], shown))]
    if "blown_out" in codes:
        return [Correction(Kind.EXPOSE, -1.5)]
    if "low_contrast" not in codes:
        return []
    if measures["brightness_high"] < 0.3:
        return [Correction(Kind.EXPOSE, 1.5)]
    # Light things want a darker ground; dark ones before a dark ground want a lighter one.
    faint, around = measures["lightness_faint"], measures["lightness_around"]
    lighter = faint < _MIDDLE and around < _MIDDLE
    return [Correction(Kind.GROUND, LIGHTER if lighter else DARKER)]


def _stops(wanted: float, shown: float) -> float:
    """Photographic stops from a shown brightness to a wanted one (display values, gamma 2.2)."""
    return max(-3.0, min(4.0, 2.2 * math.log2(wanted / max(shown, 0.02))))
