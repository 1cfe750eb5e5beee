"""Which planner there is: offline by default, a language model where the settings name one. Any thread."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from ...models.plan import ScenePlan
from ...models.recipe import Recipe
from ...models.settings import Settings, is_loopback
from ..offline import OfflinePlanner
from ..protocol import Planner, Things, Waiting
from .endpoint import Endpoint
from .planner import ModelPlanner, told

__all__ = ["make_planner"]


def make_planner(settings: Settings, things: Things, *, online: bool) -> Planner:
    """The planner that the settings ask for. Without ``online`` nothing may leave this machine."""
    offline = OfflinePlanner(things)
    if not settings.model_url:
        return offline
    if not online and not is_loopback(urlsplit(settings.model_url).hostname or ""):
        return _NotAllowed(offline)
    endpoint = Endpoint(
        url=settings.model_url,
        model=settings.model_name.strip(),
        key=settings.model_key,
        timeout_s=settings.model_timeout_s,
    )
    return ModelPlanner(things, endpoint, offline)


class _NotAllowed:
    """Plans offline and says in each plan why."""

    def __init__(self, offline: Planner) -> None:
        self._offline = offline

    def plan(self, prompt: str, seed: int, waiting: Waiting | None = None, own: Sequence[Recipe] = ()) -> ScenePlan:
        """The offline plan."""
        plan = self._offline.plan(prompt, seed, waiting, own)
        return told(plan, "Blender's preference Allow Online Access is off, and the model is on another machine.")
