"""The restart policy, as tables: no clocks, no processes."""

import pytest

from bridge.policy import Death, RestartHistory, RestartRules, after_death

RULES = RestartRules(first_delay_s=1.0, max_delay_s=8.0, max_delay_with_session_s=2.0, stable_s=60.0, give_up_after=5)
IDLE = Death(ready_for_s=1.0, had_session=False, worked=False)
UNREADY = Death(ready_for_s=None, had_session=False, worked=False)
WORKING = Death(ready_for_s=5.0, had_session=True, worked=True)
REPLACED = Death(ready_for_s=5.0, had_session=False, worked=True, replaced=True)
STABLE = Death(ready_for_s=60.0, had_session=False, worked=False)


def delays(deaths: list[Death]) -> list[float | None]:
    history, seen = RestartHistory(), []
    for death in deaths:
        restart = after_death(history, death, RULES)
        history = restart.history
        seen.append(restart.delay_s)
    return seen


@pytest.mark.parametrize(
    ("deaths", "expected"),
    [
        pytest.param([IDLE], [1.0], id="the first comes back soon"),
        pytest.param([IDLE] * 5, [1.0, 2.0, 4.0, 8.0, None], id="the delay doubles to its cap, then it is given up"),
        pytest.param([UNREADY] * 5, [1.0, 2.0, 4.0, 8.0, None], id="one that never starts is given up too"),
        pytest.param([WORKING] * 7, [1.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0], id="deaths with a session never give up"),
        pytest.param([IDLE] * 4 + [STABLE, IDLE], [1.0, 2.0, 4.0, 8.0, 1.0, 2.0], id="stable time forgives"),
        pytest.param([IDLE] * 4 + [WORKING, IDLE], [1.0, 2.0, 4.0, 8.0, 2.0, 8.0], id="work done counts from anew"),
        pytest.param([REPLACED] * 9, [0.0] * 9, id="replacing is no crash"),
        pytest.param([IDLE] * 2 + [REPLACED, IDLE], [1.0, 2.0, 0.0, 4.0], id="replacing neither adds nor forgives"),
    ],
)
def test_delays(deaths: list[Death], expected: list[float | None]) -> None:
    assert delays(deaths) == expected


def test_replacing_one_that_never_started_counts_as_a_death() -> None:
    asks_at_once = Death(ready_for_s=None, had_session=False, worked=False, replaced=True)
    assert delays([asks_at_once] * 5)[-1] is None


def test_an_endless_streak_does_not_overflow() -> None:
    restart = after_death(RestartHistory(streak=10_000), WORKING, RULES)
    assert restart.delay_s == RULES.max_delay_with_session_s
    assert not restart.gives_up
