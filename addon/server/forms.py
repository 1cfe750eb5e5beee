"""Reading multipart/form-data: a few fields, and files that go to disk as they arrive. Server loop; disk in threads.

A file part is called ``file``, or by what the file shall become (``logo``, ``frame``, ``decal``, ``backdrop``,
``model``). Its content says what it is; its name is for people.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Collection, Mapping
from typing import Any, NoReturn

from aiohttp import BodyPartReader, ClientPayloadError, web
from aiohttp.http_exceptions import HttpProcessingError

from ..formats import MAX_BYTES
from ..models.errors import InvalidRequest
from ..models.uploads import MAX_UPLOADS, UploadRole
from ..state.uploads import Receiving
from .context import CONTEXT, FILES, run_blocking
from .limits import Limits
from .problems import RequestRefused

__all__ = ["FILE_PARTS", "Form", "is_form", "received"]

_FILE = "file"
_PIECE = 1 << 20
FILE_PARTS: Mapping[str, Any] = {
    _FILE: {
        "type": "array",
        "items": {"type": "string", "format": "binary"},
        "maxItems": MAX_UPLOADS,
        "description": "SVG, PNG, JPEG, WebP, GLB, OBJ or STL, known by its content",
    },
    **{
        role.value: {"type": "string", "format": "binary", "description": f"A file that becomes the {role.value}"}
        for role in UploadRole
    },
}
"""The parts that carry files, for the OpenAPI document."""


class Form:
    """What came: ``fields`` as bytes, and the files."""

    def __init__(self, receiving: Receiving) -> None:
        self.fields: dict[str, bytes] = {}
        self.receiving = receiving


def is_form(request: web.Request) -> bool:
    """Whether the body says that it is a form with files."""
    return request.content_type == "multipart/form-data" and len(request.headers.getall("Content-Type")) == 1


@contextlib.asynccontextmanager
async def received(request: web.Request, fields: Collection[str]) -> AsyncIterator[Form]:
    """The form, whole and looked at; at the end what was not kept is removed.

    Raises:
        RequestRefused: 400 not a form, 408 too slow, 413 too large.
        InvalidRequest: a part or a file that is not taken; the message names it.
        UploadsFull, NoRoom, FolderReadOnly
    """
    limits = request.app[CONTEXT].limits
    if (request.content_length or 0) > limits.upload_bytes:
        raise _too_large(limits)
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise RequestRefused(415, "unsupported_media_type", "Send the body without Content-Encoding.")
    files = request.app[FILES]
    form = Form(await run_blocking(files, request.app[CONTEXT].store.uploads.receive))
    try:
        try:
            async with asyncio.timeout(limits.upload_s):
                await _Reader(request, form, fields, limits).read()
        except TimeoutError:
            raise RequestRefused(408, "body_timeout", "The body did not arrive in time.") from None
        yield form
    finally:
        await asyncio.shield(run_blocking(files, form.receiving.discard))


class _Reader:
    def __init__(self, request: web.Request, form: Form, fields: Collection[str], limits: Limits) -> None:
        self._request = request
        self._form = form
        self._fields = fields
        self._limits = limits
        self._size = 0
        self._files = 0

    async def read(self) -> None:
        try:
            parts = await self._request.multipart()
            while (part := await parts.next()) is not None:
                if not isinstance(part, BodyPartReader):
                    _not_a_form()
                await self._part(part)
        except (ValueError, AssertionError, HttpProcessingError, ClientPayloadError):
            # aiohttp's own ways to say that boundaries or a part's headers are not what they must be.
            _not_a_form()

    async def _part(self, part: BodyPartReader) -> None:
        name = part.name or ""
        if part.headers.get("Content-Transfer-Encoding", "binary").lower() not in ("binary", "8bit", "7bit"):
            _not_a_form()
        if name in self._fields and part.filename is None:
            if name in self._form.fields:
                raise _refused(name, "is there twice")
            self._form.fields[name] = await self._field(part)
        elif name == _FILE or name in set(UploadRole):
            await self._file(part, UploadRole(name) if name != _FILE else None)
        else:
            taken = ", ".join([*self._fields, _FILE, *UploadRole])
            raise _refused(name or "(without a name)", f"is no part that is taken here: {taken}")

    async def _field(self, part: BodyPartReader) -> bytes:
        found = bytearray()
        while piece := await part.read_chunk(1 << 16):
            found += piece
            if len(found) > self._limits.body_bytes:
                raise RequestRefused(413, "too_large", f"A field may have at most {self._limits.body_bytes} bytes.")
        return bytes(found)

    async def _file(self, part: BodyPartReader, role: UploadRole | None) -> None:
        self._files += 1
        if self._files > MAX_UPLOADS:
            raise _refused(part.name or _FILE, f"is one file too many: a request may have {MAX_UPLOADS}")
        receiving, disk = self._form.receiving, self._request.app[FILES]
        staging = await run_blocking(disk, receiving.begin)
        size, gathered = 0, bytearray()
        while piece := await part.read_chunk(1 << 16):
            size, self._size = size + len(piece), self._size + len(piece)
            if size > MAX_BYTES or self._size > self._limits.upload_bytes:
                raise _too_large(self._limits)
            gathered += piece
            if len(gathered) >= _PIECE:
                await run_blocking(disk, receiving.write, staging, bytes(gathered))
                gathered.clear()
        await run_blocking(disk, receiving.write, staging, bytes(gathered))
        await run_blocking(disk, receiving.end, staging, part.filename or part.name or "", role)


def _too_large(limits: Limits) -> RequestRefused:
    each, all_together = MAX_BYTES >> 20, limits.upload_bytes >> 20
    told = f"A file may have at most {each} MB, all files of a request together at most {all_together} MB."
    return RequestRefused(413, "too_large", told)


def _refused(name: str, why: str) -> InvalidRequest:
    return InvalidRequest("The form has parts that are not valid.", [{"field": name[:100], "message": why}])


def _not_a_form() -> NoReturn:
    raise RequestRefused(400, "invalid_form", "The body is not multipart/form-data.") from None
