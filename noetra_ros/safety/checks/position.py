"""Check: commanded joint positions are within their limits, and can still be braked within them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from noetra_ros.robots.channels import TWISTS
from noetra_ros.safety.all_axes import is_each_between
from noetra_ros.safety.braking import braking_travel
from noetra_ros.safety.check import check_registry
from noetra_ros.safety.limits import ChannelLimits
from noetra_ros.safety.snapshot import Snapshot, Values
from noetra_ros.safety.verdict import Action, Verdict, passed

PASSED: Final = passed("position")


@dataclass(frozen=True)
class Position:
    """Clamps a command beyond a position limit of the profile, or a joint velocity that could not be braked
    before it; stops joint velocities while a joint's position is not a number, since nobody knows then how
    near its limit is. Judges commands only: it cannot catch a joint that something else pushes beyond its
    limit, which is the concern of `tracking_error`.
    """

    def unmet(self, limits: ChannelLimits) -> str:
        """Twists have no position."""
        has_positions = limits.kind not in TWISTS
        return "" if has_positions else f"it judges joint positions, the channel takes {limits.kind.value}"

    def evaluate(self, snapshot: Snapshot) -> Verdict:
        """CLAMP with the axis that is farthest outside; STOP without positions to brake before the limits."""
        if _is_lost(snapshot):
            return Verdict("position", Action.STOP, "a measured joint position is missing or is not a number")
        ends, limits = _ends(snapshot), snapshot.limits
        if not ends or is_each_between(ends, limits.each_lower, limits.each_upper):
            return PASSED
        beyond, worst = 0.0, -1
        for i, (value, axis) in enumerate(zip(ends, limits.axes, strict=True)):
            excess = max(axis.lower - value, value - axis.upper)
            if excess > beyond:
                beyond, worst = excess, i
        if worst < 0:
            return PASSED
        axis, value = limits.axes[worst], ends[worst]
        limit = axis.lower if value < axis.lower else axis.upper
        reason = f"{axis.name} commanded to {value:.4g} {axis.unit}, limit {limit} {axis.unit}"
        return Verdict("position", Action.CLAMP, reason, 1.0, axis.name, value, limit, axis.unit)


def _is_lost(snapshot: Snapshot) -> bool:
    """Joint velocities pass, and where the joints are is not known."""
    if snapshot.limits.is_position or not snapshot.limits.joint_indices or not snapshot.is_armed:
        return False
    return snapshot.measured is None or not all(map(math.isfinite, snapshot.measured))


def _ends(snapshot: Snapshot) -> Values:
    """(d) where the command leads: its positions, or where its velocities, as far as the axes may go so fast,
    come to rest; empty without one.
    """
    limits, wanted = snapshot.limits, snapshot.wanted
    if wanted is None or limits.is_position:
        return wanted or ()
    dt_s = limits.period_s
    rows = zip(snapshot.measured or (), wanted, limits.axes, strict=False)
    bounded = [(at, min(max(speed, -axis.velocity), axis.velocity), axis) for at, speed, axis in rows]
    return tuple(
        [at + speed * dt_s + braking_travel(speed, 0.0, axis, dt_s)[2] for at, speed, axis in bounded]
    )


check_registry.register("position")(Position)
