"""Whether Blender is alive, from what can be seen of it. Pure: values in, values out; any thread.

Three things fail apart: the process may be stopped or hold the GIL for ever (HTTP falls silent), the main thread may
hang while HTTP goes on (its beat grows old), and the start may never end. A slow render is none of them: while
rendering, a main thread that does not beat still counts as alive as long as the process uses its processors.
"""

from dataclasses import dataclass, replace

__all__ = ["Deadlines", "Look", "Verdict", "Vitals", "born", "judge"]

_WORKING_SHARE = 0.1
"""Processor share of one core that counts as work: answering our probes takes less than a hundredth."""


@dataclass(frozen=True)
class Deadlines:
    """Seconds. ``cancel_s``: from a cancel being asked for until Blender is replaced.

    ``render_cap_s``: how long a render may compute without one finished sample. ``gap_s``: when we ourselves did not
    look for longer than this, it is we who slept, and nothing is held against Blender.
    """

    start_s: float
    silence_s: float
    hang_s: float
    cancel_s: float
    render_cap_s: float = 1800.0
    gap_s: float = 5.0

    @property
    def working_window_s(self) -> float:
        """Over how long the processor share is measured."""
        return min(2.0, self.hang_s / 4)


@dataclass(frozen=True)
class Look:
    """What is seen of a worker at one moment ``at`` (monotonic seconds).

    ``answered_at``: when its HTTP server last answered a probe, None: never. ``beat_age_s``: age of the main thread's
    last beat at that moment, None: not known. ``cpu_s``: processor seconds used in its life, None: not known.
    ``cancelling``: the session of this worker whose cancel was asked for, None: none.
    """

    at: float
    answered_at: float | None = None
    ready: bool = False
    beat_age_s: float | None = None
    rendering: bool = False
    cpu_s: float | None = None
    cancelling: str | None = None


@dataclass(frozen=True)
class Vitals:
    """What earlier looks add up to."""

    born_at: float
    looked_at: float
    alive_at: float
    ready_at: float | None = None
    cpu_mark: tuple[float, float] | None = None
    worked_at: float | None = None
    cancelling: tuple[str, float] | None = None


@dataclass(frozen=True)
class Verdict:
    """``kill``: why it must die, or None; ``cancelled``: it is for a cancel, so it is not a crash."""

    kill: str | None = None
    cancelled: bool = False


_FINE = Verdict()


def born(at: float) -> Vitals:
    """The vitals of a worker started at ``at`` (monotonic seconds)."""
    return Vitals(born_at=at, looked_at=at, alive_at=at)


def judge(vitals: Vitals, look: Look, deadlines: Deadlines) -> tuple[Vitals, Verdict]:
    """The vitals with ``look`` added, and whether the worker must be killed."""
    vitals = _updated(_forgiven(vitals, look, deadlines), look, deadlines)
    return vitals, _verdict(vitals, look, deadlines)


def _forgiven(vitals: Vitals, look: Look, deadlines: Deadlines) -> Vitals:
    """Take out a time in which we did not look, e.g. when the terminal stopped us."""
    gap = look.at - vitals.looked_at
    if gap <= deadlines.gap_s:
        return vitals
    cancelling = vitals.cancelling
    return replace(
        vitals,
        born_at=vitals.born_at + gap,
        alive_at=vitals.alive_at + gap,
        cpu_mark=None,
        worked_at=look.at,
        cancelling=(cancelling[0], cancelling[1] + gap) if cancelling else None,
    )


def _updated(vitals: Vitals, look: Look, deadlines: Deadlines) -> Vitals:
    ready_at = vitals.ready_at if vitals.ready_at is not None else (look.at if look.ready else None)
    vitals = replace(
        vitals,
        looked_at=look.at,
        alive_at=max(vitals.alive_at, look.answered_at or vitals.alive_at),
        ready_at=ready_at,
    )
    if look.cancelling is None:
        vitals = replace(vitals, cancelling=None)
    elif vitals.cancelling is None or vitals.cancelling[0] != look.cancelling:
        vitals = replace(vitals, cancelling=(look.cancelling, look.at))
    return _with_cpu(vitals, look, deadlines)


def _with_cpu(vitals: Vitals, look: Look, deadlines: Deadlines) -> Vitals:
    if look.cpu_s is None:
        return vitals
    if vitals.cpu_mark is None:
        return replace(vitals, cpu_mark=(look.at, look.cpu_s))
    marked_at, marked_cpu_s = vitals.cpu_mark
    elapsed = look.at - marked_at
    if elapsed < deadlines.working_window_s:
        return vitals
    working = look.cpu_s - marked_cpu_s >= _WORKING_SHARE * elapsed
    return replace(vitals, cpu_mark=(look.at, look.cpu_s), worked_at=look.at if working else vitals.worked_at)


def _verdict(vitals: Vitals, look: Look, deadlines: Deadlines) -> Verdict:
    if vitals.cancelling is not None and look.at - vitals.cancelling[1] > deadlines.cancel_s:
        return Verdict("it did not react to a cancel", cancelled=True)
    if vitals.ready_at is None:
        if look.at - vitals.born_at > deadlines.start_s:
            return Verdict(f"it did not start within {deadlines.start_s:g} s")
        return _FINE
    silence = look.at - vitals.alive_at
    if silence > deadlines.silence_s:
        return Verdict(f"its server has not answered for {silence:.1f} s")
    return _main_thread(vitals, look, deadlines)


def _main_thread(vitals: Vitals, look: Look, deadlines: Deadlines) -> Verdict:
    if look.beat_age_s is None or look.beat_age_s <= deadlines.hang_s:
        return _FINE
    if look.rendering and look.beat_age_s <= deadlines.render_cap_s and _computes(vitals, look, deadlines):
        return _FINE
    return Verdict(f"its main thread has not moved for {look.beat_age_s:.1f} s")


def _computes(vitals: Vitals, look: Look, deadlines: Deadlines) -> bool:
    return vitals.worked_at is not None and look.at - vitals.worked_at <= deadlines.hang_s / 2
