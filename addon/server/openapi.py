"""The OpenAPI 3.1 document, made of the operations' table and the models. Pure; made once when the app is."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from .operations import REF, Answer, Operation, fails

__all__ = ["document"]

_ALWAYS = (
    fails(400, "Not valid HTTP, or a body that is not JSON."),
    fails(401, "A token is set and was not sent."),
    fails(403, "A page of another origin may not do this."),
    fails(417, "Only 'Expect: 100-continue' is understood."),
    fails(421, "The Host header names another server."),
    fails(500, "Something went wrong here; the log has the details."),
    fails(503, "The output folder or its index cannot be used now."),
)
_WRITING = (
    fails(415, "The body is not of a type that is taken here, by its Content-Type."),
    fails(507, "The disk of the output folder is full; nothing was acknowledged."),
)
_WITH_BODY = (
    fails(408, "The body did not arrive in time."),
    fails(413, "The body is too large."),
)
_ABOUT = (
    "A prompt becomes a Blender scene. Every GET also answers HEAD, and every path OPTIONS. Errors are RFC 9457 "
    "problem details with a stable `code`."
)


def document(operations: Iterable[Operation], version: str) -> dict[str, Any]:
    """The whole document as plain data."""
    operations = list(operations)
    requests = {operation.request for operation in operations if operation.request}
    answered = {answer.model for operation in operations for answer in _answers(operation) if answer.model}
    names = sorted(answered, key=lambda model: model.__name__)
    refs, schemas = models_json_schema(
        [(model, "validation") for model in sorted(requests, key=lambda model: model.__name__)]
        + [(model, "serialization") for model in names],
        ref_template=REF,
    )
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, dict(refs))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Scenekeeper",
            "version": version,
            "description": _ABOUT,
            "license": {"name": "GPL-3.0-or-later", "identifier": "GPL-3.0-or-later"},
        },
        "servers": [{"url": "/"}],
        "security": [{}, {"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas.get("$defs", {}),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "Where SCENEKEEPER_TOKEN is set"}
            },
        },
    }


def _answers(operation: Operation) -> list[Answer]:
    writing = operation.method != "GET"
    common = (*_ALWAYS, *(_WRITING if writing else ()), *(_WITH_BODY if operation.request or operation.form else ()))
    # An operation's own words go before the common ones.
    by_status = {answer.status: answer for answer in (*common, *operation.answers)}
    return [by_status[status] for status in sorted(by_status)]


def _operation(operation: Operation, refs: dict[Any, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "responses": {str(answer.status): _answer(answer, refs) for answer in _answers(operation)},
    }
    if operation.description:
        described["description"] = operation.description
    if operation.parameters:
        described["parameters"] = [
            {
                "name": parameter.name,
                "in": parameter.location,
                "description": parameter.description,
                "required": parameter.location == "path",
                "schema": dict(parameter.schema),
                **({} if parameter.example is None else {"example": parameter.example}),
            }
            for parameter in operation.parameters
        ]
    content: dict[str, Any] = {}
    if operation.request:
        content["application/json"] = {"schema": refs[operation.request, "validation"]}
    if operation.form:
        content["multipart/form-data"] = {"schema": dict(operation.form)}
    if content:
        described["requestBody"] = {"required": True, "content": content}
    return described


def _answer(answer: Answer, refs: dict[tuple[type[BaseModel], str], Any]) -> dict[str, Any]:
    described: dict[str, Any] = {"description": answer.description or HTTPStatus(answer.status).phrase}
    if answer.headers:
        described["headers"] = {
            name: {"description": text, "schema": {"type": "string"}} for name, text in answer.headers.items()
        }
    if answer.model:
        media_types = answer.media_types or ("application/json",)
        described["content"] = {name: {"schema": refs[answer.model, "serialization"]} for name in media_types}
    elif answer.media_types:
        described["content"] = {name: {} for name in answer.media_types}
    return described
