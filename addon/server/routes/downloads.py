"""GET /api/download/{id}/{kind}: the files of a session. Server loop; reading and hashing in threads."""

import asyncio
import contextlib
import hashlib
import os
from collections.abc import AsyncGenerator, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BufferedReader

from aiohttp import web

from ...models.errors import UnknownArtifact
from ...state.artifacts import DOWNLOADS, ArtifactFile
from ..answers import session_id
from ..context import CONTEXT, FILES, run_blocking
from ..operations import ID, Answer, Operation, Parameter, fails
from ..problems import RequestRefused
from ..ranges import RangeInvalid, matches, requested_range
from ..sending import CHUNK, HashCache, open_artifact, zipped
from ..views import BUNDLE

__all__ = ["HASHES", "OPERATIONS"]

HASHES = web.AppKey("hashes", HashCache)
_CACHE = "private, no-cache"


async def download(request: web.Request) -> web.StreamResponse:
    """One file, or all of them as a zip."""
    name, kind = session_id(request), request.match_info["kind"]
    if kind == BUNDLE:
        return await _bundle(request, name)
    store = request.app[CONTEXT].store
    artifact = store.artifact(name, kind)
    headers = {
        "ETag": _etag(artifact),
        "Cache-Control": _CACHE,
        "Accept-Ranges": "bytes",
        "Content-Disposition": f'attachment; filename="{name[:8]}-{artifact.name}"',
    }
    if matches(request.headers.get("If-None-Match"), headers["ETag"]):
        return web.Response(status=304, headers=headers)
    file = await run_blocking(request.app[FILES], open_artifact, artifact, request.app[HASHES])
    try:
        return await _send_file(request, file, artifact.media_type, headers)
    finally:
        file.close()


def _etag(artifact: ArtifactFile) -> str:
    if artifact.sha256 is not None:
        return f'"{artifact.sha256}"'
    return f'"{artifact.mtime_ns:x}-{artifact.size:x}"'


async def _send_file(
    request: web.Request, file: BufferedReader, media_type: str, headers: dict[str, str]
) -> web.StreamResponse:
    size = os.fstat(file.fileno()).st_size
    try:
        part = requested_range(request.headers, size, headers["ETag"])
    except RangeInvalid:
        raise RequestRefused(
            416, "range_not_satisfiable", "The file is shorter than that.", {"Content-Range": f"bytes */{size}"}
        ) from None
    first, last = part or (0, size - 1)
    response = web.StreamResponse(status=206 if part else 200, headers=headers)
    response.content_type = media_type
    response.content_length = left = last - first + 1
    if part:
        response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    await response.prepare(request)
    if request.method == "HEAD":
        return response
    file.seek(first)
    while left > 0:
        chunk = await run_blocking(request.app[FILES], file.read, min(CHUNK, left))
        if not chunk:
            raise ConnectionResetError("the file was cut off while it was sent")
        left -= len(chunk)
        await response.write(chunk)
    await response.write_eof()
    return response


async def _bundle(request: web.Request, name: str) -> web.StreamResponse:
    store = request.app[CONTEXT].store
    artifacts = [store.artifact(name, kind) for kind in store.artifact_kinds(name)]
    if not artifacts:
        raise UnknownArtifact("This session has no files yet.")
    tags = " ".join(f"{artifact.name}={_etag(artifact)}" for artifact in artifacts)
    headers = {
        "ETag": f'"{hashlib.sha256(tags.encode()).hexdigest()}"',
        "Cache-Control": _CACHE,
        "Content-Disposition": f'attachment; filename="{name[:8]}.zip"',
    }
    if matches(request.headers.get("If-None-Match"), headers["ETag"]):
        return web.Response(status=304, headers=headers)
    with contextlib.ExitStack() as opened:
        files = []
        for artifact in artifacts:
            file = await run_blocking(request.app[FILES], open_artifact, artifact, request.app[HASHES])
            files.append((artifact.name, opened.enter_context(file)))
        response = web.StreamResponse(headers=headers)
        response.content_type = "application/zip"
        await response.prepare(request)
        if request.method == "HEAD":
            return response
        async with contextlib.aclosing(_in_thread(request.app[FILES], zipped(files, name[:8]))) as chunks:
            async for chunk in chunks:
                await response.write(chunk)
        await response.write_eof()
        return response


async def _in_thread(executor: ThreadPoolExecutor, chunks: Iterator[bytes]) -> AsyncGenerator[bytes]:
    """Each piece is made in a thread. When the client leaves, the piece that is being made is waited for."""
    loop = asyncio.get_running_loop()
    while True:
        piece = loop.run_in_executor(executor, next, chunks, None)
        try:
            chunk = await asyncio.shield(piece)
        except asyncio.CancelledError:
            await asyncio.wait([piece])
            raise
        if chunk is None:
            return
        yield chunk


_KINDS = [*DOWNLOADS, BUNDLE]
_MEDIA_TYPES = (
    "application/x-blender",
    "image/png",
    "model/gltf-binary",
    "video/mp4",
    "video/webm",
    "text/markdown",
    "application/json",
    "application/zip",
    "application/octet-stream",
)

OPERATIONS = (
    Operation(
        "GET",
        "/api/download/{id}/{kind}",
        "download",
        "A file of a session",
        download,
        (
            Answer(200, "The file.", media_types=_MEDIA_TYPES, headers={"ETag": "Changes with the file"}),
            Answer(206, "The part in Range.", media_types=_MEDIA_TYPES, headers={"Content-Range": "Which part"}),
            Answer(304, "Not changed since the ETag in If-None-Match."),
            fails(404, "There is no such session, or it has no such file (yet)."),
            fails(409, "The file is not the one that was verified when the session made it."),
            fails(416, "The file is shorter than the Range."),
        ),
        (
            ID,
            Parameter("kind", "path", "Which file; bundle: all, as a zip", {"type": "string", "enum": _KINDS}),
            Parameter("Range", "header", "One range of bytes; not for the bundle", {"type": "string"}, "bytes=0-1023"),
            Parameter("If-None-Match", "header", "The ETag that the client has", {"type": "string"}),
            Parameter("If-Range", "header", "Send the range only if the ETag is still this", {"type": "string"}),
        ),
    ),
)
