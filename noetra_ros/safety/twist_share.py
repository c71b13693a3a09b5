"""How much of a twist may be sent: the largest share of the way from a controlled stop that a rule allows."""

from __future__ import annotations

from collections.abc import Callable

from noetra_ros.safety.limiter import AxisMotion, stop_velocity
from noetra_ros.safety.snapshot import Snapshot, Values


def motions_of(snapshot: Snapshot) -> list[AxisMotion]:
    """(d) what was last sent on a velocity channel."""
    rows = zip(snapshot.sent_velocity, snapshot.sent_acceleration, strict=True)
    return [AxisMotion(0.0, velocity, acceleration) for velocity, acceleration in rows]


def allowed_share(
    snapshot: Snapshot, twist: Values, is_allowed: Callable[[Values], bool], bisections: int
) -> float:
    """Share for a CLAMP verdict, 0 = a controlled stop.

    Args:
        snapshot: of a velocity channel.
        twist: (d) refused whole.
        is_allowed: the rule; what it allows lies on the side of the stop.
        bisections: the share is found to 2 to the power of minus this.
    """
    rows = zip(motions_of(snapshot), snapshot.limits.axes, strict=True)
    stop = [stop_velocity(motion, axis, snapshot.limits.period_s) for motion, axis in rows]
    good, bad = 0.0, 1.0
    for _ in range(bisections):
        middle = 0.5 * (good + bad)
        mixed = tuple([s + middle * (value - s) for s, value in zip(stop, twist, strict=True)])
        good, bad = (middle, bad) if is_allowed(mixed) else (good, middle)
    return good
