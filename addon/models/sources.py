"""What of a plan comes from files: shapes that a recipe's box stands for, and pictures laid on things or behind all."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from .base import Strict

__all__ = ["PlacedPicture", "Source", "SourceKind"]

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]{0,63}$")]
Orientation = Annotated[int, Field(ge=1, le=8)]


class SourceKind(StrEnum):
    """How a file becomes a thing."""

    LOGO = "logo"
    PICTURE = "picture"
    MODEL = "model"


class Source(Strict):
    """A thing's shape is in ``file`` (relative to the session's folder); ``recipe``, one of the plan's own, says how
    large it is and what can be painted. A picture that is ``hung`` needs a wall, else it stands by itself.
    """

    recipe: Name
    kind: SourceKind
    file: str = Field(max_length=200)
    orientation: Orientation = 1
    hung: bool = False


class PlacedPicture(Strict):
    """A picture that is no thing of its own: on the front of ``target``, or behind everything."""

    kind: Literal["decal", "backdrop"]
    file: str = Field(max_length=200)
    aspect: float = Field(gt=0, description="Width / height")
    orientation: Orientation = 1
    target: Name | None = None
