"""Check: a base does not turn so fast in a curve that it tips over."""

from __future__ import annotations

import math
from dataclasses import dataclass

from noetra_ros.safety.braking import peak_velocity
from noetra_ros.safety.check import check_registry
from noetra_ros.safety.limiter import AxisMotion, accelerated, stop_velocity
from noetra_ros.safety.limits import ChannelLimits
from noetra_ros.safety.snapshot import Snapshot, Values
from noetra_ros.safety.verdict import Action, Verdict, passed

NAME = "cornering"
BISECTIONS = 10


@check_registry.register(NAME)
@dataclass(frozen=True)
class Cornering:
    """Clamps a twist whose sideways acceleration, speed times turning speed, is above the base's
    `cornering_mps2`. Cannot catch slopes, bumps, and a load that moves.
    """

    def unmet(self, limits: ChannelLimits) -> str:
        """It needs the limit of a base."""
        return "" if math.isfinite(limits.cornering_mps2) else "no base with cornering_mps2 on this channel"

    def evaluate(self, snapshot: Snapshot) -> Verdict:
        """CLAMP to the share of the way from a controlled stop to the twist that keeps the limit."""
        twist, limits = snapshot.proposed, snapshot.limits
        limit = limits.cornering_mps2
        if twist is None or _sideways_mps2(twist, snapshot) <= limit:
            return passed(NAME)
        rows = zip(_motions(snapshot), limits.axes, strict=True)
        stop = [stop_velocity(motion, axis, limits.period_s) for motion, axis in rows]
        good, bad = 0.0, 1.0
        for _ in range(BISECTIONS):
            middle = 0.5 * (good + bad)
            mixed = tuple([s + middle * (v - s) for s, v in zip(stop, twist, strict=True)])
            good, bad = (middle, bad) if _sideways_mps2(mixed, snapshot) <= limit else (good, middle)
        measured = _sideways_mps2(twist, snapshot)
        reason = f"the curve would push the base sideways by {measured:.2f} m/s2, limit {limit} m/s2"
        return Verdict(NAME, Action.CLAMP, reason, good, "base", measured, limit, "m/s2")


def sideways_mps2(twist: Values) -> float:
    """Centripetal acceleration of (vx, vy, wz)."""
    return math.hypot(twist[0], twist[1]) * abs(twist[2])


def _sideways_mps2(twist: Values, snapshot: Snapshot) -> float:
    """Highest one of a base that is sent `twist` and whose accelerations then run out at full jerk: a speed
    that still rises cannot be held at once.
    """
    dt_s, highest = snapshot.limits.period_s, []
    for motion, value, axis in zip(_motions(snapshot), twist, snapshot.limits.axes, strict=True):
        after = accelerated(motion, value, dt_s)
        highest.append(max(abs(value), abs(peak_velocity(value, after.acceleration, axis.jerk * dt_s, dt_s))))
    return sideways_mps2(tuple(highest))


def _motions(snapshot: Snapshot) -> list[AxisMotion]:
    rows = zip(snapshot.sent_velocity, snapshot.sent_acceleration, strict=True)
    return [AxisMotion(0.0, velocity, acceleration) for velocity, acceleration in rows]
