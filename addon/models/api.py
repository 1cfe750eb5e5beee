"""What REST takes and gives. The OpenAPI document is generated from these models."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints, field_validator

from .base import Document, Strict, Timestamp
from .session import Options, RecoveryNote, SessionResult, SessionStatus, StageName, StageRecord, WorkerRef
from .uploads import MAX_UPLOADS, UPLOAD_ID_PATTERN, Upload, UploadUse

__all__ = [
    "PROMPT_MAX",
    "Accepted",
    "AgentInfo",
    "AgentList",
    "BlenderHealth",
    "BlenderState",
    "DiskHealth",
    "FieldError",
    "GenerateRequest",
    "Health",
    "ProblemDetails",
    "QueueHealth",
    "RecoveryHealth",
    "RecoveryState",
    "RecoverySummary",
    "RequestOptions",
    "Role",
    "SessionEvent",
    "SessionPage",
    "SessionQuery",
    "SessionSummary",
    "SessionView",
]

PROMPT_MAX = 10_000
"""Characters of a prompt."""


class RequestOptions(Options):
    """Options as a request may give them: unknown ones are errors."""

    model_config = ConfigDict(extra="forbid")


class GenerateRequest(Strict):
    """POST /api/generate."""

    prompt: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=PROMPT_MAX)] = Field(
        description="What the scene should show",
        examples=["a red apple on a wooden table"],
        json_schema_extra={"pattern": r"^[^\u0000]*[^\u0000\s][^\u0000]*$"},
    )
    agents: list[StageName] = Field(default=[], max_length=16, description="Stages to run; empty: the default set")
    options: RequestOptions = RequestOptions()
    uploads: list[Annotated[str, StringConstraints(pattern=UPLOAD_ID_PATTERN)] | UploadUse] = Field(
        default=[],
        max_length=MAX_UPLOADS,
        description="Files of POST /api/uploads: their ids, or `{id, role}` to say what one becomes",
    )

    @field_validator("prompt")
    @classmethod
    def _is_text(cls, value: str) -> str:
        # A lone surrogate cannot be written as UTF-8, and NUL ends strings in Blender.
        if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
            raise ValueError("must be text without NUL characters or lone surrogates")
        return value


class Accepted(Strict):
    """202: the session is on disk."""

    id: str
    session_id: str
    status: SessionStatus
    message: str


def _whole_number(value: object) -> object:
    # pydantic also reads "1_0", " 1" and "1.0" as numbers.
    if isinstance(value, str) and not (value.isascii() and value.isdigit() and len(value) < 10):
        raise ValueError("must be a whole number")
    return value


class SessionSummary(Document):
    """One line of a list."""

    seq: int
    id: str
    session_id: str
    status: SessionStatus
    prompt: str
    created_at: Timestamp
    updated_at: Timestamp
    started_at: Timestamp | None = None
    completed_at: Timestamp | None = None
    current_stage: StageName | None = None
    progress: float = Field(ge=0, le=1)
    message: str = ""
    retry_of: str | None = None
    recovered_from_disk: bool = False
    result: SessionResult | None = None


class SessionQuery(Strict):
    """The query of GET /api/sessions."""

    status: SessionStatus | None = Field(default=None, description="Only sessions in this state")
    limit: Annotated[int, BeforeValidator(_whole_number)] = Field(
        default=50, ge=1, le=200, description="How many sessions a page has at most"
    )
    cursor: Annotated[str, StringConstraints(max_length=300)] | None = Field(
        default=None, description="`next_cursor` of the page before"
    )
    q: Annotated[str, StringConstraints(max_length=200)] | None = Field(
        default=None, description="Part of the prompt, or the beginning of an id"
    )


class SessionPage(Strict):
    """GET /api/sessions."""

    sessions: list[SessionSummary]
    total: int
    next_cursor: str | None = None


class SessionView(SessionSummary):
    """GET /api/session/{id}: the session file, and what changes faster than it."""

    schema_version: int
    agents: list[StageName]
    options: Options
    stages: list[StageRecord]
    attempts: int
    worker: WorkerRef | None = None
    cancel_requested_at: Timestamp | None = None
    recovery: list[RecoveryNote] = []
    uploads: list[Upload] = []
    queue_position: int | None = None
    download_urls: dict[str, str] = {}


class SessionEvent(Strict):
    """The data of a server-sent event; the event's id is ``seq``."""

    seq: int
    session_id: str
    status: SessionStatus
    stage: StageName | None = None
    progress: float
    message: str
    success: bool | None = None
    output_path: str | None = None
    error: str | None = None
    error_code: str | None = None


class AgentInfo(Strict):
    """One stage that a request may name."""

    name: StageName
    description: str
    default: bool
    requires: list[StageName]
    makes: list[str]


class AgentList(Strict):
    """GET /api/agents."""

    agents: list[AgentInfo]


class Role(StrEnum):
    """Which process answers."""

    BRIDGE = "bridge"
    BLENDER = "blender"


class BlenderState(StrEnum):
    """What Blender's main thread does, as far as it proves it."""

    STARTING = "starting"
    IDLE = "idle"
    BUSY = "busy"
    HUNG = "hung"
    RESTARTING = "restarting"
    GIVEN_UP = "given_up"
    ABSENT = "absent"


class BlenderHealth(Strict):
    """HTTP may be alive while Blender's main thread is not: this is about the latter."""

    state: BlenderState
    pid: int | None = None
    version: str | None = None
    last_beat_age_s: float | None = None
    restarts: int = 0
    session_id: str | None = None
    message: str | None = None


class QueueHealth(Strict):
    """Sessions that have not ended; None while the index cannot be read."""

    pending: int | None = None
    in_progress: int | None = None


class RecoveryState(StrEnum):
    """Whether the background scan still runs."""

    RUNNING = "running"
    DONE = "done"


class RecoveryHealth(Strict):
    """The scan of the output folder."""

    state: RecoveryState
    scanned: int = 0
    total: int = 0
    recovered: int = 0


class DiskHealth(Strict):
    """Room in the output folder."""

    free_bytes: int | None = None


class Health(Strict):
    """GET /api/health."""

    status: Literal["ok", "degraded", "down"]
    role: Role
    version: str
    uptime_s: float
    blender: BlenderHealth
    queue: QueueHealth
    recovery: RecoveryHealth
    disk: DiskHealth


class RecoverySummary(Strict):
    """POST /api/recover: what recovery did."""

    scanned: int
    recovered: int
    sessions: list[dict[str, Any]] = Field(default=[], description="id, status and reason of each changed session")


class FieldError(Strict):
    """One thing that is wrong in a request."""

    field: str
    message: str


class ProblemDetails(Strict):
    """RFC 9457. ``code`` is stable, ``detail`` is for people."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldError] = []
