"""Check: the change of acceleration that a command asks for."""

from __future__ import annotations

from dataclasses import dataclass

from noetra_ros.safety.axis_excess import worst_axis
from noetra_ros.safety.check import check_registry
from noetra_ros.safety.snapshot import Snapshot
from noetra_ros.safety.verdict import Action, Verdict, passed


@check_registry.register("jerk")
@dataclass(frozen=True)
class Jerk:
    """Clamps a command whose change of acceleration within one period is above the limit; never stops. Finite
    differences of commands: cannot catch what the controller makes of them.
    """

    def evaluate(self, snapshot: Snapshot) -> Verdict:
        """CLAMP with the axis that is farthest above its limit."""
        if snapshot.wanted is None:
            return passed("jerk")
        limits, dt_s = snapshot.limits, snapshot.limits.period_s
        velocity = snapshot.wanted
        if limits.is_position:
            velocity = (snapshot.wanted - snapshot.sent) / dt_s
        acceleration = (velocity - snapshot.sent_velocity) / dt_s
        asked = (acceleration - snapshot.sent_acceleration) / dt_s
        worst = worst_axis(asked, limits.column("jerk"), slack=1e-6)
        if worst is None:
            return passed("jerk")
        axis, value = limits.axes[worst], abs(float(asked[worst]))
        unit = f"{axis.unit}/s3"
        reason = f"{axis.name} would jerk by {value:.4g} {unit}, limit {axis.jerk} {unit}"
        return Verdict("jerk", Action.CLAMP, reason, 1.0, axis.name, value, axis.jerk, unit)
