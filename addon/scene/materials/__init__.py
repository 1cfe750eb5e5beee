"""Materials: words of the plan and of recipes become shared, procedural Blender materials. Main thread."""

from .finish import finish_for
from .make import Wish, finish_of, material_for

__all__ = ["Wish", "finish_for", "finish_of", "material_for"]
