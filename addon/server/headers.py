"""Headers that every answer has, also one to something that is not HTTP. Values only."""

from aiohttp import web

__all__ = ["harden"]

_SERVER = "scenekeeper"
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def harden(response: web.StreamResponse) -> None:
    """Add them; a route's own go before these."""
    response.headers["Server"] = _SERVER  # without this aiohttp tells its version and Python's
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
