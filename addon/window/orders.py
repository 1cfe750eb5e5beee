"""What an artist may ask of the desk. Plain values, standard library only."""

from dataclasses import dataclass

__all__ = ["Cancel", "Generate", "Order", "Refused", "Retry"]


@dataclass(frozen=True)
class Generate:
    """A new session."""

    prompt: str
    preset: str
    seed: int


@dataclass(frozen=True)
class Cancel:
    """End a session that waits or runs."""

    session_id: str


@dataclass(frozen=True)
class Retry:
    """A new session like one that has ended."""

    session_id: str


Order = Generate | Cancel | Retry


class Refused(Exception):
    """It cannot be done; the message says why, for the artist."""
