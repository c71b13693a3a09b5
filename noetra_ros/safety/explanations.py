"""Verdicts of the supervisor itself, for what no active check explains: every change has a reason."""

from __future__ import annotations

from noetra_ros.safety.limits import ChannelLimits
from noetra_ros.safety.projection.answer import UNKNOWN, Projected
from noetra_ros.safety.snapshot import Values
from noetra_ros.safety.verdict import Action, Verdict

LIMITER = "limiter"
PROJECTION = "projection"


def approaching(limits: ChannelLimits, wanted: Values, values: Values) -> Verdict:
    """The way to the command takes several periods."""
    distances = [abs(value - goal) for value, goal in zip(values, wanted, strict=True)]
    measured = max(distances)
    axis = limits.axes[distances.index(measured)]
    unit = axis.unit if limits.is_position else f"{axis.unit}/s"
    reason = f"{axis.name} is {measured:.4g} {unit} from its command and gets there within its limits"
    return Verdict(LIMITER, Action.CLAMP, reason, 1.0, axis.name, measured, 0.0, unit)


def held_back(projected: Projected) -> list[Verdict]:
    """Each barrier that changed a command."""
    if projected.held == (UNKNOWN,):
        reason = "room to a barrier is not known: a controlled stop is sent"
        return [Verdict(PROJECTION, Action.CLAMP, reason, 0.0, UNKNOWN.name)]
    what = "a controlled stop" if projected.is_stopping else "the nearest motion that keeps it"
    return [
        Verdict(
            PROJECTION,
            Action.CLAMP,
            f"{held.name}: the command would {held.words}; {what} is sent",
            1.0,
            held.name,
            held.measured,
            held.limit,
            held.unit,
        )
        for held in projected.held
    ]


def unusable() -> Verdict:
    """A command that cannot be sent, and that no check stopped for."""
    return Verdict(
        LIMITER, Action.STOP, "the command does not fit the channel or holds NaN", subject="command"
    )


def too_early(lead_s: float, limit_s: float) -> Verdict:
    """A flood, and no check `rate`."""
    reason = f"commands run {lead_s:.4f} s ahead of real time: this one is refused"
    return Verdict(LIMITER, Action.CLAMP, reason, 0.0, "command", lead_s, limit_s, "s")


def bridged(gap_s: float, limit_s: float, is_braking: bool) -> Verdict:
    """The supervisor sends values of its own because no command came."""
    what = "brakes" if is_braking else "goes on to the last command"
    reason = f"no command for {gap_s:.3f} s: the supervisor {what} until the next one"
    return Verdict(LIMITER, Action.CLAMP, reason, 1.0, "pause", gap_s, limit_s, "s")


def speeding_up(scale: float) -> Verdict:
    """The cause of slowing is gone; the scale rises at its bounded rate."""
    return Verdict(
        LIMITER, Action.SLOW, f"speed comes back: {scale:.0%} of the limits", scale, "scale", scale, 1.0, "1"
    )
