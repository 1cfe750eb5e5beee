"""Runs over many prompts: nothing stops them, and what they print is what was found."""

from pathlib import Path

import psutil
import pytest
from PIL import Image

from tools.prompts.crew import run
from tools.prompts.report import Result, failures, save_sheets, table
from tools.prompts.rows import Row, Verdict, Wrong, read_rows, sampled
from tools.prompts.words import same, singular

RIGHT = Row.model_validate({"prompt": "a red cube", "include": [{"class": "cube", "count": 1, "color": "red"}]})
WRONG = Row.model_validate({"prompt": "a red cube", "include": [{"class": "cube", "count": 2}]})


def verdicts(rows: list[Row], deadline_s: float, *, kill_after: int | None = None) -> tuple[list[Verdict], list[bool]]:
    """What a run says of each row, and whether there was a picture of it."""
    found: list[Verdict] = []
    pictured: list[bool] = []

    def done(_row: Row, verdict: Verdict, folder: Path) -> None:
        found.append(verdict)
        pictured.append((folder / "picture.png").exists())
        if len(found) == kill_after:
            for child in psutil.Process().children():
                if "tools.prompts.worker" in child.cmdline():
                    child.kill()
                    psutil.wait_procs([child])

    run(rows, 1, "failures", deadline_s, done)
    return found, pictured


@pytest.mark.blender
def test_a_run_goes_on_after_the_death_of_a_worker() -> None:
    found, pictured = verdicts([RIGHT, RIGHT, WRONG], 60, kill_after=1)
    assert [[one.about for one in verdict.wrong] for verdict in found] == [[], ["crash"], ["count"]]
    assert pictured == [False, False, True]
    assert found[0].build_ms > 0


@pytest.mark.blender
def test_a_prompt_that_takes_too_long_is_lost_and_the_next_is_tried() -> None:
    found, _ = verdicts([RIGHT, RIGHT], 0.001)
    assert [[one.about for one in verdict.wrong] for verdict in found] == [["timeout"], ["timeout"]]


def test_the_table_counts_by_split() -> None:
    lost = Verdict(wrong=(Wrong(about="timeout", text="late"),))
    unlike = Verdict(wrong=(Wrong(about="colour", text="blue"), Wrong(about="colour", text="green")), build_ms=300)
    rows = [RIGHT.model_copy(update={"split": split}) for split in ("one", "one", "two")]
    results = [Result(row, verdict) for row, verdict in zip(rows, (Verdict(build_ms=100), unlike, lost), strict=True)]
    lines = [line.split() for line in table(results).splitlines()]
    column = {name: number for number, name in enumerate(lines[0])}
    assert [(line[0], line[1], line[2]) for line in lines[1:]] == [
        ("one", "2", "50.0%"), ("two", "1", "0.0%"), ("all", "3", "33.3%"),
    ]  # fmt: skip
    assert (lines[1][column["colour"]], lines[1][column["lost"]], lines[1][column["lost"] + 1]) == ("50.0%", "0", "200")
    assert lines[2][column["lost"]] == "1"
    assert "colour: blue; colour: green" in failures(results)


def test_failures_are_pictured(tmp_path: Path) -> None:
    picture = Image.new("RGB", (320, 180), "red")
    bad = Verdict(wrong=(Wrong(about="seen", text="too small"),))
    paths = save_sheets([Result(RIGHT, bad, picture)] * 17 + [Result(RIGHT, bad)], tmp_path, "failures")
    assert [path.name for path in paths] == ["failures-01.png", "failures-02.png"]
    with Image.open(paths[0]) as sheet:
        assert sheet.getpixel((100, 100)) == (255, 0, 0)


def test_samples_are_by_split_and_the_same_again(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    lines = [f'{{"split": "{split}", "prompt": "{number}"}}' for split in ("a", "b") for number in range(50)]
    path.write_text("\n".join(lines), encoding="utf-8")
    rows = read_rows(path)
    chosen = sampled(rows, 5)
    assert [row.split for row in chosen] == ["a"] * 5 + ["b"] * 5
    assert chosen == sampled(rows, 5)
    assert len(read_rows(path, "b")) == 50
    path.write_text('{"prompt": "fine"}\n{"include": 3}', encoding="utf-8")
    with pytest.raises(ValueError, match=r"rows\.jsonl, line 2"):
        read_rows(path)


@pytest.mark.parametrize(
    ("asked", "noun", "fits"),
    [
        ("knives", "knife", True), ("sole shoes", "shoe", True), ("people", "person", True), ("mice", "mouse", True),
        ("strawberries", "strawberry", True), ("sheep", "sheep", True), ("glasses", "glass", False),
        ("doughnut", "donut", True), ("chair", "wheelchair", False), ("lamp", "desk lamp", True), ("cat", "car", False),
    ],
)  # fmt: skip
def test_words_are_matched_in_the_singular(asked: str, noun: str, fits: bool) -> None:
    assert same(asked, noun) is fits


@pytest.mark.parametrize("word", ["bus", "dress", "pants", "scissors", "walrus", "giraffe"])
def test_what_is_singular_stays(word: str) -> None:
    assert singular(word) == word
