"""How much and how long a client may: the bounds of the server. Values only, any thread."""

from dataclasses import dataclass

__all__ = ["Limits"]


@dataclass(frozen=True)
class Limits:
    """Bounds of one server. Times in seconds, sizes in bytes."""

    head_s: float = 10.0
    """From the first byte of a request (or the connection's start) until its headers are complete."""
    body_s: float = 20.0
    """For the whole body of a request."""
    write_s: float = 30.0
    """Without the client taking a single byte of an answer."""
    idle_s: float = 75.0
    """A connection without a request."""
    linger_s: float = 2.0
    """For what a client still sends after its request was refused."""
    stop_s: float = 3.0
    """For requests that are being answered when the server stops."""
    body_bytes: int = 256 * 1024
    """A prompt of the greatest length fits, with every character escaped."""
    upload_bytes: int = 64 << 20
    """All files of one request together."""
    upload_s: float = 120.0
    """For the whole body of a request with files."""
    connections: int = 500
    streams: int = 100
    """Server-sent event streams at once."""
    stream_backlog: int = 2_000
    """Sessions with changes that a stream has not yet taken; a slower reader is dropped and resumes by itself."""
    stream_life_s: float = 3_600.0
    """An event stream ends after this time; clients resume by themselves."""
    heartbeat_s: float = 15.0
    poll_s: float = 0.25
    """Between two looks at what other processes changed."""
