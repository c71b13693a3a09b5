"""Check: commanded joint positions are within their limits, and can still be braked within them."""

from __future__ import annotations

from dataclasses import dataclass

from noetra_ros.safety.check import check_registry
from noetra_ros.safety.limits import ChannelLimits
from noetra_ros.safety.snapshot import Snapshot
from noetra_ros.safety.verdict import Action, Verdict, passed


@check_registry.register("position")
@dataclass(frozen=True)
class Position:
    """Clamps a command beyond a position limit of the profile; never stops. Judges commands only: it cannot
    catch a joint that something else pushes beyond its limit, which is the concern of `tracking_error`.
    """

    def unmet(self, limits: ChannelLimits) -> str:
        """Twists have no position."""
        return (
            "" if limits.is_position else f"it judges joint positions, the channel takes {limits.kind.value}"
        )

    def evaluate(self, snapshot: Snapshot) -> Verdict:
        """CLAMP with the axis that is farthest outside."""
        wanted = snapshot.wanted
        if wanted is None:
            return passed("position")
        beyond, worst = 0.0, -1
        for i, (value, axis) in enumerate(zip(wanted, snapshot.limits.axes, strict=True)):
            excess = max(axis.lower - value, value - axis.upper)
            if excess > beyond:
                beyond, worst = excess, i
        if worst < 0:
            return passed("position")
        axis, value = snapshot.limits.axes[worst], wanted[worst]
        limit = axis.lower if value < axis.lower else axis.upper
        reason = f"{axis.name} commanded to {value:.4g} {axis.unit}, limit {limit} {axis.unit}"
        return Verdict("position", Action.CLAMP, reason, 1.0, axis.name, value, limit, axis.unit)
