"""Check: the speed that a command asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from noetra_ros.safety.axis_excess import worst_axis
from noetra_ros.safety.check import check_registry
from noetra_ros.safety.snapshot import Snapshot
from noetra_ros.safety.verdict import Action, Verdict, passed

PASSED: Final = passed("velocity")


@dataclass(frozen=True)
class Velocity:
    """Clamps a command that is farther from the last sent one than the velocity limit allows in one period
    (or a twist above its limit); never stops. Cannot catch a robot that moves faster than it is told.
    """

    def evaluate(self, snapshot: Snapshot) -> Verdict:
        """CLAMP with the axis that is farthest above its limit."""
        limits, asked = snapshot.limits, snapshot.asked_velocity
        worst = worst_axis(asked, limits.each_velocity) if asked else None
        if worst is None:
            return PASSED
        axis, value = limits.axes[worst], abs(asked[worst])
        unit = f"{axis.unit}/s"
        reason = f"{axis.name} would move at {value:.4g} {unit}, limit {axis.velocity} {unit}"
        return Verdict("velocity", Action.CLAMP, reason, 1.0, axis.name, value, axis.velocity, unit)


check_registry.register("velocity")(Velocity)
