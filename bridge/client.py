"""Talks to a running bridge (or a Blender that serves the folder) over HTTP. In the command line's event loop."""

import json
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

import aiohttp
from pydantic import ValidationError

from addon.models.api import Accepted, GenerateRequest, Health, ProblemDetails, SessionPage, SessionView
from addon.models.uploads import SentFile

from .exits import Exit, Refusal

__all__ = ["Client"]

_TIMEOUT_S = 30.0


class Client:
    """One server. Every call raises ``Refusal`` when the server is gone or refuses."""

    def __init__(self, address: str, token: str | None) -> None:
        self.address = address.rstrip("/")
        self._token = token
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        self._session = aiohttp.ClientSession(headers=headers, timeout=aiohttp.ClientTimeout(total=_TIMEOUT_S))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def generate(self, request: GenerateRequest, files: Sequence[SentFile] = ()) -> Accepted:
        """Submit, with files; the session is on disk when this returns."""
        body: Any = request.model_dump(mode="json", exclude_none=True)
        if files:
            body = _form(body, files)
        return Accepted.model_validate_json(await self._call("POST", "/api/generate", body=body))

    async def session(self, session_id: str) -> SessionView:
        """How it stands."""
        return SessionView.model_validate_json(await self._call("GET", f"/api/session/{session_id}"))

    async def sessions(self, parameters: dict[str, str]) -> SessionPage:
        """A page of them, newest first."""
        return SessionPage.model_validate_json(await self._call("GET", "/api/sessions", parameters=parameters))

    async def cancel(self, session_id: str) -> Accepted:
        """Ask for its end."""
        return Accepted.model_validate_json(await self._call("POST", f"/api/session/{session_id}/cancel", body={}))

    async def retry(self, session_id: str) -> Accepted:
        """Run it again as a new session."""
        return Accepted.model_validate_json(await self._call("POST", f"/api/session/{session_id}/retry", body={}))

    async def health(self) -> Health:
        """Of the server and of its Blender."""
        return Health.model_validate_json(await self._call("GET", "/api/health"))

    async def recover(self) -> bytes:
        """Go through the whole folder; JSON of a ``RecoverySummary``."""
        return await self._call("POST", "/api/recover", body={})

    async def _call(
        self, method: str, path: str, *, body: Any = None, parameters: dict[str, str] | None = None
    ) -> bytes:
        if self._session is None:
            raise RuntimeError("the client is used outside its context")
        try:
            async with self._session.request(
                method, self.address + path, params=parameters, allow_redirects=False, **_as_sent(body)
            ) as response:
                content = await response.read()
                if response.status >= 300:
                    raise _refusal(response.status, content)
                return content
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Refusal(
                Exit.NO_SERVER, f"Nothing answers at {self.address}. Start a bridge first: scenekeeper serve"
            ) from error


def _as_sent(body: Any) -> dict[str, Any]:
    return {"data": body} if isinstance(body, aiohttp.FormData) else {"json": body}


def _form(request: dict[str, Any], files: Sequence[SentFile]) -> aiohttp.FormData:
    form = aiohttp.FormData()
    form.add_field("request", json.dumps(request))
    for role, path in files:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise Refusal(Exit.USAGE, f"--file {path}: {error.strerror}.") from error
        form.add_field(role or "file", content, filename=path.name)
    return form


def _refusal(status: int, content: bytes) -> Refusal:
    try:
        problem = ProblemDetails.model_validate_json(content)
    except ValidationError:
        return Refusal(Exit.REFUSED, f"The server answered {status}, and not in the way of Scenekeeper.")
    lines = [problem.detail, *(f"  {error.field}: {error.message}" for error in problem.errors)]
    return Refusal(Exit.UNKNOWN_SESSION if status == 404 else Exit.REFUSED, "\n".join(lines))
