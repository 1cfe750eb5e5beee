"""A session's files: checkpoints, what they publish, and what can be downloaded. No bpy, any thread.

A stage writes into ``checkpoints/{stage}/``; ``checkpoints/{stage}/NAME`` publishes ``NAME``. So a later stage never
damages what an earlier one has recorded, and a public name is replaced in one step.
"""

import contextlib
import shutil
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ..models.session import Artifact, Session, SessionResult, SessionStatus, StageStatus
from .files import is_plain_file, link_or_copy
from .folders import CHECKPOINTS, public_path
from .verification import MEDIA_TYPES, artifact_verifies, content_problem, describe_artifact

__all__ = [
    "DOWNLOADS",
    "RENDER_NAME",
    "ArtifactFile",
    "artifact_file",
    "artifact_kinds",
    "checkpoint_name",
    "finished_result",
    "newest_render",
    "outcome_verifies",
    "public_artifacts",
    "publish",
    "remove_checkpoints",
    "settle_stages",
]

RENDER_NAME = "render.png"

DOWNLOADS: dict[str, tuple[str, ...]] = {
    "blend": ("scene.blend",),
    "render": (RENDER_NAME,),
    "glb": ("scene.glb",),
    "video": ("animation.mp4", "animation.webm"),
    "concept": ("concept.md",),
    "plan": ("plan.json",),
}
"""Kinds that can be downloaded and the public names they may have."""


@dataclass(frozen=True)
class ArtifactFile:
    """A file that can be sent. ``sha256`` is what was recorded when it was made, None in folders of older versions."""

    path: Path
    name: str
    media_type: str
    size: int
    mtime_ns: int
    sha256: str | None


def checkpoint_name(stage: str, name: str) -> str:
    """The artifact's name in the session's folder for a file that a stage makes."""
    return f"{CHECKPOINTS}/{stage}/{name}"


def _public_name(artifact: Artifact) -> str | None:
    """The name that people see; None for what only recovery needs, whose name begins with a dot."""
    parts = PurePosixPath(artifact.name).parts
    if ".." in parts or artifact.name.startswith("/") or not parts:
        return None  # a state file that is not ours must not lead out of its folder
    name = "/".join(parts[2:]) if parts[0] == CHECKPOINTS and len(parts) > 2 else artifact.name
    return None if name.startswith(".") else name


def public_artifacts(session: Session) -> list[Artifact]:
    """What the completed stages publish, under the public names; a later stage's file goes before an earlier one's."""
    found: dict[str, Artifact] = {}
    for record in session.stages:
        if record.status is StageStatus.COMPLETED:
            for artifact in record.artifacts:
                name = _public_name(artifact)
                if name is not None:
                    found[name] = artifact.model_copy(update={"name": name})
    return list(found.values())


def publish(folder: Path, session: Session) -> None:
    """Give the newest checkpoint of every file its public name. Idempotent; can be killed anywhere and run again.

    Raises:
        NoRoom, FolderReadOnly: the names could not be made.
    """
    newest: dict[str, Artifact] = {}
    for record in session.stages:
        if record.status is StageStatus.COMPLETED:
            newest.update({name: artifact for artifact in record.artifacts if (name := _public_name(artifact))})
    for name, artifact in newest.items():
        source, target = folder / artifact.name, folder / name
        if source == target or not is_plain_file(source):
            continue
        if is_plain_file(target) and target.samefile(source):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        link_or_copy(source, target)


def newest_render(folder: Path) -> str | None:
    """The name of a render that is whole: ``render.png``, else the newest in ``renders/``."""
    candidates = [folder / RENDER_NAME]
    with contextlib.suppress(OSError):
        older = [path for path in (folder / "renders").iterdir() if path.suffix == ".png" and is_plain_file(path)]
        candidates += sorted(older, key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)
    for path in candidates:
        if content_problem(path) is None:
            return path.relative_to(folder).as_posix()
    return None


def outcome_verifies(folder: Path, session: Session | None) -> tuple[bool, str | None]:
    """Whether everything that this session makes is there and whole, and the name of its render.

    A session with stage records is judged by their checkpoints; one without (older versions, no state file) by
    ``scene.blend`` and a render.
    """
    render = newest_render(folder)
    if session is not None and session.stages:
        done = all(record.status is StageStatus.COMPLETED for record in session.stages)
        return done and all(_is_whole(folder, session, artifact) for artifact in public_artifacts(session)), render
    return render is not None and content_problem(folder / "scene.blend") is None, render


def _is_whole(folder: Path, session: Session, artifact: Artifact) -> bool:
    """Under its public name, or still as the checkpoint that publishes it."""
    if artifact_verifies(folder, artifact):
        return True
    sources = (
        found
        for record in session.stages
        for found in record.artifacts
        if _public_name(found) == artifact.name and found.sha256 == artifact.sha256
    )
    return any(artifact_verifies(folder, source) for source in sources)


def finished_result(
    folder: Path, *, render: str | None, warnings: list[str], verified: Sequence[Artifact] = ()
) -> SessionResult:
    """The result of a completed session: every public file that is there, described.

    ``verified``: files by their public names whose content and hash have just been checked; they are not read again.

    Raises:
        OSError: a file vanished while it was read.
    """
    known = {artifact.name: artifact for artifact in verified}
    names = [name for kinds in DOWNLOADS.values() for name in kinds if is_plain_file(folder / name)]
    if render is not None and render not in names:
        names.append(render)
    return SessionResult(
        success=True,
        output_path=public_path(folder, render) if render else None,
        session_dir=public_path(folder),
        artifacts=[known.get(name) or describe_artifact(folder, name) for name in names],
        warnings=warnings,
    )


def settle_stages(session: Session) -> Session:
    """After the end: checkpoints are removed, and the records name the public files that are left of them."""
    kept = {artifact.name: artifact.sha256 for artifact in session.result.artifacts} if session.result else {}
    stages = []
    for record in session.stages:
        public = [item.model_copy(update={"name": name}) for item in record.artifacts if (name := _public_name(item))]
        left = [item for item in public if kept.get(item.name) == item.sha256]
        stages.append(record.model_copy(update={"artifacts": left}))
    return session.model_copy(update={"stages": stages})


def remove_checkpoints(folder: Path) -> None:
    """Free the room of the checkpoints of a session that has ended."""
    shutil.rmtree(folder / CHECKPOINTS, ignore_errors=True)


def artifact_kinds(folder: Path, session: Session) -> list[str]:
    """The kinds that ``artifact_file`` would find."""
    return [kind for kind in DOWNLOADS if artifact_file(folder, session, kind) is not None]


def artifact_file(folder: Path, session: Session, kind: str) -> ArtifactFile | None:
    """The file to send for a kind, or None. Links are not followed."""
    names = list(DOWNLOADS.get(kind, ()))
    recorded = {artifact.name: artifact for artifact in session.result.artifacts} if session.result else {}
    if kind == "render":
        names += _recorded_render(session)
    if session.status is not SessionStatus.COMPLETED:
        recorded = {artifact.name: artifact for artifact in public_artifacts(session)}
    for name in names:
        path = folder / PurePosixPath(name)
        if path.parent.is_symlink():
            continue
        try:
            status = path.lstat()
        except OSError:
            continue
        if stat.S_ISREG(status.st_mode):
            known = recorded.get(name)
            return ArtifactFile(
                path=path,
                name=path.name,
                media_type=MEDIA_TYPES.get(path.suffix, "application/octet-stream"),
                size=status.st_size,
                mtime_ns=status.st_mtime_ns,
                sha256=known.sha256 if known else None,
            )
    return None


def _recorded_render(session: Session) -> list[str]:
    """Older versions left the picture elsewhere than in render.png; the result says where."""
    path = session.result.output_path if session.result else None
    below = PurePosixPath(path).parts[2:] if path else ()
    return ["/".join(below)] if below and ".." not in below and below[-1].endswith(".png") else []
