"""PNG files as chunks: whether one is whole, and without what changes from run to run. No bpy; any thread."""

import zlib
from pathlib import Path

__all__ = ["is_whole_png", "strip_texts"]

SIGNATURE = b"\x89PNG\r\n\x1a\n"


TEXTS = frozenset({b"tEXt", b"zTXt", b"iTXt", b"tIME"})


def is_whole_png(path: Path) -> bool:
    """Whether every chunk is there with its right checksum, from the signature to IEND."""
    try:
        data = path.read_bytes()
    except OSError:
        return False
    return _chunks(data) is not None


def strip_texts(path: Path) -> None:
    """Remove texts and times from a whole PNG; the pixels stay. Cycles writes how long it took into each picture."""
    chunks = _chunks(path.read_bytes())
    if chunks is None or not any(kind in TEXTS for kind, _ in chunks):
        return
    beside = path.with_name(f".{path.name}.part")
    beside.write_bytes(SIGNATURE + b"".join(chunk for kind, chunk in chunks if kind not in TEXTS))
    beside.replace(path)


def _chunks(data: bytes) -> list[tuple[bytes, bytes]] | None:
    """Kind and bytes of every chunk up to IEND; ``None`` when one is missing or damaged."""
    if not data.startswith(SIGNATURE):
        return None
    found, at = [], len(SIGNATURE)
    while at + 12 <= len(data):
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        if end > len(data) or zlib.crc32(data[at + 4 : end - 4]) != int.from_bytes(data[end - 4 : end], "big"):
            return None
        kind = data[at + 4 : at + 8]
        found.append((kind, data[at:end]))
        if kind == b"IEND":
            return found
        at = end
    return None
