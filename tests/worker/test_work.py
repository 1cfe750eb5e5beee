"""A session from claim to end, and on from whatever checkpoint is left of it."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from addon.catalogue import load_catalogue
from addon.models.errors import UnknownSession
from addon.models.plan import ScenePlan
from addon.models.session import Session, SessionStatus, StageStatus
from addon.planning import lay_out
from addon.state.recoverer import Recoverer
from addon.state.store import SessionStore
from addon.state.verification import artifact_verifies, content_problem, describe_artifact
from addon.worker.backend import SceneBackend
from tests.folders import blend_5

pytestmark = pytest.mark.blender

Work = Callable[[str], Session]
Submit = Callable[..., str]


def log(store: SessionStore, session_id: str) -> str:
    return (store.output / session_id / "logs" / "session.log").read_text()


def test_a_prompt_becomes_a_verified_scene(store: SessionStore, submit: Submit, work: Work) -> None:
    session = work(submit("a small blue vase on a wooden table and a gyroscope", options={"formats": ["glb"]}))
    folder = store.output / session.id
    assert session.status is SessionStatus.COMPLETED
    assert session.result is not None and session.result.success
    assert {artifact.name for artifact in session.result.artifacts} == {
        "scene.blend", "scene.glb", "render.png", "concept.md", "plan.json",
    }  # fmt: skip
    assert all(artifact_verifies(folder, artifact) for artifact in session.result.artifacts)
    assert not (folder / "checkpoints").exists()
    assert any("gyroscope" in warning for warning in session.result.warnings)
    assert "gyroscope" in (folder / "concept.md").read_text()
    row = store.row(session.id)
    assert (row.progress, row.worker_id) == (1.0, None)


def test_the_same_request_gives_the_same_picture(store: SessionStore, submit: Submit, work: Work) -> None:
    pictures = set()
    for _ in range(2):
        folder = store.output / work(submit("three green apples in a bowl")).id
        pictures.add(hashlib.sha256((folder / "render.png").read_bytes()).hexdigest())
    assert len(pictures) == 1


def interrupted(store: SessionStore, session_id: str, work: Work, keep: list[str]) -> Path:
    """Make the session, then put it back to what a death after the stages ``keep`` leaves."""
    folder = store.output / session_id
    source = work(session_id)
    made = folder.with_name("made")
    shutil.copytree(folder, made)
    state = json.loads((folder / "session_state.json").read_bytes())
    files = {"concept": ["concept.md", "plan.json"], "builder": ["scene.blend"], "texture": ["scene.blend"]}
    for record in state["stages"]:
        record["artifacts"] = []
        if record["name"] not in keep:
            record.update(status="pending", completed_at=None)
            continue
        place = folder / "checkpoints" / record["name"]
        place.mkdir(parents=True)
        for name in files[record["name"]]:
            shutil.copy(made / name, place / name)
            record["artifacts"].append(
                describe_artifact(folder, f"checkpoints/{record['name']}/{name}").model_dump(mode="json")
            )
    plan = ScenePlan.model_validate_json((made / "plan.json").read_bytes())
    layout = lay_out(plan, load_catalogue(), 48 / 32)[1].model_dump_json()
    (folder / "checkpoints" / "concept" / ".layout.json").write_text(layout)
    state["stages"][0]["artifacts"].append(
        describe_artifact(folder, "checkpoints/concept/.layout.json").model_dump(mode="json")
    )
    for name in ("scene.blend", "render.png", "concept.md", "plan.json"):
        (folder / name).unlink()
    shutil.rmtree(made)
    state.update(status="pending", result=None, completed_at=None, seq=source.seq)
    (folder / "session_state.json").write_text(json.dumps(state))
    Recoverer(store).scan()
    return folder


def test_a_checkpoint_that_this_blender_cannot_open_costs_building_again(
    store: SessionStore, submit: Submit, work: Work
) -> None:
    session_id = submit()
    folder = interrupted(store, session_id, work, ["concept", "builder"])
    stranger = folder / "checkpoints" / "builder" / "scene.blend"
    stranger.write_bytes(blend_5())
    state = json.loads((folder / "session_state.json").read_bytes())
    state["stages"][1]["artifacts"] = [
        describe_artifact(folder, "checkpoints/builder/scene.blend").model_dump(mode="json")
    ]
    (folder / "session_state.json").write_text(json.dumps(state))
    assert content_problem(stranger) is None, "whole, but nothing that Blender can open"
    session = work(session_id)
    assert session.status is SessionStatus.COMPLETED
    assert "building again" in log(store, session_id)
    assert all(record.status is StageStatus.COMPLETED for record in session.stages)


def test_a_folder_that_is_taken_away_meanwhile_ends_nothing_else(
    store: SessionStore, submit: Submit, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    from addon.models.session import StageName
    from addon.worker import stages

    gone = submit()
    real = stages.STAGES[StageName.BUILDER]

    def take_away(job: object) -> object:
        shutil.rmtree(store.output / gone)
        return real(job)  # type: ignore[arg-type]

    monkeypatch.setitem(stages.STAGES, StageName.BUILDER, take_away)
    with pytest.raises(UnknownSession):
        work(gone)
    assert not (store.output / gone).exists()
    monkeypatch.undo()
    assert work(submit()).status is SessionStatus.COMPLETED


def test_stages_that_are_not_asked_for_do_not_run(store: SessionStore, submit: Submit, work: Work) -> None:
    session = work(submit(agents=["concept"]))
    assert session.status is SessionStatus.COMPLETED
    assert session.result is not None and session.result.output_path is None
    assert sorted(path.name for path in (store.output / session.id).iterdir()) == [
        "concept.md", "logs", "plan.json", "session_state.json",
    ]  # fmt: skip


def test_a_broken_recipe_of_ones_own_is_told_in_every_session(
    store: SessionStore, submit: Submit, work_with: Callable[..., Work], blender: SceneBackend, tmp_path: Path
) -> None:
    for number in range(7):
        (tmp_path / f"broken_{number}.toml").write_text("name = ")
    session = work_with(blender, load_catalogue(tmp_path))(submit(agents=["concept"]))
    assert session.result is not None and session.result.success
    told = [text for text in session.result.warnings if "broken_" in text]
    assert len(told) == 5
    assert "line 1" in told[0]
    assert any("2 more of your own recipes are left out" in text for text in session.result.warnings)


@pytest.mark.parametrize("name", ["render.png", "scene.blend", "concept.md"])
def test_what_is_damaged_after_it_was_made_is_never_called_completed(
    store: SessionStore, submit: Submit, work: Work, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    from addon.worker import run

    done = list[str]()

    def then_damage(folder: Path, session: Session) -> None:
        publish(folder, session)
        if not done and all(record.status is StageStatus.COMPLETED for record in session.stages):
            done.append(name)
            damaged = bytearray((folder / name).read_bytes())
            damaged[len(damaged) // 2] ^= 1
            (folder / name).write_bytes(damaged)

    publish = run.publish
    monkeypatch.setattr(run, "publish", then_damage)
    session = work(submit())
    assert session.status is SessionStatus.FAILED
    assert session.result is not None
    assert session.result.error_code == "verification_failed"


def test_the_result_names_what_is_on_disk(store: SessionStore, submit: Submit, work: Work) -> None:
    session = work(submit())
    assert session.result is not None
    assert session.result.output_path is not None and session.result.output_path.endswith("render.png")
    for artifact in session.result.artifacts:
        assert artifact == describe_artifact(store.output / session.id, artifact.name)
