"""SceneBackend: what the worker needs of Blender. ``addon.scene`` implements it; the worker never imports bpy."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from ..models.assets import Asset
from ..models.layout import Layout
from ..models.plan import ScenePlan
from ..models.recipe import Recipe
from ..models.session import Options

__all__ = ["BackendInfo", "Finding", "Report", "Review", "SceneBackend"]

Report = Callable[[float, str], None]
"""Called as often as the backend can, from any thread: (fraction 0..1 of this call, what is happening).

Each call is a heartbeat. Where a call takes long inside Blender, its own callbacks (render_stats) call this.
"""


@dataclass(frozen=True)
class BackendInfo:
    """What this Blender is and can do."""

    version: str
    denoisers: tuple[str, ...] = ()
    devices: tuple[str, ...] = ("CPU",)
    video: bool = False
    online: bool = True
    """Whether the user lets this Blender reach other machines."""


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be: ``code`` is stable, ``message`` is a sentence for people.

    ``weight`` says how bad it is: of two attempts the one with the smaller sum is the better picture.
    """

    code: str
    message: str
    object_id: str | None = None
    correctable: bool = False
    weight: float = 1.0


@dataclass(frozen=True)
class Review:
    """What was found in a scene, or in it and its picture, and what has been ``corrected`` on the way."""

    findings: tuple[Finding, ...] = ()
    measures: Mapping[str, float] = field(default_factory=dict)
    corrected: tuple[str, ...] = ()
    sight: object = None
    """The backend's own: what it has seen, which is the same as long as nothing moves."""

    @property
    def wants_correction(self) -> bool:
        """Whether ``correct`` has something to do."""
        return any(finding.correctable for finding in self.findings)

    @property
    def fault(self) -> float:
        """How much is wrong; 0 is nothing."""
        return sum(finding.weight for finding in self.findings)


class SceneBackend(Protocol):
    """One scene at a time, on Blender's main thread. Errors that a person can do something about: ``StageFailed``.

    Between ``reset``/``open`` and ``save`` the file in memory is the scene. Every call but ``render`` and
    ``animate`` takes a fraction of a second for scenes of ordinary size.
    """

    def info(self) -> BackendInfo:
        """What this Blender is and can do."""

    def use_assets(self, folders: Sequence[Path], shelf: Path) -> list[Asset]:
        """Assets of the folders that are told, and of this Blender's preferences, for all scenes from now on.

        ``shelf`` is a file that keeps what was found, so that the next start is quick.
        """

    def reset(self) -> None:
        """Empty the file; nothing of an earlier session is left."""

    def open(self, path: Path) -> None:
        """Open a checkpoint, never running scripts in it."""

    def save(self, path: Path) -> None:
        """Write the file in memory to ``path`` as a self-contained .blend (nothing external)."""

    def build(
        self,
        plan: ScenePlan,
        layout: Layout,
        recipes: Mapping[str, Recipe],
        report: Report,
        folder: Path | None = None,
    ) -> list[str]:
        """Geometry of everything in the layout, and the ground. Returns warnings for ``result.warnings``.

        ``folder`` is the session's, where the files of the plan's sources and pictures are.
        """

    def texture(self, plan: ScenePlan, recipes: Mapping[str, Recipe], report: Report) -> list[str]:
        """Materials on everything built. Returns warnings."""

    def stage(self, plan: ScenePlan, layout: Layout, options: Options) -> list[str]:
        """Light, world, camera and render settings, so that F12 in the saved file gives the same picture."""

    def render(self, path: Path, options: Options, report: Report) -> None:
        """Render the scene to a PNG at ``path``."""

    def animate(self, plan: ScenePlan, layout: Layout, options: Options, folder: Path, report: Report) -> list[Path]:
        """Frames, and a video where this Blender can encode one, into ``folder``. Finished frames are kept."""

    def prepare(self, plan: ScenePlan, layout: Layout) -> Review:
        """Look at the staged scene before its picture is taken, and mend what is amiss with places and camera.

        At most twice, and only where that makes it better: the scene is left in the best state that was found.
        """

    def review(self, plan: ScenePlan, layout: Layout, picture: Path, before: Review | None) -> Review:
        """Look at the scene and its picture: as ``prepare``, and is it neither black nor blown out nor flat?

        ``before``: the review of the same scene unmoved, which saves looking again.
        """

    def correct(self, plan: ScenePlan, layout: Layout, review: Review) -> list[str]:
        """Change light and background as the review of a picture asks. Returns what was changed, for concept.md."""

    def export_glb(self, path: Path) -> None:
        """Write the scene as GLB that passes the Khronos validator without errors."""
