"""``/api/bridge``: what the supervisor does, and asking it to start Blender again. Bridge's event loop."""

from aiohttp import web

from addon.server.operations import Answer, Operation

from .reports import BridgeReport
from .supervisor import Supervisor

__all__ = ["bridge_operations"]


def _answer(report: BridgeReport, status: int = 200) -> web.Response:
    return web.Response(
        text=report.model_dump_json(),
        status=status,
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


def bridge_operations(supervisor: Supervisor) -> tuple[Operation, ...]:
    """What the bridge answers beside everything that a Blender answers too."""

    async def show(_request: web.Request) -> web.Response:
        return _answer(supervisor.report())

    async def restart(_request: web.Request) -> web.Response:
        supervisor.restart()
        return _answer(supervisor.report(), status=202)

    return (
        Operation(
            "GET",
            "/api/bridge",
            "bridge",
            "What the supervisor does: its Blender, restarts and deaths",
            show,
            (Answer(200, "The bridge", BridgeReport),),
        ),
        Operation(
            "POST",
            "/api/bridge/restart",
            "restartBlender",
            "Start Blender again where it waits or was given up; one that runs is left alone",
            restart,
            (Answer(202, "Asked for", BridgeReport),),
        ),
    )
