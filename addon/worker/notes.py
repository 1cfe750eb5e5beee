"""What the reviewer writes into concept.md, for an artist. Pure; any thread."""

from collections.abc import Sequence

from ..planning.concept import plain
from .backend import Finding

__all__ = ["review_section"]


def review_section(before: Sequence[str], after: Sequence[str], findings: Sequence[Finding]) -> str:
    """Markdown: what was mended ``before`` the picture was taken and ``after``, and what is left as it is."""
    parts = ["", "## Review", ""]
    parts += [f"- Mended before the picture was taken: {plain(text)}" for text in before]
    parts += [f"- Mended, and the picture taken again: {plain(text)}" for text in after]
    if findings:
        parts += ["" if before or after else "- Nothing was mended.", "", "### What is not as it should be", ""]
        parts += [f"- {plain(finding.message)}" for finding in findings]
    else:
        parts.append("- Everything planned is in the picture and visible; exposure and contrast are right.")
    return "\n".join(parts) + "\n"
