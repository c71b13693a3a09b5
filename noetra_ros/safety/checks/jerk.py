"""Check: the change of acceleration that a command asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from noetra_ros.safety.axis_excess import worst_axis
from noetra_ros.safety.check import check_registry
from noetra_ros.safety.snapshot import Snapshot
from noetra_ros.safety.verdict import Action, Verdict, passed

PASSED: Final = passed("jerk")


@dataclass(frozen=True)
class Jerk:
    """Clamps a command whose change of acceleration within one period is above the limit; never stops. Finite
    differences of commands: cannot catch what the controller makes of them.
    """

    def evaluate(self, snapshot: Snapshot) -> Verdict:
        """CLAMP with the axis that is farthest above its limit."""
        limits, asked = snapshot.limits, snapshot.asked_jerk
        worst = worst_axis(asked, limits.each_jerk, slack=1e-6) if asked else None
        if worst is None:
            return PASSED
        axis, value = limits.axes[worst], abs(asked[worst])
        unit = f"{axis.unit}/s3"
        reason = f"{axis.name} would jerk by {value:.4g} {unit}, limit {axis.jerk} {unit}"
        return Verdict("jerk", Action.CLAMP, reason, 1.0, axis.name, value, axis.jerk, unit)


check_registry.register("jerk")(Jerk)
