"""Conditional and partial requests for files (RFC 9110, sections 13 and 14). Pure."""

import re
from collections.abc import Mapping

__all__ = ["RangeInvalid", "matches", "requested_range"]

_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})", re.ASCII | re.IGNORECASE)
_ETAG = re.compile(r'(?:W/)?("[^"]*")')


class RangeInvalid(Exception):
    """No byte of the file is in the range: 416."""


def matches(header: str | None, etag: str) -> bool:
    """Whether If-None-Match names this ETag. Weak comparison, as the RFC asks for here."""
    if header is None:
        return False
    return header.strip() == "*" or etag.removeprefix("W/") in _ETAG.findall(header)


def requested_range(headers: Mapping[str, str], size: int, etag: str) -> tuple[int, int] | None:
    """First and last byte to send, or None for the whole file.

    Several ranges, other units and what cannot be read are ignored, as the RFC allows; so is a range of another
    version (If-Range).

    Raises:
        RangeInvalid: it begins behind the end, or is empty.
    """
    found = _RANGE.fullmatch(headers.get("Range", "").strip())
    if found is None or headers.get("If-Range", etag) != etag:
        return None
    first, last = found.groups()
    if not first and not last:
        return None
    if not first:
        length = min(int(last), size)
        if length == 0:
            raise RangeInvalid
        return size - length, size - 1
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise RangeInvalid
    return int(first), min(int(last) if last else size - 1, size - 1)
