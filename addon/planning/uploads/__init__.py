"""Files of a request in its plan: which words mean them, what they become, how large they are. Pure, any thread."""

from .planning import plan_with_uploads

__all__ = ["plan_with_uploads"]
