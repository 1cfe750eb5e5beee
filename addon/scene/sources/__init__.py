"""What of a scene comes from files: logos, pictures and models, each below a root like any other thing. Main thread."""

from .backdrop import build_backdrop, fit_backdrop
from .build import build_source
from .decal import lay_decal
from .files import Files

__all__ = ["Files", "build_backdrop", "build_source", "fit_backdrop", "lay_decal"]
