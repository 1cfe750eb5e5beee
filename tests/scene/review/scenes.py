"""Wrong and right scenes of solids, and what the reviewer says and does about them."""

from pathlib import Path

from addon.models.layout import CameraPlacement
from addon.models.plan import PlanObject
from addon.models.session import Options
from addon.scene.review.sight import Sight, look_at
from addon.scene.review.solids import camera_view, ground_solids, placed_things
from addon.worker.backend import Review
from tests.scene.conftest import Stage

BALL = PlanObject(id="sphere", recipe="sphere", noun="ball", color="#d02020")
BOX = PlanObject(id="cube", recipe="cube", noun="box", color="#2050c0")
ROD = PlanObject(id="cylinder", recipe="cylinder", noun="rod", color="#20a040")
SMALL = Options(resolution=(160, 90), samples=1)
LOW = CameraPlacement(position=(0.0, -7.0, 0.7), target=(0.0, 0.0, 0.5), lens_mm=40)


def looked() -> Sight:
    """The index pass of the scene as it is."""
    return look_at(placed_things(), ground_solids(), camera_view())


def prepared(stage: Stage) -> Review:
    """The review before a picture is taken, with what it mends."""
    return stage.backend.prepare(stage.plan, stage.layout)


def reviewed(stage: Stage, path: Path) -> Review:
    """Render, and judge the picture and its scene."""
    stage.render(path)
    return stage.backend.review(stage.plan, stage.layout, path, None)


def codes(review: Review) -> set[tuple[str, str | None]]:
    """(code, object) of every finding."""
    return {(finding.code, finding.object_id) for finding in review.findings}
