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
    ASSET = "asset"


class Source(Strict):
    """A thing's shape is in ``file``; ``recipe``, one of the plan's own, says how large it is and what can be painted.

    An upload's file is relative to the session's folder, and ``name`` what the client called it. A picture that is
    ``hung`` needs a wall, else it stands by itself. An asset's file is a library in one of the asset folders, and
    ``name`` its object's or collection's; where the library is not what ``stamp`` says, ``instead`` is built, a recipe.
    """

    recipe: Name
    kind: SourceKind
    file: str = Field(max_length=1000)
    orientation: Orientation = 1
    hung: bool = False
    name: str = Field(default="", max_length=200)
    is_collection: bool = False
    stamp: str = ""
    instead: Name | None = None


class PlacedPicture(Strict):
    """A picture that is no thing of its own: on the front of ``target``, or behind everything."""

    kind: Literal["decal", "backdrop"]
    file: str = Field(max_length=200)
    aspect: float = Field(gt=0, description="Width / height")
    orientation: Orientation = 1
    target: Name | None = None
