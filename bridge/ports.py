"""Says who has a port, where the system tells. Blocking; any thread."""

import psutil

__all__ = ["holder_of"]


def holder_of(port: int) -> str | None:
    """``process 4711: its command line``: whoever listens on a TCP port here, or None when it cannot be told."""
    try:
        connections = psutil.net_connections(kind="tcp")
    except psutil.Error:
        return None
    for connection in connections:
        where = connection.laddr
        if connection.status == psutil.CONN_LISTEN and where and where.port == port and connection.pid:
            return _named(connection.pid)
    return None


def _named(pid: int) -> str:
    try:
        process = psutil.Process(pid)
        words = process.cmdline()
        name = " ".join(words)[:120] if words else process.name()
    except psutil.Error:
        return f"process {pid}"
    return f"process {pid}: {name}"
