"""Job: one session while it is worked on. Main thread only."""

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from ..models.errors import CheckpointUnusable, StageFailed
from ..models.layout import Layout
from ..models.plan import ScenePlan
from ..models.recipe import Recipe
from ..models.session import Artifact, Session, StageName, StageStatus
from ..planning import Planner, Things
from ..state.artifacts import checkpoint_name
from ..state.files import file_sha256, is_plain_file, sync_file, sync_folder, translate_errors, write_durably
from ..state.folders import CHECKPOINTS
from ..state.uploads import FOLDER as UPLOADS
from ..state.verification import content_problem, describe_artifact
from .backend import Report, Review, SceneBackend

__all__ = ["CORRECTED_NAME", "LAYOUT_NAME", "PLAN_NAME", "SCENE_NAME", "Job"]

PLAN_NAME = "plan.json"
LAYOUT_NAME = ".layout.json"
SCENE_NAME = "scene.blend"
CORRECTED_NAME = ".corrected.txt"
"""What was corrected before the picture was taken, a sentence a line; there only when something was."""


class Job:
    """A session's folder, plan and scene. ``session`` is what the state file says."""

    def __init__(
        self,
        session: Session,
        folder: Path,
        backend: SceneBackend,
        catalogue: Things,
        planner: Planner,
        report: Report,
        check: Callable[[], None],
    ) -> None:
        """``check`` raises when the session shall stop."""
        self.session = session
        self.folder = folder
        self.backend = backend
        self.catalogue = catalogue
        self.report = report
        self.planner = planner
        self.check = check
        self.reviewed: Review | None = None
        """What the reviewer saw of the scene that is in memory."""
        self._scene_of: StageName | None = None
        self._plan: ScenePlan | None = None
        self._layout: Layout | None = None

    def waiting(self, message: str) -> None:
        """A sign of life while somebody outside is waited for; raises when the session shall stop."""
        self.check()
        self.report(0.0, message)

    # ------------------------------------------------------------------ files

    def stage_folder(self, stage: StageName, *, keep: bool = False) -> Path:
        """An empty folder for the files of a stage; ``keep``: with what an interrupted run has left in it."""
        folder = self.folder / CHECKPOINTS / stage.value
        with translate_errors():
            if not keep:
                shutil.rmtree(folder, ignore_errors=True)
            for part in (folder.parent, folder):  # never the session's own: it may have been taken away
                part.mkdir(exist_ok=True)
        return folder

    def write(self, stage: StageName, name: str, text: str) -> str:
        """Write a text file of a stage durably; gives the artifact's name."""
        write_durably(self.folder / CHECKPOINTS / stage.value / name, text.encode())
        return checkpoint_name(stage.value, name)

    def record(self, names: list[str]) -> list[Artifact]:
        """Make files durable, check that they are whole and describe them.

        Raises:
            OSError: a file is missing, or not what its name says.
        """
        artifacts = []
        for name in names:
            path = self.folder / name
            problem = content_problem(path)
            if problem is not None:
                raise OSError(f"{path.name} {problem}")
            sync_file(path)
            artifacts.append(describe_artifact(self.folder, name))
        for folder in {(self.folder / name).parent for name in names}:
            sync_folder(folder)
        sync_folder(self.folder / CHECKPOINTS)
        return artifacts

    def checkpoint(self, name: str) -> Path:
        """The newest checkpoint of a file. Raises ``FileNotFoundError`` where no completed stage made one."""
        path = self.optional_checkpoint(name)
        if path is None:
            raise FileNotFoundError(name)
        return path

    def optional_checkpoint(self, name: str) -> Path | None:
        """The newest checkpoint of a file that not every session makes."""
        for record in reversed(self.session.stages):
            path = self.folder / checkpoint_name(record.name.value, name)
            if record.status is StageStatus.COMPLETED and any(
                artifact.name == checkpoint_name(record.name.value, name) for artifact in record.artifacts
            ):
                return path
        return None

    def check_uploads(self) -> None:
        """Raises ``StageFailed`` where a file of the request is not there, or is not what it was."""
        for upload in self.session.uploads:
            path = self.folder / UPLOADS / Path(upload.file).name
            if not is_plain_file(path) or file_sha256(path) != upload.sha256:
                raise StageFailed(f"The uploaded file {upload.name} is not what it was any more.", "upload_missing")

    # ------------------------------------------------------------------ plan

    def set_plan(self, plan: ScenePlan, layout: Layout) -> None:
        """What the concept stage has made."""
        self._plan, self._layout = plan, layout

    @property
    def plan(self) -> ScenePlan:
        """The plan, from memory or from its checkpoint."""
        if self._plan is None:
            self._plan = ScenePlan.model_validate_json(self.checkpoint(PLAN_NAME).read_bytes())
        return self._plan

    @property
    def layout(self) -> Layout:
        """Where everything stands, from memory or from its checkpoint."""
        if self._layout is None:
            self._layout = Layout.model_validate_json(self.checkpoint(LAYOUT_NAME).read_bytes())
        return self._layout

    @property
    def recipes(self) -> Mapping[str, Recipe]:
        """The recipes that the plan names, its own before the catalogue's."""
        own = {recipe.name: recipe for recipe in self.plan.recipes}
        names = {thing.recipe for thing in self.plan.objects}
        names |= {source.instead for source in self.plan.sources if source.instead}
        return {name: own[name] if name in own else self.catalogue.get(name) for name in sorted(names)}

    # ------------------------------------------------------------------ scene

    def new_scene(self) -> None:
        """Start from an empty file."""
        self.backend.reset()
        self._scene_of = StageName.BUILDER

    def load_scene(self) -> None:
        """Have the scene of the last completed stage in memory: it still is, or it is opened.

        Raises:
            CheckpointUnusable: this Blender cannot open it; the scene must be built again.
        """
        if self._scene_of is None:
            try:
                self.backend.open(self.checkpoint(SCENE_NAME))
            except StageFailed as error:
                raise CheckpointUnusable(str(error)) from error
            self._scene_of = StageName.BUILDER

    def forget_scene(self) -> None:
        """What is in memory is not the last checkpoint's scene any more (a stage was broken off)."""
        self._scene_of = None
        self.reviewed = None

    def save_scene(self, stage: StageName) -> str:
        """Save the scene as this stage's checkpoint; gives the artifact's name."""
        path = self.folder / CHECKPOINTS / stage.value / SCENE_NAME
        self.backend.save(path)
        # Blender keeps the file it replaces as scene.blend1; in a checkpoint that is only in the way.
        path.with_name(f"{SCENE_NAME}1").unlink(missing_ok=True)
        return checkpoint_name(stage.value, SCENE_NAME)

    def relative(self, paths: list[Path]) -> list[str]:
        """Artifact names of files in the session's folder."""
        return [os.fspath(path.relative_to(self.folder).as_posix()) for path in paths]
