"""When a window starts a worker of its own, and when it lets it go. Pure: values in, values out."""

from dataclasses import dataclass

__all__ = ["GIVE_UP_AFTER", "REPLACE_ME", "Situation", "delay_s", "shall_let_go", "shall_start", "streak_after"]

REPLACE_ME = 75
"""The exit code with which a worker asks for a fresh Blender, after a cancelled render. Not a crash."""

GIVE_UP_AFTER = 5
"""Deaths in a row. More than a session has attempts, so that a session that crashes Blender ends as failed first."""

_STABLE_S = 30.0
_FIRST_DELAY_S = 0.5
_LONGEST_DELAY_S = 10.0
_IDLE_S = 600.0


@dataclass(frozen=True)
class Situation:
    """What there is to know, while this window has no worker.

    ``waiting``: sessions that wait; ``serves``: other programs shall reach this Blender; ``others``: a bridge or
    another worker has the folder; ``streak``: early deaths in a row, the last ``since_death_s`` seconds ago.
    """

    waiting: int
    serves: bool
    others: bool
    streak: int
    since_death_s: float


def shall_start(now: Situation) -> bool:
    """Whether there is something to do that nobody else does, and a start is worth trying now."""
    wanted = now.waiting > 0 or now.serves
    return wanted and not now.others and now.streak < GIVE_UP_AFTER and now.since_death_s >= delay_s(now.streak)


def delay_s(streak: int) -> float:
    """Seconds to wait after so many deaths in a row."""
    return 0.0 if streak == 0 else float(min(_LONGEST_DELAY_S, _FIRST_DELAY_S * 2 ** (streak - 1)))


def streak_after(streak: int, exit_code: int, lived_s: float) -> int:
    """Deaths in a row, after one more."""
    return 0 if exit_code == REPLACE_ME or lived_s >= _STABLE_S else streak + 1


def shall_let_go(*, idle_s: float, serves: bool) -> bool:
    """Whether a worker that has had nothing to do for so long gives its memory back."""
    return not serves and idle_s >= _IDLE_S
