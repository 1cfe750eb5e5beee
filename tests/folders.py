"""Session folders as tests need them: whole ones, torn ones, and ones of older versions."""

import json
import struct
import zlib
from pathlib import Path
from typing import Any

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def png(width: int = 8, height: int = 4, shade: int = 90) -> bytes:
    """A whole RGB picture."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\x00" + bytes([shade, x % 256, shade]) * width for x in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return PNG_SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def blend() -> bytes:
    """The smallest file that has a .blend's shape: header, one block, end block (the layout before 5.0)."""
    block = struct.pack("<4siQii", b"DATA", 16, 1, 0, 1) + bytes(range(16))
    return b"BLENDER-v403" + block + struct.pack("<4siQii", b"ENDB", 0, 0, 0, 0)


def blend_5() -> bytes:
    """The same in the layout of 5.0 and later."""
    block = struct.pack("<4siQqq", b"DATA", 0, 1, 16, 1) + bytes(range(16))
    return b"BLENDER17-01v0500" + block + struct.pack("<4siQqq", b"ENDB", 0, 0, 0, 0)


def session_folder(output: Path, name: str, state: dict[str, Any] | bytes | None = None, **files: bytes) -> Path:
    """A folder with a state file (a dict, raw bytes, or none) and files; ``scene_blend=`` is scene.blend."""
    folder = output / name
    folder.mkdir(parents=True)
    if state is not None:
        data = state if isinstance(state, bytes) else json.dumps(state).encode()
        (folder / "session_state.json").write_bytes(data)
    for key, content in files.items():
        stem, _, suffix = key.rpartition("_")
        (folder / f"{stem}.{suffix}").write_bytes(content)
    return folder


def state_v1(name: str, **fields: Any) -> dict[str, Any]:
    """A state file as a version of this schema writes it."""
    now = "2026-01-02T03:04:05.000006Z"
    return {
        "schema_version": 1, "seq": 7, "id": name, "status": "pending", "prompt": "a cup", "agents": [],
        "options": {}, "created_at": now, "updated_at": now, "started_at": None, "completed_at": None,
        "current_stage": None, "stages": [], "attempts": 0, "worker": None, "cancel_requested_at": None,
        "retry_of": None, "result": None, "recovered_from_disk": False, "recovery": [],
        "idempotency_fingerprint": None,
    } | fields  # fmt: skip
