"""Where commands write: answers to standard output, everything else to standard error."""

from rich.console import Console

__all__ = ["answers", "notes"]

answers = Console(highlight=False, soft_wrap=True)
notes = Console(stderr=True, highlight=False, soft_wrap=True)
