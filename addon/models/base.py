"""Base classes and time for all models."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, PlainSerializer

__all__ = ["Document", "Strict", "Timestamp", "rfc3339", "utc_now"]


def utc_now() -> datetime:
    """The time now, aware, in UTC, with microseconds."""
    return datetime.now(UTC)


def _as_utc(value: datetime) -> datetime:
    # Versions before the schema had a number wrote naive local-looking timestamps; they are read as UTC,
    # because the zone they were written in is not known.
    try:
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("out of the range of dates") from error


def rfc3339(value: datetime) -> str:
    """In UTC with microseconds, always 27 characters: sorts as text as it does in time."""
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


Timestamp = Annotated[datetime, AfterValidator(_as_utc), PlainSerializer(rfc3339, return_type=str, when_used="json")]
"""RFC 3339 in UTC when written as JSON, an aware ``datetime`` in Python."""


class Document(BaseModel):
    """A model that is stored: fields it does not know (a newer version's) are kept when it is written."""

    model_config = ConfigDict(extra="allow", validate_assignment=False)


class Strict(BaseModel):
    """A model that people send or write: a field it does not know is an error that names the field."""

    model_config = ConfigDict(extra="forbid")
