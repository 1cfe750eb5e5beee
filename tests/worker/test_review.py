"""The reviewer stage: what it mends before and after the picture is taken, and what it tells."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from addon.models.layout import Layout
from addon.models.plan import ScenePlan
from addon.models.session import Options, Session, SessionStatus, StageName
from addon.state.store import SessionStore
from addon.worker.backend import Report, Review, SceneBackend

pytestmark = pytest.mark.blender

Submit = Callable[..., str]
WorkWith = Callable[[SceneBackend], Callable[[str], Session]]


class Spoilt:
    """The real backend, but for what a test does to the scene after it was staged; counts the renders."""

    def __init__(
        self, real: SceneBackend, spoil: Callable[[Any], None], correct: Callable[[Any], None] | None = None
    ) -> None:
        self._real = real
        self._spoil = spoil
        self._correct = correct
        self.renders = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)

    def stage(self, plan: ScenePlan, layout: Layout, options: Options) -> list[str]:
        warnings = self._real.stage(plan, layout, options)
        self._spoil(_scene())
        return warnings

    def render(self, path: Path, options: Options, report: Report) -> None:
        self.renders += 1
        self._real.render(path, options, report)

    def correct(self, plan: ScenePlan, layout: Layout, review: Review) -> list[str]:
        if self._correct is None:
            return self._real.correct(plan, layout, review)
        self._correct(_scene())
        return ["Something was tried."]


def _scene() -> Any:
    import bpy

    return bpy.context.scene


def _refresh() -> None:
    import bpy

    bpy.context.view_layer.update()


def darker(scene: Any) -> None:
    scene.view_settings.exposure -= 6


def aside(scene: Any) -> None:
    scene.camera.location.x += 3
    _refresh()


def nothing(_scene: Any) -> None:
    pass


def files(store: SessionStore, session: Session) -> tuple[str, bytes]:
    folder = store.output / session.id
    return (folder / "concept.md").read_text(), (folder / "render.png").read_bytes()


def exposure_of(path: Path) -> float:
    import bpy

    bpy.ops.wm.open_mainfile(filepath=str(path), load_ui=False, use_scripts=False)
    return float(_scene().view_settings.exposure)


def test_a_good_scene_is_rendered_once(
    store: SessionStore, submit: Submit, work_with: WorkWith, blender: SceneBackend
) -> None:
    backend = Spoilt(blender, nothing)
    session = work_with(backend)(submit("a red ball"))  # type: ignore[arg-type]
    notes, _ = files(store, session)
    assert backend.renders == 1
    assert "Everything planned is in the picture" in notes
    assert session.result is not None and session.result.warnings == []


def test_a_wrong_camera_is_mended_before_the_picture_is_taken(
    store: SessionStore, submit: Submit, work_with: WorkWith, blender: SceneBackend
) -> None:
    backend = Spoilt(blender, aside)
    session = work_with(backend)(submit("a red ball"))  # type: ignore[arg-type]
    notes, _ = files(store, session)
    assert backend.renders == 1
    assert "Mended before the picture was taken: The camera was moved" in notes
    assert session.result is not None and session.result.warnings == []


def test_nobody_looks_where_no_reviewer_was_asked_for(
    store: SessionStore, submit: Submit, work_with: WorkWith, blender: SceneBackend
) -> None:
    backend = Spoilt(blender, aside)
    session = work_with(backend)(submit("a red ball", agents=["render"]))  # type: ignore[arg-type]
    notes, _ = files(store, session)
    assert "Review" not in notes


def test_a_black_picture_is_taken_again(
    store: SessionStore, submit: Submit, work_with: WorkWith, blender: SceneBackend
) -> None:
    backend = Spoilt(blender, darker)
    session = work_with(backend)(submit("a red ball"))  # type: ignore[arg-type]
    notes, _ = files(store, session)
    assert session.status is SessionStatus.COMPLETED
    assert 2 <= backend.renders <= 3
    assert "Mended, and the picture taken again: The exposure was raised" in notes
    assert session.result is not None and session.result.warnings == []
    assert exposure_of(store.output / session.id / "scene.blend") > -4


def test_a_correction_that_makes_it_worse_is_taken_back(
    store: SessionStore, submit: Submit, work_with: WorkWith, blender: SceneBackend
) -> None:
    only_once = Spoilt(blender, darker)
    first = work_with(only_once)(submit("a red ball", agents=["texture", "render"]))  # type: ignore[arg-type]
    worse = Spoilt(blender, darker, correct=darker)
    session = work_with(worse)(submit("a red ball"))  # type: ignore[arg-type]
    notes, picture = files(store, session)
    assert worse.renders == 2
    assert picture == files(store, first)[1]
    assert "too dark" in notes.split("### What is not as it should be")[1]
    assert "Something was tried" not in notes
    assert session.result is not None and any("too dark" in text for text in session.result.warnings)
    assert exposure_of(store.output / session.id / "scene.blend") == pytest.approx(-6)


def test_what_was_mended_before_a_death_is_still_told(
    store: SessionStore, submit: Submit, work_with: WorkWith, blender: SceneBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    from addon.worker import stages
    from addon.worker.job import Job

    real = stages.STAGES[StageName.REVIEWER]

    def after_a_death(job: Job) -> stages.Outcome:
        job.forget_scene()  # all that another process has is what is on disk
        return real(job)

    monkeypatch.setitem(stages.STAGES, StageName.REVIEWER, after_a_death)
    session = work_with(Spoilt(blender, aside))(submit("a red ball"))  # type: ignore[arg-type]
    notes, _ = files(store, session)
    assert session.status is SessionStatus.COMPLETED
    assert "Mended before the picture was taken: The camera was moved" in notes


def test_the_same_correction_gives_the_same_picture(
    store: SessionStore, submit: Submit, work_with: WorkWith, blender: SceneBackend
) -> None:
    pictures = set()
    for _ in range(2):
        session = work_with(Spoilt(blender, aside))(submit("a red ball"))  # type: ignore[arg-type]
        pictures.add(hashlib.sha256(files(store, session)[1]).hexdigest())
    assert len(pictures) == 1
