"""Reading requests strictly: one JSON form, bounded size, depth and time; every fault names its field. Server loop."""

import asyncio
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn, TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from ..models.errors import InvalidRequest
from .limits import Limits
from .problems import RequestRefused

__all__ = ["header_value", "parse_model", "query_model", "read_model", "refuse_forms", "strict_json"]

Model = TypeVar("Model", bound=BaseModel)
_ERRORS_MAX = 20
_NAME_MAX = 100
_FORMS = {"application/x-www-form-urlencoded", "multipart/form-data", "text/plain"}


async def read_model(request: web.Request, model: type[Model], limits: Limits) -> Model:
    """The request's JSON body as ``model``.

    Raises:
        RequestRefused: 400 not JSON, 408 too slow, 413 too large, 415 another type.
        InvalidRequest: JSON, but not what the model asks for.
    """
    _check_content_type(request)
    return parse_model(await _read(request, limits), model)


def parse_model(body: bytes, model: type[Model]) -> Model:
    """JSON as ``model``. Raises ``RequestRefused`` (400) where it is none, ``InvalidRequest``."""
    strict_json(body)
    try:
        return model.model_validate_json(body, strict=True)
    except ValidationError as error:
        if any(item["type"] == "json_invalid" for item in error.errors(include_url=False, include_context=False)):
            _not_json("It is nested too deeply, or has text that is not Unicode.")
        raise _invalid("The request has fields that are not valid.", error) from None


def refuse_forms(request: web.Request) -> None:
    """415 for what a web page of another origin can send unasked, where no body is needed at all."""
    if request.body_exists or request.content_type in _FORMS:
        _check_content_type(request)


def _check_content_type(request: web.Request) -> None:
    if len(request.headers.getall("Content-Type", [])) != 1 or request.content_type != "application/json":
        raise RequestRefused(415, "unsupported_media_type", "Send JSON with 'Content-Type: application/json'.")
    if (request.charset or "utf-8").lower() not in {"utf-8", "utf8"}:
        raise RequestRefused(415, "unsupported_media_type", "Send JSON in UTF-8.")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise RequestRefused(415, "unsupported_media_type", "Send the body without Content-Encoding.")


async def _read(request: web.Request, limits: Limits) -> bytes:
    too_large = RequestRefused(413, "too_large", f"The body may have at most {limits.body_bytes} bytes.")
    if (request.content_length or 0) > limits.body_bytes:
        raise too_large
    try:
        async with asyncio.timeout(limits.body_s):
            return await request.read()
    except TimeoutError:
        raise RequestRefused(408, "body_timeout", "The body did not arrive in time.") from None
    except web.HTTPRequestEntityTooLarge:
        raise too_large from None


def strict_json(body: bytes) -> Any:
    """JSON in the one form that everybody reads alike. Raises ``RequestRefused`` (400)."""
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_no_constant, object_pairs_hook=_no_duplicates)
    except UnicodeDecodeError:
        _not_json("It is not UTF-8.")
    except RecursionError:
        _not_json("It is nested too deeply.")
    except json.JSONDecodeError as error:
        _not_json(f"{error.msg} (line {error.lineno}, column {error.colno}).")
    except ValueError as error:
        # Python's own limit on digits says more about Python than about the request.
        _not_json(str(error) if isinstance(error, _NotStrict) else "It has a number that is too long.")


class _NotStrict(ValueError):
    """Valid for Python's parser, but not JSON that everybody reads alike."""


def _no_constant(name: str) -> NoReturn:
    raise _NotStrict(f"{name} is not JSON.")


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _NotStrict("An object has the same name twice.")
    return found


def _not_json(why: str) -> NoReturn:
    raise RequestRefused(400, "invalid_json", f"The body is not JSON. {why}")


def query_model(request: web.Request, model: type[Model]) -> Model:
    """The query string as ``model``; empty values count as left out. Raises ``InvalidRequest``."""
    twice = {name for name in request.query if len(request.query.getall(name)) > 1}
    if twice:
        raise InvalidRequest("A parameter is there twice.", _faults((name, "is there twice") for name in sorted(twice)))
    given = {name: value for name, value in request.query.items() if value}
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise _invalid("The query has parameters that are not valid.", error) from None


def header_value(headers: Mapping[str, str], name: str, pattern: str, rule: str) -> str | None:
    """A header that matches ``pattern`` whole, or None where it is not there. Raises ``InvalidRequest``."""
    value = headers.get(name)
    if value is not None and re.fullmatch(pattern, value) is None:
        raise InvalidRequest(f"{name} {rule}.", _faults([(name, rule)]))
    return value


def _invalid(message: str, error: ValidationError) -> InvalidRequest:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return InvalidRequest(message, _faults((".".join(map(str, item["loc"])), item["msg"]) for item in found))


def _faults(found: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    listed = [{"field": field[:_NAME_MAX], "message": message[:500]} for field, message in found]
    return listed[:_ERRORS_MAX]
