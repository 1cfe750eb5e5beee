"""Materials: words of the plan and of recipes become shared, procedural Blender materials. Main thread."""

from .finish import finish_for
from .make import Wish, material_for

__all__ = ["Wish", "finish_for", "material_for"]
