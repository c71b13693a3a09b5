"""Check: a gripper presses no harder than the profile allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from noetra_ros.safety.check import check_registry
from noetra_ros.safety.limits import ChannelLimits
from noetra_ros.safety.naming import is_usable_effort
from noetra_ros.safety.snapshot import Snapshot
from noetra_ros.safety.verdict import Action, Verdict, passed

NAME = "grip_force"
PASSED: Final = passed(NAME)


@dataclass(frozen=True)
class GripForce:
    """Clamps a grip that is asked to be harder than `force_n` or `effort_nm` of the channel; stops on one
    that is negative or not a number. A command without an effort is sent with the limit. Cannot catch a
    gripper that presses harder than it is told, nor what is too soft for the force that is allowed.
    """

    def unmet(self, limits: ChannelLimits) -> str:
        """It needs a message that carries the effort, and its limit."""
        return "" if limits.effort is not None else "commands of this channel say nothing of a force"

    def evaluate(self, snapshot: Snapshot) -> Verdict:
        """CLAMP with the effort that is asked for; STOP where it is none."""
        efforts, limit = snapshot.command_efforts, snapshot.limits.effort
        if efforts is None or limit is None:
            return PASSED
        name = snapshot.limits.names[0]
        if not is_usable_effort(efforts, snapshot.limits):
            reason = f"{name}: effort is {efforts.tolist()}, expected one number from 0 on"
            return Verdict(NAME, Action.STOP, reason, 1.0, name)
        asked = float(efforts[0])
        if asked <= limit.most:
            return PASSED
        reason = f"{name} would grip with {asked:.4g} {limit.unit}, limit {limit.most} {limit.unit}"
        return Verdict(NAME, Action.CLAMP, reason, 1.0, name, asked, limit.most, limit.unit)


check_registry.register(NAME)(GripForce)
