"""One table of operations: the routes and the OpenAPI document both come from it, so they cannot drift. Values only."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web
from pydantic import BaseModel

from ..models.api import ProblemDetails
from ..models.session import ID_PATTERN
from .problems import MEDIA_TYPE as PROBLEM

__all__ = ["ID", "REF", "Answer", "Operation", "Parameter", "fails"]

Schema = Mapping[str, Any]
REF = "#/components/schemas/{model}"
"""How the OpenAPI document names a model."""


@dataclass(frozen=True)
class Answer:
    """One status that an operation answers with. ``model`` for JSON, else ``media_types`` of what is sent."""

    status: int
    description: str
    model: type[BaseModel] | None = None
    media_types: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Parameter:
    """A part of path, query or headers."""

    name: str
    location: Literal["path", "query", "header"]
    description: str
    schema: Schema
    example: Any = None


@dataclass(frozen=True)
class Operation:
    """One method of one path. ``answers`` leaves out what every operation may answer (see ``openapi``).

    A body is JSON of the model ``request``, or multipart/form-data as ``form`` describes it.
    """

    method: Literal["GET", "POST", "DELETE"]
    path: str
    name: str
    summary: str
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    answers: tuple[Answer, ...]
    parameters: tuple[Parameter, ...] = ()
    request: type[BaseModel] | None = None
    form: Schema | None = None
    description: str = ""


ID = Parameter(
    "id",
    "path",
    "The session's id",
    {"type": "string", "pattern": ID_PATTERN},
    "0b6f0a52-6d0b-4f5c-9b7e-1f0f6f3a2f11",
)


def fails(status: int, description: str) -> Answer:
    """An answer that is problem details."""
    headers = {"Retry-After": "Seconds after which to try again"} if status in {429, 503, 507} else {}
    return Answer(status, description, ProblemDetails, (PROBLEM,), headers)
