"""Controller time-out: where the supervisor itself dies, the controller is what stops the robot."""

from __future__ import annotations

from noetra_ros.core.errors import Fault
from noetra_ros.core.types import CommandKind
from noetra_ros.policy.preflight import PREFLIGHT_CHECKS, Comparison, Serving
from noetra_ros.policy.spec import PolicySpec


@PREFLIGHT_CHECKS.register("controller_timeout")
def controller_timeout(spec: PolicySpec, serving: Serving) -> Comparison:
    """Of a channel of speeds; a robot that is sent positions ends at the last one."""
    channel = serving.channel
    if channel.kind in (CommandKind.JOINT_POSITION, CommandKind.GRIPPER):
        return Comparison(same=("where commands end, the robot stays at the last position",))
    timeout_s = channel.controller_timeout_s
    if timeout_s is None or timeout_s <= 0.0:
        key = f"channels.{serving.channel_name or serving.robot.default_channel}.controller_timeout_s"
        remedy = "set the controller's own time-out (diff_drive_controller: cmd_vel_timeout) and say it here"
        expected = "> 0 s: speeds go on until somebody ends them, and the supervisor may be the one that died"
        return Comparison(faults=(Fault(key, f"{timeout_s}", expected, remedy),))
    return Comparison(same=(f"where commands end, the controller stops the robot after {timeout_s:g} s",))
