"""Check: in the mode reduced speed the tool moves at most 250 mm/s, or what the configuration says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from noetra_ros.core.config import setting
from noetra_ros.safety.check import check_registry
from noetra_ros.safety.limits import ChannelLimits
from noetra_ros.safety.snapshot import Snapshot
from noetra_ros.safety.verdict import Action, Verdict, passed


@check_registry.register("reduced_speed")
@dataclass(frozen=True)
class ReducedSpeed:
    """Slows all axes so far that no motion of theirs moves the tool faster than `reduced_speed_mps` while the
    mode is on; stops where the joints are not known. Cannot catch links other than the tool, nor the
    arm passing into a posture where the tool goes faster within one period.
    """

    reduced_speed_mps: float = setting("m/s", "highest speed of the tool in the mode", minimum=0.0)

    def unmet(self, limits: ChannelLimits) -> str:
        """It needs the kinematics of the tool."""
        return (
            ""
            if limits.tool is not None and limits.is_position
            else "no tool with kinematics on this channel"
        )

    def evaluate(self, snapshot: Snapshot) -> Verdict:
        """SLOW to the share of the speed limits at which the tool keeps the limit."""
        tool = snapshot.limits.tool
        if not snapshot.is_speed_reduced or tool is None:
            return passed("reduced_speed")
        if snapshot.joint_positions is None:
            return Verdict("reduced_speed", Action.STOP, "the tool speed is unknown: no joint states")
        jacobian = tool.tool_jacobian(snapshot.joint_positions)[:3, list(snapshot.limits.joint_indices)]
        fastest_mps = float(np.linalg.norm(np.abs(jacobian) @ np.array(snapshot.limits.column("velocity"))))
        if not fastest_mps >= 0.0:
            return Verdict("reduced_speed", Action.STOP, "the tool speed is not a number")
        scale = min(1.0, self.reduced_speed_mps / max(fastest_mps, 1e-9))
        if scale >= 1.0:
            return passed("reduced_speed")
        reason = (
            f"reduced speed: the tool could move {fastest_mps:.2f} m/s, {self.reduced_speed_mps} are allowed"
        )
        return Verdict(
            "reduced_speed", Action.SLOW, reason, scale, "tool", fastest_mps, self.reduced_speed_mps, "m/s"
        )
