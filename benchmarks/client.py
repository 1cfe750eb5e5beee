"""A client that measures: one connection that is kept, as a polling page has it."""

import http.client
import json
import time
import urllib.parse
from typing import Any

__all__ = ["Client"]

_TIMEOUT_S = 60.0


class Client:
    """Calls to one server, one after the other."""

    def __init__(self, address: str) -> None:
        self._host = urllib.parse.urlsplit(address).netloc
        self._connection = http.client.HTTPConnection(self._host, timeout=_TIMEOUT_S)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """The decoded answer. Raises ``RuntimeError`` for an error."""
        data = None if method == "GET" else json.dumps({} if body is None else body)
        headers = {} if data is None else {"Content-Type": "application/json"}
        self._connection.request(method, path, data, headers)
        answer = self._connection.getresponse()
        text = answer.read()
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status} {text[:200]!r}")
        return json.loads(text)

    def timed(self, method: str, path: str, body: Any = None) -> tuple[float, Any]:
        """Milliseconds until the whole answer was there, and the answer."""
        begun = time.perf_counter()
        answer = self.call(method, path, body)
        return (time.perf_counter() - begun) * 1000, answer

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
