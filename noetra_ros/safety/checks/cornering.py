"""Check: a base does not turn so fast in a curve that it tips over."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from noetra_ros.safety.braking import peak_velocity
from noetra_ros.safety.check import check_registry
from noetra_ros.safety.limiter import accelerated
from noetra_ros.safety.limits import ChannelLimits
from noetra_ros.safety.snapshot import Snapshot, Values
from noetra_ros.safety.twist_share import allowed_share, motions_of
from noetra_ros.safety.verdict import Action, Verdict, passed

NAME = "cornering"
PASSED: Final = passed(NAME)
BISECTIONS = 10


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
            return PASSED
        share = allowed_share(snapshot, twist, lambda v: _sideways_mps2(v, snapshot) <= limit, BISECTIONS)
        measured = _sideways_mps2(twist, snapshot)
        reason = f"the curve would push the base sideways by {measured:.2f} m/s2, limit {limit} m/s2"
        return Verdict(NAME, Action.CLAMP, reason, share, "base", measured, limit, "m/s2")


def sideways_mps2(twist: Values) -> float:
    """Centripetal acceleration of (vx, vy, wz)."""
    return math.hypot(twist[0], twist[1]) * abs(twist[2])


def _sideways_mps2(twist: Values, snapshot: Snapshot) -> float:
    """Highest one of a base that is sent `twist` and whose accelerations then run out at full jerk: a speed
    that still rises cannot be held at once.
    """
    dt_s, highest = snapshot.limits.period_s, []
    for motion, value, axis in zip(motions_of(snapshot), twist, snapshot.limits.axes, strict=True):
        after = accelerated(motion, value, dt_s)
        highest.append(max(abs(value), abs(peak_velocity(value, after.acceleration, axis.jerk * dt_s, dt_s))))
    return sideways_mps2(tuple(highest))


check_registry.register(NAME)(Cornering)
