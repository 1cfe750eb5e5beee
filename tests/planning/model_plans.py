"""Answers that a model may give, and a planner that asks the test's server."""

from typing import Any

from pydantic import SecretStr

from addon.planning import OfflinePlanner
from addon.planning.model import Endpoint, ModelPlanner
from tests.planning.boxes import boxes
from tests.planning.chat_server import ChatServer

__all__ = ["KEY", "OFFLINE", "PLAN", "SUNDIAL", "planner_of"]

Json = dict[str, Any]
KEY = "sk-very-secret-0123456789"
OFFLINE = OfflinePlanner(boxes())

SUNDIAL: Json = {
    "name": "sundial",
    "size": [0.5, 0.5, 0.9],
    "slots": {"body": {"material": "stone", "color": "#b8b0a0", "paintable": True}},
    "surfaces": {"top": {"at": [0, 0, 0.8], "size": [0.3, 0.3]}},
    "parts": [
        {"name": "column", "shape": "cylinder", "size": [0.22, 0.22, 0.75], "pivot": "bottom"},
        {"name": "plate", "shape": "cylinder", "size": [0.5, 0.5, 0.05], "at": [0, 0, 0.75], "pivot": "bottom"},
        {"name": "gnomon", "shape": "box", "size": [0.02, 0.2, 0.1], "at": [0, 0, 0.8], "pivot": "bottom"},
    ],
}

PLAN: Json = {
    "title": "Two cups on a table",
    "environment": {"kind": "indoor", "mood": "warm"},
    "objects": [
        {"id": "cups", "recipe": "cup", "noun": "cup", "count": 2, "color": "#c81e1e", "color_name": "red"},
        {"id": "table", "recipe": "table", "noun": "table", "material": "wood"},
    ],
    "relations": [{"kind": "on", "subject": "cups", "targets": ["table"]}],
}


def planner_of(server: ChatServer, *, timeout_s: float = 20.0, key: str | None = KEY) -> ModelPlanner:
    """With short pauses between retries."""
    secret = SecretStr(key) if key else None
    endpoint = Endpoint(server.url, "tiny", secret, timeout_s=timeout_s, first_pause_s=0.02)
    return ModelPlanner(boxes(), endpoint, OFFLINE)
