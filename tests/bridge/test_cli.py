"""The command line as a person or a script uses it: real processes, exit codes, never a traceback."""

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from addon.state.leases import LeaseState, lease_state, leases
from bridge.announcement import ANNOUNCEMENT, read_announcement
from tests.samples import png, svg

from .running import ROOT, RunningBridge, alive, environment, running, wait_for

pytestmark = pytest.mark.timeout(180)

TINY = ("--preset", "draft", "--resolution", "64x36", "--samples", "1")


def cli(output: Path, *arguments: str, **settings: object) -> "subprocess.CompletedProcess[str]":
    done = subprocess.run(
        [sys.executable, "-m", "bridge", *arguments],
        env=environment(output, **settings),
        cwd=ROOT,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stderr + done.stdout
    return done


@pytest.fixture(scope="module")
def bridge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBridge]:
    with running(tmp_path_factory.mktemp("cli") / "output") as bridge:
        yield bridge


@pytest.mark.blender
def test_generate_waits_and_tells_where_the_files_are(bridge: RunningBridge) -> None:
    done = cli(bridge.output, "generate", "a red cube", *TINY)
    assert done.returncode == 0, done.stderr
    blend, render, url = done.stdout.splitlines()
    assert Path(blend).name == "scene.blend"
    assert Path(blend).is_file()
    assert Path(render).read_bytes().startswith(b"\x89PNG")
    assert url.startswith(bridge.address)
    assert "completed" in done.stderr


@pytest.mark.blender
def test_generate_as_json_then_show_and_list_agree(bridge: RunningBridge) -> None:
    made = json.loads(cli(bridge.output, "generate", "a blue ball", "--json", "--seed", "3", *TINY).stdout)
    assert made["status"] == "completed"
    assert made["options"]["seed"] == 3
    shown = json.loads(cli(bridge.output, "show", made["id"], "--json").stdout)
    assert shown == made
    listed = json.loads(cli(bridge.output, "list", "--search", "blue ball", "--json").stdout)
    assert [session["id"] for session in listed["sessions"]] == [made["id"]]
    table = cli(bridge.output, "list", "--search", "blue ball").stdout
    assert made["id"] in table
    assert "a blue ball" in table


def test_files_are_sent_with_the_prompt_and_a_bad_one_is_named(bridge: RunningBridge, tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_bytes(svg())
    (tmp_path / "sea.png").write_bytes(png())
    files = ["--file", str(tmp_path / "logo.svg"), "--file", f"backdrop={tmp_path / 'sea.png'}"]
    sent = cli(bridge.output, "generate", "my logo", "--no-wait", *files)
    assert sent.returncode == 0, sent.stderr
    shown = json.loads(cli(bridge.output, "show", sent.stdout.strip(), "--json").stdout)
    assert [(item["name"], item["role"]) for item in shown["uploads"]] == [("logo.svg", None), ("sea.png", "backdrop")]
    cli(bridge.output, "cancel", sent.stdout.strip())
    (tmp_path / "bad.png").write_bytes(b"no picture")
    refused = cli(bridge.output, "generate", "my logo", "--file", str(tmp_path / "bad.png"))
    assert refused.returncode != 0
    assert "bad.png" in refused.stderr
    missing = cli(bridge.output, "generate", "my logo", "--file", str(tmp_path / "none.png"))
    assert missing.returncode == 2
    assert "none.png" in missing.stderr


def test_not_waiting_prints_the_id_which_can_be_cancelled_and_retried(bridge: RunningBridge) -> None:
    submitted = cli(bridge.output, "generate", "a cone", "--no-wait", "--resolution", "1600x900", "--samples", "4096")
    session_id = submitted.stdout.strip()
    assert (bridge.output / session_id / "session_state.json").is_file()
    assert cli(bridge.output, "retry", session_id).returncode == 8
    assert cli(bridge.output, "cancel", session_id).returncode == 0
    assert bridge.ended(session_id, 30)["status"] == "cancelled"
    assert cli(bridge.output, "show", session_id, "--wait").returncode == 0
    again = cli(bridge.output, "retry", session_id).stdout.strip()
    assert bridge.session(again)["retry_of"] == session_id
    assert cli(bridge.output, "cancel", again).returncode == 0


@pytest.mark.parametrize("hostile", ["nothing-of-this-name", "../../etc", "a" * 300, "%2e%2e"])
def test_an_unknown_session(bridge: RunningBridge, hostile: str) -> None:
    done = cli(bridge.output, "show", hostile)
    assert done.returncode == 7
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--resolution", "wide"), "--resolution"),
        (("--resolution", "1x1"), "resolution"),
        (("--samples", "0"), "samples"),
        (("--seed", "-1"), "seed"),
        (("--preset", "best"), "preset"),
    ],
)
def test_wrong_options_name_themselves(bridge: RunningBridge, arguments: tuple[str, ...], named: str) -> None:
    done = cli(bridge.output, "generate", "a cube", *arguments)
    assert done.returncode == 2
    assert named in done.stderr


def test_an_empty_prompt_is_refused(bridge: RunningBridge) -> None:
    done = cli(bridge.output, "generate", "  ")
    assert done.returncode == 2
    assert "prompt" in done.stderr


def test_recover_asks_the_bridge(bridge: RunningBridge) -> None:
    answer = json.loads(cli(bridge.output, "recover", "--json").stdout)
    assert answer["recovered"] == 0


def test_without_a_bridge_there_is_advice(tmp_path: Path) -> None:
    done = cli(tmp_path / "output", "list")
    assert done.returncode == 3
    assert "scenekeeper serve" in done.stderr


def test_an_address_where_nothing_answers(tmp_path: Path) -> None:
    assert cli(tmp_path / "output", "list", "--url", "http://127.0.0.1:9").returncode == 3


def test_recover_works_without_a_bridge(tmp_path: Path) -> None:
    folder = tmp_path / "output" / "old"
    folder.mkdir(parents=True)
    (folder / "concept.md").write_text("# A cube")
    long_ago = time.time() - 3600
    os.utime(folder / "concept.md", (long_ago, long_ago))
    done = cli(tmp_path / "output", "recover")
    assert done.returncode == 0
    assert "old  failed" in done.stdout
    assert (folder / "session_state.json").is_file()


def test_a_wrong_setting_is_named(tmp_path: Path) -> None:
    done = cli(tmp_path / "output", "serve", port="99999")
    assert done.returncode == 2
    assert "port" in done.stderr


def test_doctor_finds_a_damaged_picture(bridge: RunningBridge) -> None:
    session_id = bridge.generate()
    assert bridge.ended(session_id)["status"] == "completed"
    assert cli(bridge.output, "doctor", "--verify", port="0").returncode == 0
    picture = bridge.output / session_id / "render.png"
    whole = picture.read_bytes()
    damaged = bytearray(whole)
    damaged[len(whole) // 2] ^= 1
    picture.write_bytes(damaged)
    done = cli(bridge.output, "doctor", "--verify", port="0")
    picture.write_bytes(whole)
    assert done.returncode == 1
    assert f"{session_id}: render.png" in done.stdout


def test_doctor_says_what_to_do_without_a_blender(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bridge", "doctor"],
        env=environment(tmp_path / "output") | {"BLENDER": "/nothing/here"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "Install Blender 4.2 or later" in done.stdout


def test_doctor_names_what_is_wrong_in_a_folder_of_recipes(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "kobold.toml").write_text('name = "kobold"\nsize = [')
    done = subprocess.run(
        [sys.executable, "-m", "bridge", "doctor"],
        env=environment(tmp_path / "output")
        | {"BLENDER": "/nothing/here", "SCENEKEEPER_RECIPES": str(tmp_path / "own")},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    told = " ".join(done.stdout.split())
    assert "! Recipes: Recipe own/kobold.toml: not valid TOML" in told
    assert "line 2" in told
    assert "Mend that file" in told


@pytest.mark.blender
def test_the_bar_in_a_terminal_shows_stages(bridge: RunningBridge) -> None:
    primary, secondary = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "bridge", "generate", "a torus", *TINY],
        env=environment(bridge.output) | {"TERM": "xterm-256color", "COLUMNS": "160"},
        cwd=ROOT,
        stdin=secondary,
        stdout=secondary,
        stderr=secondary,
    )
    os.close(secondary)
    seen = b""
    while process.poll() is None or select.select([primary], [], [], 0.2)[0]:
        if select.select([primary], [], [], 0.2)[0]:
            try:
                seen += os.read(primary, 65536)
            except OSError:
                break
    os.close(primary)
    text = seen.decode(errors="replace")
    assert process.wait() == 0
    assert "100%" in text
    assert all(stage in text for stage in ("concept", "builder", "texture", "render", "reviewer"))
    assert "scene.blend" in text


def test_ctrl_c_leaves_the_session_to_go_on(bridge: RunningBridge) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "bridge", "generate", "a cone", "--resolution", "1600x900", "--samples", "4096"],
        env=environment(bridge.output),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Who runs the suite in the background has its programs ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - nothing else runs yet
    )
    assert process.stderr is not None
    session_id = process.stderr.readline().split()[-1]
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Traceback" not in said
    assert f"scenekeeper show {session_id}" in said
    assert bridge.session(session_id)["status"] in ("pending", "in_progress")
    bridge.call("POST", f"/api/session/{session_id}/cancel")


@pytest.mark.blender
def test_the_demo_makes_a_scene_and_leaves_nothing_running(tmp_path: Path) -> None:
    output = tmp_path / "output"
    done = cli(output, "demo", "a red cube")
    assert done.returncode == 0, done.stderr
    blend, render, _url = done.stdout.splitlines()
    assert Path(blend).is_file()
    assert Path(render).is_file()
    assert not (output / ANNOUNCEMENT).exists()
    # The lock that bridges wait for stays; nobody holds it.
    assert [path.name for path in (output / ".leases").iterdir()] == ["bridge.lock"]
    assert lease_state(output, "bridge") is LeaseState.FREE


def test_the_demo_without_a_blender_fails_and_says_why(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bridge", "demo"],
        env=environment(tmp_path / "output") | {"BLENDER": "/nothing/here"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 6
    assert "not a program here" in done.stderr


def test_a_killed_demo_leaves_nothing_running(tmp_path: Path) -> None:
    output = tmp_path / "output"
    process = subprocess.Popen(
        [sys.executable, "-m", "bridge", "demo"],
        env=environment(output),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    blender = wait_for(lambda: next((i for i in leases(output) if i.kind == "worker"), None), 40, "Blender is up")
    bridge = read_announcement(output)
    assert bridge is not None
    assert alive(blender.pid)
    assert alive(bridge.pid)
    process.kill()
    process.wait()
    wait_for(lambda: not alive(bridge.pid) and not alive(blender.pid), 8, "bridge and Blender are gone")
