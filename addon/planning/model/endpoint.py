"""One OpenAI-compatible endpoint: a conversation in, an answer's text out; retries, back-off, bounds.

Runs in the event loop that ``watch`` makes in the worker's main thread. Nothing that the endpoint says goes into an
error's text: some endpoints quote the key when they refuse it.
"""

import asyncio
import json
import random
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from pydantic import SecretStr

from ...models.errors import ScenekeeperError

__all__ = ["Answer", "ChatClient", "Endpoint", "Message", "ModelUnavailable"]

Message = dict[str, str]
"""``role`` and ``content``, as in the protocol."""

_TRIES = 4
_MAX_BYTES = 2_000_000
_CONNECT_S = 10.0
_TELLING = 12
_MAX_PAUSE_S = 30.0
_PASSING = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
"""Answers after which the same request may succeed."""
_NOT_UNDERSTOOD = frozenset({400, 422})
_MEANINGS = {
    401: "refused the key",
    402: "wants to be paid",
    403: "refused the key",
    404: "knows no such model or address",
    408: "took too long",
    413: "found the request too long",
    429: "has too much to do, or the quota is used up",
}


class ModelUnavailable(ScenekeeperError):
    """No plan comes from the model; the message is a sentence that says why, without anything secret."""

    code = "model_unavailable"


@dataclass(frozen=True)
class Endpoint:
    """Where the model is. ``timeout_s`` is for a whole plan; ``first_pause_s`` doubles with each retry."""

    url: str
    model: str
    key: SecretStr | None = None
    timeout_s: float = 180.0
    first_pause_s: float = 1.0

    @property
    def address(self) -> str:
        """Of the chat completions."""
        base = self.url.rstrip("/")
        if base.endswith("/chat/completions"):
            return base
        if not urlsplit(base).path:
            base += "/v1"
        return f"{base}/chat/completions"

    def appears_in(self, text: str) -> bool:
        """Whether ``text`` holds the key, or a good part of it."""
        return self.key is not None and self.key.get_secret_value()[:_TELLING] in text


@dataclass(frozen=True)
class Answer:
    """What the model said; ``whole``: it came to its end by itself."""

    text: str
    whole: bool


class ChatClient:
    """Asks one endpoint. Remembers when the endpoint understands nothing but the bare protocol."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._bare = False

    async def ask(self, messages: Sequence[Message], seed: int, until: float) -> Answer:
        """The answer to a conversation. Raises ``ModelUnavailable``.

        ``until`` is the event loop's time at which a retry makes no sense any more; the caller enforces it.
        """
        # No redirects and no environment's proxies: the key goes to the named address only.
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_S)
        async with aiohttp.ClientSession(timeout=timeout, auto_decompress=False) as http:
            for attempt in range(_TRIES):
                wanted = 0.0
                try:
                    status, wanted, body = await self._post(http, messages, seed)
                    if status in _NOT_UNDERSTOOD and not self._bare:
                        self._bare = True
                        status, wanted, body = await self._post(http, messages, seed)
                    if status == 200:
                        return _read(body)
                    if status not in _PASSING:
                        raise ModelUnavailable(_meaning(status))
                    problem = _meaning(status)
                except (aiohttp.ClientError, OSError) as error:
                    problem = _connection_problem(error)
                pause = max(wanted, self._endpoint.first_pause_s * 2**attempt * random.uniform(0.75, 1.25))
                is_late = asyncio.get_running_loop().time() + pause >= until
                if attempt == _TRIES - 1 or is_late or pause > _MAX_PAUSE_S:
                    break
                await asyncio.sleep(pause)
            raise ModelUnavailable(problem)

    async def _post(
        self, http: aiohttp.ClientSession, messages: Sequence[Message], seed: int
    ) -> tuple[int, float, bytes]:
        """Status, seconds that the endpoint asks to wait, body."""
        request: dict[str, Any] = {"model": self._endpoint.model, "messages": list(messages), "stream": False}
        if not self._bare:
            request |= {"temperature": 0, "seed": seed, "response_format": {"type": "json_object"}}
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        if self._endpoint.key is not None:
            headers["Authorization"] = f"Bearer {self._endpoint.key.get_secret_value()}"
        async with http.post(self._endpoint.address, json=request, headers=headers, allow_redirects=False) as answer:
            body = bytearray()
            async for chunk in answer.content.iter_any():
                body += chunk
                if len(body) > _MAX_BYTES:
                    raise ModelUnavailable("The language model's answer is too long.")
            return answer.status, _seconds(answer.headers.get("Retry-After")), bytes(body)


def _read(body: bytes) -> Answer:
    """The first choice of a completion."""
    try:
        data = json.loads(body)
        choice = data["choices"][0]
        content = choice["message"]["content"]
        if isinstance(content, list):
            content = "".join(part["text"] for part in content if part.get("type") == "text")
        ended = choice.get("finish_reason")
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        raise ModelUnavailable("The address does not speak the protocol of chat completions.") from None
    if content is not None and not isinstance(content, str):
        raise ModelUnavailable("The address does not speak the protocol of chat completions.")
    if ended == "content_filter" or (not content and choice["message"].get("refusal")):
        raise ModelUnavailable("The language model refused to answer.")
    return Answer(content or "", whole=ended != "length")


def _meaning(status: int) -> str:
    if status in _MEANINGS:
        return f"The language model's endpoint {_MEANINGS[status]} ({status})."
    if 300 <= status < 400:
        return f"The language model's endpoint has moved, which is not followed ({status})."
    return f"The language model's endpoint had an error ({status})."


def _connection_problem(error: Exception) -> str:
    if isinstance(error, aiohttp.ClientConnectorCertificateError | ssl.SSLError):
        return "The certificate of the language model's endpoint is not trusted."
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ServerTimeoutError):
        return "The language model's endpoint cannot be reached."
    return "The connection to the language model's endpoint broke."


def _seconds(header: str | None) -> float:
    """Of ``Retry-After``; dates, which no model's endpoint is known to send, count as none."""
    return float(header) if header is not None and header.isascii() and header.isdigit() else 0.0
