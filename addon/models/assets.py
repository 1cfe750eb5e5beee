"""An asset of the artist's own: an object or collection that is marked as one in a .blend of an asset library."""

from .base import Document

__all__ = ["Asset", "AssetShelf"]


class Asset(Document):
    """``library`` is relative to the asset folder it was found in; ``stamp`` tells whether that file has changed.

    ``size`` is what it measures in metres, with its modifiers.
    """

    name: str
    library: str
    stamp: str
    is_collection: bool
    tags: list[str] = []
    size: tuple[float, float, float]


class AssetShelf(Document):
    """What was found, by library and stamp: what has not changed is not read again."""

    libraries: dict[str, list[Asset]] = {}
