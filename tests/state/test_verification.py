"""Whole files verify; torn, zeroed and foreign ones do not, wherever they are torn."""

import gzip
from pathlib import Path

import pytest
from backports import zstd

from addon.state.verification import artifact_verifies, blend_problem, content_problem, describe_artifact, png_problem
from tests.folders import blend, blend_5, png

WHOLE_BLENDS = {
    "before 5.0": blend(),
    "5.0": blend_5(),
    "zstd": zstd.compress(blend_5()),
    "gzip": gzip.compress(blend()),
}


@pytest.mark.parametrize("kind", WHOLE_BLENDS)
def test_a_whole_blend_verifies_and_every_truncation_does_not(tmp_path: Path, kind: str) -> None:
    path, data = tmp_path / "scene.blend", WHOLE_BLENDS[kind]
    path.write_bytes(data)
    assert blend_problem(path) is None
    for length in range(len(data)):
        path.write_bytes(data[:length])
        assert blend_problem(path) is not None, f"cut to {length} of {len(data)} bytes"


def test_a_png_is_decoded_fully(tmp_path: Path) -> None:
    path, data = tmp_path / "render.png", png()
    path.write_bytes(data)
    assert png_problem(path) is None
    for length in range(len(data)):
        path.write_bytes(data[:length])
        assert png_problem(path) is not None, f"cut to {length} bytes"
    for at in range(len(data)):
        path.write_bytes(data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :])
        assert png_problem(path) is not None, f"byte {at} changed"


@pytest.mark.parametrize("name", ["render.png", "scene.blend", "scene.glb"])
@pytest.mark.parametrize("content", [b"", b"\0" * 4096], ids=["empty", "zeroed"])
def test_empty_and_zeroed_files_do_not_verify(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert content_problem(tmp_path / name) is not None


def test_an_artifact_is_known_by_size_hash_and_content_and_never_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "render.png").write_bytes(png())
    artifact = describe_artifact(tmp_path, "render.png")
    assert artifact_verifies(tmp_path, artifact)
    (tmp_path / "render.png").write_bytes(png(shade=91))
    assert not artifact_verifies(tmp_path, artifact)
    (tmp_path / "elsewhere.png").write_bytes(png())
    (tmp_path / "render.png").unlink()
    (tmp_path / "render.png").symlink_to(tmp_path / "elsewhere.png")
    assert not artifact_verifies(tmp_path, artifact)
    assert not artifact_verifies(tmp_path / "sub", artifact.model_copy(update={"name": "../elsewhere.png"}))
