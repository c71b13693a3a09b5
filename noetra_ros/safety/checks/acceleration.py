"""Check: the change of speed that a command asks for."""

from __future__ import annotations

from dataclasses import dataclass

from noetra_ros.safety.axis_excess import worst_axis
from noetra_ros.safety.check import check_registry
from noetra_ros.safety.snapshot import Snapshot
from noetra_ros.safety.verdict import Action, Verdict, passed


@check_registry.register("acceleration")
@dataclass(frozen=True)
class Acceleration:
    """Clamps a command whose change of velocity within one period is above the limit; never stops. Finite
    differences of commands: cannot catch what the controller makes of them.
    """

    def evaluate(self, snapshot: Snapshot) -> Verdict:
        """CLAMP with the axis that is farthest above its limit."""
        if snapshot.wanted is None:
            return passed("acceleration")
        limits, dt_s = snapshot.limits, snapshot.limits.period_s
        velocity = snapshot.wanted
        if limits.is_position:
            velocity = (snapshot.wanted - snapshot.sent) / dt_s
        asked = (velocity - snapshot.sent_velocity) / dt_s
        worst = worst_axis(asked, limits.column("acceleration"))
        if worst is None:
            return passed("acceleration")
        axis, value = limits.axes[worst], abs(float(asked[worst]))
        unit = f"{axis.unit}/s2"
        reason = f"{axis.name} would accelerate by {value:.4g} {unit}, limit {axis.acceleration} {unit}"
        return Verdict("acceleration", Action.CLAMP, reason, 1.0, axis.name, value, axis.acceleration, unit)
