"""How far a session is, from how far its stage is. Pure."""

from ..models.session import StageName

__all__ = ["STAGE_MESSAGES", "overall"]

_SHARE = {
    StageName.CONCEPT: 2,
    StageName.BUILDER: 8,
    StageName.TEXTURE: 5,
    StageName.RENDER: 65,
    StageName.ANIMATION: 65,
    StageName.REVIEWER: 20,
}
"""How long stages take, relative to each other."""

STAGE_MESSAGES = {
    StageName.CONCEPT: "Planning the scene",
    StageName.BUILDER: "Building geometry",
    StageName.TEXTURE: "Making materials",
    StageName.RENDER: "Rendering",
    StageName.ANIMATION: "Rendering the animation",
    StageName.REVIEWER: "Reviewing the picture",
}


def overall(stages: list[StageName], current: StageName, fraction: float) -> float:
    """The session's progress (0..1, below 1) when ``current`` of ``stages`` has come to ``fraction`` (0..1)."""
    total = sum(_SHARE[stage] for stage in stages)
    before = sum(_SHARE[stage] for stage in stages[: stages.index(current)])
    return min(0.99, (before + _SHARE[current] * min(max(fraction, 0.0), 1.0)) / total)
