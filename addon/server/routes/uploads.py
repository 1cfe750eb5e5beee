"""POST /api/uploads: files that later requests name. Server loop; the disk in threads."""

from aiohttp import web

from ...models.errors import InvalidRequest
from ...models.uploads import UploadList, UploadView, WaitingUpload
from ..answers import json_answer
from ..context import FILES, run_blocking
from ..forms import FILE_PARTS, is_form, received
from ..operations import Answer, Operation, fails
from ..problems import RequestRefused

__all__ = ["OPERATIONS"]


async def upload(request: web.Request) -> web.Response:
    """Take files; they are on disk when this answers."""
    if not is_form(request):
        raise RequestRefused(415, "unsupported_media_type", "Send files with 'Content-Type: multipart/form-data'.")
    async with received(request, ()) as form:
        if not form.receiving.attached:
            raise InvalidRequest("There is no file in the request.", [{"field": "file", "message": "is missing"}])
        kept = await run_blocking(request.app[FILES], form.receiving.keep)
    return json_answer(UploadList(uploads=[_view(record) for record in kept]), status=201)


def _view(record: WaitingUpload) -> UploadView:
    fields = record.model_dump(include=set(UploadView.model_fields))
    return UploadView(id=record.upload_id, **fields)


OPERATIONS = (
    Operation(
        "POST",
        "/api/uploads",
        "upload",
        "Keep files for later requests",
        upload,
        (
            Answer(201, "The files are on disk, whole and harmless; until they expire a request may name them.",
                   UploadList),
            fails(413, "A file, or all together, are too large."),
            fails(422, "A file is damaged, of another type, or more than a drawing, picture or shape; or too many."),
            fails(429, "As many files wait as this server keeps."),
        ),
        form={"type": "object", "properties": dict(FILE_PARTS), "additionalProperties": False},
    ),
)  # fmt: skip
