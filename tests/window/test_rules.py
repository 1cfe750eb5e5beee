"""When a window starts a worker: the policy as a table."""

import pytest

from addon.window.rules import GIVE_UP_AFTER, REPLACE_ME, Situation, delay_s, shall_let_go, shall_start, streak_after

LONG_AGO = 1e9


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        (Situation(waiting=0, serves=False, others=False, streak=0, since_death_s=LONG_AGO), False),
        (Situation(waiting=1, serves=False, others=False, streak=0, since_death_s=LONG_AGO), True),
        (Situation(waiting=0, serves=True, others=False, streak=0, since_death_s=LONG_AGO), True),
        (Situation(waiting=3, serves=True, others=True, streak=0, since_death_s=LONG_AGO), False),
        (Situation(waiting=1, serves=False, others=False, streak=1, since_death_s=0.1), False),
        (Situation(waiting=1, serves=False, others=False, streak=1, since_death_s=0.6), True),
        (Situation(waiting=1, serves=False, others=False, streak=0, since_death_s=0.0), True),
        (Situation(waiting=1, serves=True, others=False, streak=GIVE_UP_AFTER, since_death_s=LONG_AGO), False),
    ],
)
def test_starting(situation: Situation, expected: bool) -> None:
    assert shall_start(situation) is expected


def test_delays_grow_and_stay_bounded() -> None:
    delays = [delay_s(streak) for streak in range(12)]
    assert delays == sorted(delays)
    assert delays[0] == 0
    assert delays[-1] == 10


@pytest.mark.parametrize(
    ("exit_code", "lived_s", "expected"), [(1, 0.5, 3), (-11, 5.0, 3), (-11, 60.0, 0), (REPLACE_ME, 0.5, 0)]
)
def test_early_deaths_in_a_row(exit_code: int, lived_s: float, expected: int) -> None:
    assert streak_after(2, exit_code, lived_s) == expected


def test_an_idle_worker_is_let_go_unless_it_serves() -> None:
    assert shall_let_go(idle_s=3600, serves=False)
    assert not shall_let_go(idle_s=3600, serves=True)
    assert not shall_let_go(idle_s=5, serves=False)
