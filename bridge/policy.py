"""When to start Blender again after it died, and when to give up. Pure: values in, values out; any thread."""

from dataclasses import dataclass, replace

__all__ = ["REPLACE_ME", "Death", "Restart", "RestartHistory", "RestartRules", "after_death"]

REPLACE_ME = 75
"""The exit code with which a worker asks for a fresh Blender, after a cancelled render. Not a crash."""


@dataclass(frozen=True)
class RestartRules:
    """Delays in seconds.

    A death with a session in hand is charged to that session, whose attempts are limited, so it never leads to
    giving up and its delay stays short. A death without one is charged to Blender itself.
    """

    first_delay_s: float = 0.25
    max_delay_s: float = 10.0
    max_delay_with_session_s: float = 0.5
    stable_s: float = 60.0
    give_up_after: int = 7


@dataclass(frozen=True)
class Death:
    """How a worker ended.

    ``ready_for_s`` is how long it was up and answering (None: it never was); ``had_session``: it held one when it
    died; ``worked``: it held one at any time in its life; ``replaced``: we or it itself ended it on purpose.
    """

    ready_for_s: float | None
    had_session: bool
    worked: bool
    replaced: bool = False


@dataclass(frozen=True)
class RestartHistory:
    """What earlier deaths add up to: deaths in a row without stable time, and those of them without a session."""

    streak: int = 0
    idle_deaths: int = 0


@dataclass(frozen=True)
class Restart:
    """Start again after ``delay_s``, or never when it is None."""

    history: RestartHistory
    delay_s: float | None

    @property
    def gives_up(self) -> bool:
        """Whether only a person can start Blender again."""
        return self.delay_s is None


def after_death(history: RestartHistory, death: Death, rules: RestartRules) -> Restart:
    """What to do after a death: capped exponential back-off, reset by stable time, an end after too many in a row."""
    if death.replaced and death.ready_for_s is not None:
        return Restart(history, 0.0)
    if death.ready_for_s is not None and death.ready_for_s >= rules.stable_s:
        history = RestartHistory()
    if death.worked:
        history = replace(history, idle_deaths=0)
    streak = history.streak + 1
    idle_deaths = history.idle_deaths + (0 if death.had_session else 1)
    history = RestartHistory(streak, idle_deaths)
    if idle_deaths >= rules.give_up_after:
        return Restart(history, None)
    cap = rules.max_delay_with_session_s if death.had_session else rules.max_delay_s
    # The exponent is bounded because a long streak of charged deaths would overflow the float.
    return Restart(history, min(cap, rules.first_delay_s * 2.0 ** min(streak - 1, 30)))
