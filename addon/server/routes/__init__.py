"""What each operation does. Every module ends with its part of the table."""

from ..operations import Operation
from . import agents, downloads, events, generate, sessions, status, uploads

__all__ = ["OPERATIONS"]

OPERATIONS: tuple[Operation, ...] = (
    *generate.OPERATIONS,
    *uploads.OPERATIONS,
    *sessions.OPERATIONS,
    *downloads.OPERATIONS,
    *events.OPERATIONS,
    *agents.OPERATIONS,
    *status.OPERATIONS,
)
