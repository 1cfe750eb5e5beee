"""The liveness rules, each as a series of looks at a worker: no clocks, no processes."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from bridge.liveness import Deadlines, Look, Verdict, born, judge

DEADLINES = Deadlines(start_s=30, silence_s=20, hang_s=60, cancel_s=3, render_cap_s=600)


def alive(at: float) -> Look:
    return Look(at=at, answered_at=at, ready=True, beat_age_s=0.1, cpu_s=0.0)


def first_kill(looks: Iterable[Look], deadlines: Deadlines = DEADLINES) -> tuple[float, Verdict] | None:
    vitals = born(0.0)
    for look in looks:
        vitals, verdict = judge(vitals, look, deadlines)
        if verdict.kill is not None:
            return look.at, verdict
    return None


def series(until: float, look: Callable[[float], Look], step: float = 0.5, start: float = 0.0) -> list[Look]:
    return [look(start + number * step) for number in range(int((until - start) / step) + 1)]


def killed_at(looks: Iterable[Look]) -> float:
    killed = first_kill(looks)
    assert killed is not None
    return killed[0]


def test_a_worker_that_answers_and_beats_lives() -> None:
    assert first_kill(series(1000, alive)) is None


def test_a_start_that_never_ends_is_found_at_its_deadline() -> None:
    assert killed_at(series(100, lambda at: Look(at=at))) == pytest.approx(30, abs=1)


def test_a_start_whose_server_answers_but_is_not_ready_is_found_too() -> None:
    assert killed_at(series(100, lambda at: replace(alive(at), ready=False))) == pytest.approx(30, abs=1)


def test_silence_is_found_at_its_deadline() -> None:
    looks = series(10, alive) + series(100, lambda at: replace(alive(10), at=at), start=10.5)
    assert killed_at(looks) == pytest.approx(30, abs=1)


def test_silence_counts_even_while_the_processor_works() -> None:
    spinning = series(100, lambda at: replace(alive(10), at=at, cpu_s=at, rendering=True), start=10.5)
    assert killed_at(series(10, alive) + spinning) == pytest.approx(30, abs=1)


@pytest.mark.parametrize("cpu_per_s", [0.0, 0.005, 1.0])
def test_a_main_thread_that_hangs_outside_a_render_is_found_at_its_deadline(cpu_per_s: float) -> None:
    looks = series(10, alive) + series(
        200, lambda at: replace(alive(at), beat_age_s=at - 10, cpu_s=(at - 10) * cpu_per_s), start=10.5
    )
    assert killed_at(looks) == pytest.approx(70, abs=1)


def test_a_main_thread_that_sleeps_in_a_render_is_found_at_its_deadline() -> None:
    looks = series(10, alive) + series(
        200, lambda at: replace(alive(at), beat_age_s=at - 10, rendering=True, cpu_s=(at - 10) * 0.01), start=10.5
    )
    assert killed_at(looks) == pytest.approx(70, abs=1)


def test_a_slow_render_that_computes_is_left_alone_up_to_the_cap() -> None:
    looks = series(10, alive) + series(
        2000, lambda at: replace(alive(at), beat_age_s=at - 10, rendering=True, cpu_s=(at - 10) * 1.8), start=10.5
    )
    assert killed_at(looks) == pytest.approx(610, abs=1)


def test_a_render_that_beats_is_never_killed_whatever_the_processor_does() -> None:
    looks = series(10, alive) + series(
        5000, lambda at: replace(alive(at), beat_age_s=at % 50, rendering=True, cpu_s=0.0), start=10.5
    )
    assert first_kill(looks) is None


def test_a_cancel_without_a_reaction_ends_the_worker_and_is_no_crash() -> None:
    looks = series(10, alive) + series(60, lambda at: replace(alive(at), cancelling="a"), start=10.5)
    killed = first_kill(looks)
    assert killed is not None
    assert killed[0] == pytest.approx(13.5, abs=1)
    assert killed[1].cancelled


def test_each_cancel_has_its_own_time() -> None:
    looks = [
        *series(12, lambda at: replace(alive(at), cancelling="a"), start=10),
        *series(14, lambda at: replace(alive(at), cancelling="b"), start=12.5),
        *series(30, alive, start=14.5),
    ]
    assert first_kill(looks) is None


def test_a_time_in_which_we_did_not_look_is_not_held_against_it() -> None:
    looks = [*series(10, alive), replace(alive(10), at=500.0), *series(520, alive, start=500.5)]
    assert first_kill(looks) is None


def test_after_such_a_time_silence_is_still_found() -> None:
    looks = series(10, alive) + series(600, lambda at: replace(alive(10), at=at), start=500)
    assert killed_at(looks) == pytest.approx(520, abs=1)
