"""Files that others send, read without Blender: what is it, is it whole and harmless, how large is what it shows.

Plain Python on bytes, no I/O, any thread. Everything here is hostile until it is read to its end.
"""

from .inspect import MAX_BYTES, Inspected, inspect
from .problem import FileProblem

__all__ = ["MAX_BYTES", "FileProblem", "Inspected", "inspect"]
