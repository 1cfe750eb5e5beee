"""The session: what ``output/{id}/session_state.json`` holds, schema version 1."""

from enum import StrEnum
from typing import Any, Literal

from pydantic import ConfigDict, Field, field_validator

from .base import Document, Strict, Timestamp
from .uploads import Upload

__all__ = [
    "DEFAULT_STAGES",
    "ID_PATTERN",
    "MAX_SEQ",
    "PRESET_RESOLUTION",
    "REQUIRED_BY",
    "SCHEMA_VERSION",
    "TERMINAL",
    "Artifact",
    "Device",
    "Engine",
    "Format",
    "Options",
    "Preset",
    "RecoveryNote",
    "Session",
    "SessionResult",
    "SessionStatus",
    "StageName",
    "StageRecord",
    "StageStatus",
    "WorkerRef",
    "stages_for",
]

SCHEMA_VERSION = 1
MAX_SEQ = 2**52

ID_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"
"""Ids that may be on disk; the ones made here are UUIDs."""


class SessionStatus(StrEnum):
    """``pending → in_progress → completed | failed | cancelled``; recovery may take it back to pending."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


TERMINAL = frozenset({SessionStatus.COMPLETED, SessionStatus.FAILED, SessionStatus.CANCELLED})
"""States that never change again."""


class StageName(StrEnum):
    """The agents a request may name, in the order in which they run."""

    CONCEPT = "concept"
    BUILDER = "builder"
    TEXTURE = "texture"
    RENDER = "render"
    ANIMATION = "animation"
    REVIEWER = "reviewer"


DEFAULT_STAGES: tuple[StageName, ...] = (
    StageName.CONCEPT,
    StageName.BUILDER,
    StageName.TEXTURE,
    StageName.RENDER,
    StageName.REVIEWER,
)

REQUIRED_BY: dict[StageName, tuple[StageName, ...]] = {
    StageName.CONCEPT: (),
    StageName.BUILDER: (StageName.CONCEPT,),
    StageName.TEXTURE: (StageName.CONCEPT, StageName.BUILDER),
    StageName.RENDER: (StageName.CONCEPT, StageName.BUILDER),
    StageName.ANIMATION: (StageName.CONCEPT, StageName.BUILDER, StageName.RENDER),
    StageName.REVIEWER: (StageName.CONCEPT, StageName.BUILDER, StageName.RENDER),
}
"""What a stage cannot do without; ``stages_for`` adds it where a request leaves it out."""


def stages_for(agents: list[StageName]) -> list[StageName]:
    """The stages that a request for ``agents`` runs, in order; an empty list means the default set."""
    wanted: set[StageName] = set(agents) or set(DEFAULT_STAGES)
    for agent in tuple(wanted):
        wanted.update(REQUIRED_BY[agent])
    return [stage for stage in StageName if stage in wanted]


class Preset(StrEnum):
    """How much time a picture may take; explicit options go before it."""

    DRAFT = "draft"
    STANDARD = "standard"
    FINAL = "final"


PRESET_RESOLUTION: dict[Preset, tuple[int, int]] = {
    Preset.DRAFT: (960, 540),
    Preset.STANDARD: (1280, 720),
    Preset.FINAL: (1920, 1080),
}
"""Width and height in pixels where a request names no resolution."""


class Engine(StrEnum):
    """Render engines, by one name in every Blender."""

    CYCLES = "cycles"
    EEVEE = "eevee"
    WORKBENCH = "workbench"


class Device(StrEnum):
    """Where Cycles renders; ``auto`` takes a GPU where there is one that works."""

    AUTO = "auto"
    CPU = "cpu"
    GPU = "gpu"


class Format(StrEnum):
    """Files to make beside render.png; ``blend`` is always made."""

    BLEND = "blend"
    GLB = "glb"


class Options(Strict):
    """What a request may choose. The same prompt, seed and options give the same plan and picture."""

    # A session of a newer version may hold options that this one does not know: reading it must not fail,
    # so unknown ones are kept here; the request model forbids them.
    model_config = ConfigDict(extra="allow")

    seed: int = Field(default=0, ge=0, le=2**31 - 1, description="Chooses variants; the same seed, the same scene")
    preset: Preset = Field(default=Preset.STANDARD, description="draft, standard or final")
    resolution: tuple[int, int] | None = Field(
        default=None, description="Width and height of the picture in pixels, each 16 to 8192"
    )
    samples: int | None = Field(default=None, ge=1, le=16384, description="Samples for each pixel")
    engine: Engine = Field(default=Engine.CYCLES, description="cycles, eevee or workbench")
    device: Device = Field(default=Device.AUTO, description="auto, cpu or gpu")
    formats: list[Format] = Field(default=[Format.BLEND], description="blend is always made; glb on request")
    frames: int = Field(default=24, ge=2, le=600, description="Frames of the animation stage")

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height of the picture."""
        return self.resolution or PRESET_RESOLUTION[self.preset]

    @field_validator("resolution")
    @classmethod
    def _check_resolution(cls, value: tuple[int, int] | None) -> tuple[int, int] | None:
        if value is not None and not all(16 <= side <= 8192 for side in value):
            raise ValueError("each side must be from 16 to 8192 pixels")
        return value

    @field_validator("formats")
    @classmethod
    def _always_blend(cls, value: list[Format]) -> list[Format]:
        return [known for known in Format if known in value or known is Format.BLEND]


class Artifact(Document):
    """A file of a session. ``name`` is relative to the session's folder, with forward slashes."""

    name: str
    media_type: str = "application/octet-stream"
    size: int
    sha256: str


class WorkerRef(Document):
    """Who claimed the session: a lease's id, and for people the host and process."""

    id: str
    host: str
    pid: int
    started_at: Timestamp


class StageStatus(StrEnum):
    """A stage's life."""

    PENDING = "pending"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"


class StageRecord(Document):
    """One stage. When it is completed, ``artifacts`` is its checkpoint: what recovery verifies and goes on from."""

    name: StageName
    status: StageStatus = StageStatus.PENDING
    started_at: Timestamp | None = None
    completed_at: Timestamp | None = None
    artifacts: list[Artifact] = []
    warnings: list[str] = []


class SessionResult(Document):
    """How a session ended."""

    success: bool
    output_path: str | None = None
    session_dir: str | None = None
    artifacts: list[Artifact] = []
    error: str | None = None
    error_code: str | None = None
    warnings: list[str] = []
    log_tail: str | None = None


class RecoveryNote(Document):
    """What recovery did to this session, when, why, and on what evidence."""

    at: Timestamp
    reason: str
    evidence: dict[str, Any] = {}


class Session(Document):
    """One prompt's way to a scene. The file is the truth; everything else is derived from it."""

    schema_version: Literal[1] = 1
    seq: int = 0
    id: str = Field(pattern=ID_PATTERN)
    status: SessionStatus = SessionStatus.PENDING
    prompt: str = ""
    agents: list[StageName] = []
    options: Options = Options()
    created_at: Timestamp
    updated_at: Timestamp
    started_at: Timestamp | None = None
    completed_at: Timestamp | None = None
    current_stage: StageName | None = None
    stages: list[StageRecord] = []
    attempts: int = Field(default=0, ge=0, le=2**31)
    worker: WorkerRef | None = None
    cancel_requested_at: Timestamp | None = None
    retry_of: str | None = None
    result: SessionResult | None = None
    recovered_from_disk: bool = False
    recovery: list[RecoveryNote] = []
    idempotency_fingerprint: str | None = None
    uploads: list[Upload] = []

    @field_validator("seq")
    @classmethod
    def _bound_seq(cls, value: int) -> int:
        # It only orders changes. A damaged one must neither cost the session nor use up the counter.
        return value if 0 <= value <= MAX_SEQ else 0

    @property
    def is_terminal(self) -> bool:
        """Whether the session has ended."""
        return self.status in TERMINAL

    def stage(self, name: StageName) -> StageRecord:
        """The record of a stage of this session; ``KeyError`` where it has no such stage."""
        for record in self.stages:
            if record.name is name:
                return record
        raise KeyError(name)
