"""Prompt → ScenePlan → Layout. Pure Python, no bpy, any thread."""

from collections.abc import Sequence

from ..models.layout import Layout
from ..models.plan import NotBuilt, ScenePlan
from ..models.uploads import Upload
from .assets import WithAssets, with_assets
from .concept import write_concept
from .frames import in_picture
from .layout import facts_of, place
from .offline import OfflinePlanner
from .protocol import Planner, Things, Waiting
from .uploads import plan_with_uploads

__all__ = ["OfflinePlanner", "Planner", "Things", "Waiting", "WithAssets", "lay_out", "plan_scene", "write_concept"]


def plan_scene(
    prompt: str,
    seed: int,
    catalogue: Things,
    aspect: float = 16 / 9,
    planner: Planner | None = None,
    waiting: Waiting | None = None,
    uploads: Sequence[Upload] = (),
) -> tuple[ScenePlan, Layout]:
    """Plan a prompt and place everything; what the layout cannot show is in the plan's ``not_built`` too.

    ``aspect`` is width / height of the picture. Without a ``planner`` an offline one is made, which costs some
    50 ms: callers that plan often keep one. ``waiting`` is for planners that ask others. ``uploads`` are
    files that the scene shows. Never fails for any text;
    ``ScenekeeperError`` for a broken recipe.
    """
    planner = planner or OfflinePlanner(catalogue)
    if uploads:
        plan = plan_with_uploads(planner, prompt, seed, waiting, uploads)
    else:
        plan = planner.plan(prompt, seed, waiting)
    return lay_out(plan, catalogue, aspect)


def lay_out(plan: ScenePlan, catalogue: Things, aspect: float = 16 / 9) -> tuple[ScenePlan, Layout]:
    """Place a plan from any planner."""
    plan = with_assets(plan, catalogue)
    plan = in_picture(plan)
    layout = place(plan, facts_of(plan, catalogue), aspect)
    unmet = [_note(sentence) for sentence in layout.unmet]
    return plan.model_copy(update={"not_built": [*plan.not_built, *unmet]}), layout


def _note(sentence: str) -> NotBuilt:
    text, _, reason = sentence.partition(": ")
    return NotBuilt(text=text, reason=reason[:1].upper() + reason[1:])
