"""Whether a PNG on disk is whole. No bpy; any thread."""

import zlib
from pathlib import Path

__all__ = ["is_whole_png"]

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def is_whole_png(path: Path) -> bool:
    """Whether every chunk is there with its right checksum, from the signature to IEND."""
    try:
        data = path.read_bytes()
    except OSError:
        return False
    if not data.startswith(SIGNATURE):
        return False
    at = len(SIGNATURE)
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        end = at + 8 + length
        if end + 4 > len(data) or zlib.crc32(data[at + 4 : end]) != int.from_bytes(data[end : end + 4], "big"):
            return False
        if data[at + 4 : at + 8] == b"IEND":
            return True
        at = end + 4
    return False
