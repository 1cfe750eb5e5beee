"""Where the files of a plan are. Any thread."""

from dataclasses import dataclass
from pathlib import Path

from ...models.errors import StageFailed

__all__ = ["Files", "upload_file"]


@dataclass(frozen=True)
class Files:
    """The session's folder, None where its plan has no files of its own; and the folders with asset libraries."""

    session: Path | None = None
    assets: tuple[Path, ...] = ()


def upload_file(files: Files, name: str) -> Path:
    """Where an upload lies that the plan names. Raises ``StageFailed``."""
    path = None if files.session is None else files.session / "uploads" / Path(name).name
    if path is None or path.is_symlink() or not path.is_file():
        raise StageFailed("An uploaded file of the session is not there any more.", "upload_missing")
    return path
