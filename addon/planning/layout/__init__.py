"""Layout: where everything of a plan stands and from where it is seen. Pure geometry, no Blender; any thread."""

from .facts import Facts, Plane, facts_of
from .place import place

__all__ = ["Facts", "Plane", "facts_of", "place"]
