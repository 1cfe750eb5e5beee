"""The one exception tree. Each error has a stable ``code``, which REST, the CLI and the logs show."""

__all__ = [
    "AlreadyServing",
    "Busy",
    "CheckpointUnusable",
    "Conflict",
    "FolderReadOnly",
    "IdempotencyConflict",
    "IndexUnavailable",
    "InvalidRequest",
    "LeaseLost",
    "NoRoom",
    "QueueFull",
    "ScenekeeperError",
    "SessionCancelled",
    "StageFailed",
    "StateUnreadable",
    "UnknownArtifact",
    "UnknownSession",
    "UploadInvalid",
    "UploadsFull",
]


class ScenekeeperError(Exception):
    """Something that a person can be told. ``str(error)`` is a sentence without paths or traces."""

    code = "internal"


class UnknownSession(ScenekeeperError):
    """There is no session with this id."""

    code = "unknown_session"

    def __init__(self, session_id: str) -> None:
        super().__init__("There is no session with this id.")
        self.session_id = session_id


class UnknownArtifact(ScenekeeperError):
    """The session has no such file (yet)."""

    code = "unknown_artifact"


class InvalidRequest(ScenekeeperError):
    """What was asked for is not valid; ``errors`` names the fields: [{"field", "message"}]."""

    code = "invalid_request"

    def __init__(self, message: str, errors: list[dict[str, str]] | None = None) -> None:
        super().__init__(message)
        self.errors = errors or []


class UploadInvalid(InvalidRequest):
    """A file that was sent is not what it must be; ``errors`` names it and what is wrong."""

    code = "invalid_upload"


class UploadsFull(ScenekeeperError):
    """As many files wait as are allowed; nothing was kept."""

    code = "uploads_full"


class Conflict(ScenekeeperError):
    """The session's state does not allow this."""

    code = "conflict"


class IdempotencyConflict(ScenekeeperError):
    """The same Idempotency-Key came with another request."""

    code = "idempotency_conflict"


class QueueFull(ScenekeeperError):
    """As many sessions wait as are allowed; nothing was accepted."""

    code = "queue_full"


class NoRoom(ScenekeeperError):
    """The disk is full or the quota used up; nothing was acknowledged."""

    code = "disk_full"


class FolderReadOnly(ScenekeeperError):
    """The output folder cannot be written; nothing was acknowledged."""

    code = "folder_read_only"


class IndexUnavailable(ScenekeeperError):
    """The index could not be used in time; nothing was acknowledged."""

    code = "index_unavailable"


class Busy(ScenekeeperError):
    """Somebody else is doing this right now."""

    code = "busy"


class AlreadyServing(ScenekeeperError):
    """Another bridge has this output folder, or another program has the port."""

    code = "already_serving"


class StateUnreadable(ScenekeeperError):
    """A state file is damaged or of a future version."""

    code = "state_unreadable"


class LeaseLost(ScenekeeperError):
    """The session is no longer this worker's: somebody declared it dead and took the session over."""

    code = "lease_lost"


class SessionCancelled(ScenekeeperError):
    """The session that is being worked on was cancelled."""

    code = "cancelled"


class CheckpointUnusable(ScenekeeperError):
    """A checkpoint is whole, but this Blender cannot open it: a newer one wrote it."""

    code = "checkpoint_unusable"


class StageFailed(ScenekeeperError):
    """A stage could not do its work. ``error_code`` goes into the session's result."""

    code = "stage_failed"

    def __init__(self, message: str, error_code: str = "stage_failed") -> None:
        super().__init__(message)
        self.error_code = error_code
