"""Check: in the mode reduced speed the tool moves at most 250 mm/s, or what the configuration says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from noetra_ros.core.config import setting
from noetra_ros.core.types import CommandKind
from noetra_ros.safety.check import check_registry
from noetra_ros.safety.limits import ChannelLimits
from noetra_ros.safety.snapshot import Snapshot
from noetra_ros.safety.verdict import Action, Verdict, passed

PASSED: Final = passed("reduced_speed")


@dataclass(frozen=True)
class ReducedSpeed:
    """Slows all axes so far that no motion of theirs moves a tool faster than `reduced_speed_mps` while the
    mode is on; stops where the joints are not known. Cannot catch links other than the tools, nor the
    arm passing into a posture where the tool goes faster within one period. Of a channel of tool twists it
    bounds the twist, and cannot catch a controller that moves the tool otherwise.
    """

    reduced_speed_mps: float = setting("m/s", "highest speed of the tool in the mode", minimum=0.0)

    def unmet(self, limits: ChannelLimits) -> str:
        """It needs twists of the tool, or its kinematics."""
        is_known = limits.kind is CommandKind.EE_TWIST or (limits.tool is not None and limits.is_position)
        return "" if is_known else "no tool with kinematics on this channel"

    def evaluate(self, snapshot: Snapshot) -> Verdict:
        """SLOW to the share of the speed limits at which the tool keeps the limit."""
        if not snapshot.is_speed_reduced:
            return PASSED
        fastest_mps = _fastest_mps(snapshot)
        if fastest_mps is None:
            return Verdict("reduced_speed", Action.STOP, "the tool speed is unknown: no joint states")
        if not fastest_mps >= 0.0:
            return Verdict("reduced_speed", Action.STOP, "the tool speed is not a number")
        scale = min(1.0, self.reduced_speed_mps / max(fastest_mps, 1e-9))
        if scale >= 1.0:
            return PASSED
        reason = (
            f"reduced speed: the tool could move {fastest_mps:.2f} m/s, {self.reduced_speed_mps} are allowed"
        )
        return Verdict(
            "reduced_speed", Action.SLOW, reason, scale, "tool", fastest_mps, self.reduced_speed_mps, "m/s"
        )


def _fastest_mps(snapshot: Snapshot) -> float | None:
    """Highest speed of any tool that the limits of the axes allow; None where it is not known."""
    limits, tools = snapshot.limits, snapshot.limits.tools
    speeds = np.array(limits.each_velocity)
    if limits.kind is CommandKind.EE_TWIST:
        return float(np.linalg.norm(speeds[:3]))
    if not tools or snapshot.joint_positions is None:
        return None
    columns = list(limits.joint_indices)
    at = snapshot.joint_positions
    jacobians = [tool.kinematics.tool_linear_jacobian(at)[:, columns] for tool in tools]
    fastest = np.linalg.norm(np.abs(jacobians) @ speeds, axis=1)
    return float(fastest.max())  # hands NaN on


check_registry.register("reduced_speed")(ReducedSpeed)
