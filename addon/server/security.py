"""Who may call: the rules for Host, Origin, Sec-Fetch-Site and the token. Pure; the middleware applies them.

A web page in the user's browser can reach loopback. What tells it apart from the user's own tools is what a browser
cannot help sending: the Host it believes to talk to (DNS rebinding) and the Origin it comes from.
"""

import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .problems import RequestRefused

__all__ = ["SAFE_METHODS", "AccessRules", "cors_headers", "preflight_headers"]

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(?P<port>[0-9]{1,5}))?", re.ASCII)
_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
_METHODS = "GET, HEAD, POST, DELETE, OPTIONS"
_REQUEST_HEADERS = "Authorization, Content-Type, Idempotency-Key, If-None-Match, Last-Event-ID, Range"
_ANSWER_HEADERS = "Content-Disposition, Content-Range, ETag, Location, Retry-After"


@dataclass(frozen=True)
class AccessRules:
    """The rules of one server. ``hosts``: further names, with a port or for any port; ``origins`` as browsers send."""

    hosts: Sequence[str] = ()
    origins: Sequence[str] = ()
    token: str | None = None

    def check_host(self, values: Sequence[str], local: tuple[str, int]) -> None:
        """``values``: all Host headers; ``local``: address and port that the connection came in on."""
        if len(values) != 1:
            raise RequestRefused(400, "bad_request", "The request must have one Host header.")
        if not self._is_ours(values[0], local):
            raise RequestRefused(421, "host_refused", "This server does not answer for this host name.")

    def check_origin(self, headers: Mapping[str, str], method: str, local: tuple[str, int]) -> None:
        """403 for pages that are neither ours nor of an allowed origin."""
        origin = headers.get("Origin")
        if origin is None:
            if method not in SAFE_METHODS and headers.get("Sec-Fetch-Site", "none") not in {"none", "same-origin"}:
                raise RequestRefused(403, "origin_refused", "Pages of other sites may not do this.")
            return
        scheme, _, host = origin.partition("://")
        if origin not in self.origins and not (scheme == "http" and self._is_ours(host, local)):
            raise RequestRefused(403, "origin_refused", "Pages of this origin may not call this server.")

    def check_token(self, headers: Mapping[str, str]) -> None:
        """401 unless the token is there, where one is set."""
        if self.token is None:
            return
        scheme, _, given = headers.get("Authorization", "").partition(" ")
        same = hmac.compare_digest(given.strip().encode("utf-8", "replace"), self.token.encode())
        if scheme.lower() != "bearer" or not same:
            raise RequestRefused(
                401,
                "unauthorized",
                "Send the token as 'Authorization: Bearer …'.",
                {"WWW-Authenticate": 'Bearer realm="scenekeeper"'},
            )

    def _is_ours(self, host: str, local: tuple[str, int]) -> bool:
        found = _HOST.fullmatch(host)
        if found is None:
            return False
        name, port = found["name"].lower(), int(found["port"] or 80)
        address = f"[{local[0]}]" if ":" in local[0] else local[0]
        if (name in _LOOPBACK_NAMES or name == address.lower()) and port == local[1]:
            return True
        further = {item.lower() for item in self.hosts}
        return name in further or f"{name}:{port}" in further


def cors_headers(origin: str) -> dict[str, str]:
    """On every answer to a page of an allowed origin."""
    return {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": _ANSWER_HEADERS, "Vary": "Origin"}


def preflight_headers() -> dict[str, str]:
    """On the answer to a preflight, beside ``cors_headers``."""
    return {
        "Access-Control-Allow-Methods": _METHODS,
        "Access-Control-Allow-Headers": _REQUEST_HEADERS,
        "Access-Control-Max-Age": "600",
    }
