"""What ``doctor`` looks at: one function for each thing, that says how it is and what to do. Blocking; any thread."""

import os
import platform
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from addon.catalogue import load_catalogue
from addon.models.errors import ScenekeeperError
from addon.models.session import SessionStatus
from addon.models.settings import Settings, is_loopback
from addon.state.leases import LeaseState, lease_state, leases
from addon.state.store import SessionStore
from addon.state.verification import artifact_verifies

from .announcement import find_server
from .blender import NoBlender, find_blender
from .blender_features import ask_features
from .ports import holder_of

__all__ = ["Check", "Finding", "all_checks", "verify_artifacts"]

_ENOUGH_BYTES = 1 << 30
_FEW_BYTES = 100 << 20


class Finding(StrEnum):
    """How it is."""

    GOOD = "good"
    NOTE = "note"
    BAD = "bad"


@dataclass(frozen=True)
class Check:
    """One thing looked at; ``advice`` is what to do about it, empty when nothing."""

    name: str
    finding: Finding
    says: str
    advice: str = ""


def all_checks(settings: Settings) -> Iterator[Check]:
    """Each as soon as it is known."""
    one: tuple[Callable[[Settings], Check], ...] = (_python, _folder, _disk, _bridge, _port, _leases)
    for check in one:
        yield check(settings)
    yield from _recipes(settings)
    yield from _blender(settings)


def _python(_settings: Settings) -> Check:
    says = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    if sys.version_info[:2] == (3, 11):
        return Check("Python", Finding.GOOD, says)
    return Check("Python", Finding.NOTE, says, "The bpy module needs Python 3.11; with a Blender program any does.")


def _folder(settings: Settings) -> Check:
    output = settings.output.resolve()
    existing = next(path for path in (output, *output.parents) if path.exists())
    if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
        return Check("Folder", Finding.BAD, f"{output} cannot be written", "Choose another one with --output.")
    if existing != output:
        return Check("Folder", Finding.GOOD, f"{output} will be made")
    try:
        counts = _counts(output)
    except ScenekeeperError as error:
        return Check("Folder", Finding.BAD, f"{output}: {error}", "Run: scenekeeper recover")
    return Check("Folder", Finding.GOOD, f"{output}: {counts}")


def _counts(output: Path) -> str:
    store = SessionStore(output)
    store.open()
    try:
        counts = store.index.counts()
    finally:
        store.close()
    return ", ".join(f"{counts.get(status, 0)} {status.value}" for status in SessionStatus)


def _disk(settings: Settings) -> Check:
    output = settings.output.resolve()
    existing = next(path for path in (output, *output.parents) if path.exists())
    free = shutil.disk_usage(existing).free
    says = f"{free / 1e9:.1f} GB free"
    if free < _FEW_BYTES:
        return Check("Disk", Finding.BAD, says, "Make room: sessions wait until there is some.")
    return Check("Disk", Finding.GOOD if free >= _ENOUGH_BYTES else Finding.NOTE, says)


def _bridge(settings: Settings) -> Check:
    found = find_server(settings.output)
    if found is None:
        return Check("Bridge", Finding.NOTE, "none runs", "Start one: scenekeeper serve")
    return Check("Bridge", Finding.GOOD, f"process {found.pid} answers at {found.address}")


def _port(settings: Settings) -> Check:
    if not is_loopback(settings.bind):
        return Check("Port", Finding.NOTE, f"{settings.bind}: other machines can reach it", "The token keeps it safe.")
    with socket.socket(socket.AF_INET6 if ":" in settings.bind else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.bind, settings.port))
        except OSError as error:
            return _port_taken(settings, error)
    return Check("Port", Finding.GOOD, f"{settings.port} is free")


def _port_taken(settings: Settings, error: OSError) -> Check:
    found = find_server(settings.output)
    if found is not None and found.address.endswith(f":{settings.port}"):
        return Check("Port", Finding.GOOD, f"{settings.port} is the bridge's")
    holder = holder_of(settings.port)
    says = f"{settings.port}: {error.strerror}" + (f", {holder}" if holder else "")
    return Check("Port", Finding.BAD, says, "Stop that program, or choose another with --port.")


def _leases(settings: Settings) -> Check:
    known = leases(settings.output)
    stale = [lease for lease in known if lease_state(settings.output, lease.id) is not LeaseState.HELD]
    says = f"{len(known) - len(stale)} live, {len(stale)} of dead processes"
    if stale:
        return Check("Leases", Finding.NOTE, says, "A running bridge clears them; without one: scenekeeper recover")
    return Check("Leases", Finding.GOOD, says)


def _recipes(settings: Settings) -> Iterator[Check]:
    if settings.recipes is None:
        return
    catalogue = load_catalogue(settings.recipes)
    for problem in catalogue.problems:
        yield Check("Recipes", Finding.NOTE, problem, "Mend that file; docs/recipes.md describes the language.")
    if not catalogue.problems:
        yield Check("Recipes", Finding.GOOD, f"{len(catalogue.own)} in {settings.recipes}")


def _blender(settings: Settings) -> Iterator[Check]:
    try:
        found = find_blender(settings.blender)
    except NoBlender as error:
        yield Check("Blender", Finding.BAD, str(error), "Or: make serve, which installs the bpy module.")
        return
    features = ask_features(found)
    if features is None:
        yield Check("Blender", Finding.BAD, f"{found.kind} {found.version} does not start", "Start it by hand and see.")
        return
    yield Check("Blender", Finding.GOOD, f"{features.version}, {found.program or 'the bpy module'}")
    yield Check(
        "Denoiser",
        Finding.GOOD if features.denoiser else Finding.NOTE,
        "OpenImageDenoise" if features.denoiser else "this Blender was built without one",
        "" if features.denoiser else "Pictures take more samples; an official build of Blender has it.",
    )
    yield Check(
        "GPU", Finding.GOOD if features.gpus else Finding.NOTE, ", ".join(features.gpus) or "none; Cycles uses the CPU"
    )
    yield Check(
        "Video", Finding.GOOD if features.video else Finding.NOTE, "can be encoded" if features.video else "frames only"
    )


def verify_artifacts(settings: Settings) -> Iterator[Check]:
    """Read every file of every finished session and compare its hash. Raises ``ScenekeeperError``."""
    store = SessionStore(settings.output)
    store.open()
    checked = 0
    try:
        cursor: str | None = None
        while True:
            page = store.page(status=SessionStatus.COMPLETED, limit=200, cursor=cursor)
            for row in page.rows:
                bad = _damaged(store, row.id)
                checked += 1
                if bad:
                    yield Check("Artifacts", Finding.BAD, f"{row.id}: {', '.join(bad)}", f"scenekeeper retry {row.id}")
            cursor = page.next_cursor
            if cursor is None:
                break
    finally:
        store.close()
    yield Check("Artifacts", Finding.GOOD, f"{checked} finished sessions read")


def _damaged(store: SessionStore, session_id: str) -> list[str]:
    result = store.get(session_id).result
    folder = store.folder(session_id)
    return [artifact.name for artifact in result.artifacts if not artifact_verifies(folder, artifact)] if result else []
