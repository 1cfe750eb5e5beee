"""GET /api/agents: which stages a request may name."""

from aiohttp import web

from ...models.api import AgentInfo, AgentList
from ...models.session import DEFAULT_STAGES, REQUIRED_BY, StageName
from ..answers import json_answer
from ..operations import Answer, Operation

__all__ = ["OPERATIONS"]

_ABOUT: dict[StageName, tuple[str, list[str]]] = {
    StageName.CONCEPT: ("Reads the prompt and plans the scene", ["concept", "plan"]),
    StageName.BUILDER: ("Builds the geometry", ["blend"]),
    StageName.TEXTURE: ("Gives everything its materials", ["blend"]),
    StageName.RENDER: ("Sets camera and light and renders the picture", ["blend", "render", "glb"]),
    StageName.ANIMATION: ("Renders an animation", ["video"]),
    StageName.REVIEWER: ("Looks at the picture, corrects camera or light and renders again", ["concept", "render"]),
}
_LIST = AgentList(
    agents=[
        AgentInfo(
            name=name,
            description=_ABOUT[name][0],
            default=name in DEFAULT_STAGES,
            requires=list(REQUIRED_BY[name]),
            makes=_ABOUT[name][1],
        )
        for name in StageName
    ]
)


async def list_agents(request: web.Request) -> web.Response:
    """The stages, in the order in which they run."""
    return json_answer(_LIST)


OPERATIONS = (
    Operation(
        "GET",
        "/api/agents",
        "listAgents",
        "The stages that a request may name",
        list_agents,
        (Answer(200, "In the order in which they run; `makes` are kinds to download.", AgentList),),
    ),
)
