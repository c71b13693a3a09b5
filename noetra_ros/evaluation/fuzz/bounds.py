"""What the oracle holds the core against: from the robot profile and the YAML of the supervisor alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from noetra_ros.core.config import read_yaml
from noetra_ros.core.resources import share_folder
from noetra_ros.core.types import CommandKind, FloatArray
from noetra_ros.evaluation.limits import limits_of_channel
from noetra_ros.robots.profile import RobotProfile, WorkspaceBox

NS_PER_S = 1e9
MOVE_THE_TOOL = (CommandKind.JOINT_POSITION, CommandKind.EE_TWIST)


@dataclass(frozen=True)
class Bounds:
    """Limits of one channel and thresholds of its supervisor.

    Attributes:
        kind: what values mean.
        names: (d) axes.
        period_s: s between commands.
        lower: (d,) of what is sent; -inf for twists.
        upper: (d,) likewise.
        velocity: (d,) unit/s.
        acceleration: (d,) unit/s2.
        jerk: (d,) unit/s3.
        tracking_error: (d,) unit; infinite for twists.
        joints_at: (d) place of each axis among the robot's joints; empty for twists.
        stream_age_s: s by stream, in the order in which the record counts them.
        boxes: of each tool, that of twists first; empty = anywhere.
        effort: hardest grip, N or Nm; NaN = the channel carries none.
        frame: whose axes twists of the tool are given in; empty on other channels.
        profile: the robot.
        settings: parameters of the supervisor by name.
        takes_trajectories: after arming, it waits for a whole trajectory.
    """

    kind: CommandKind
    names: tuple[str, ...]
    period_s: float
    lower: FloatArray
    upper: FloatArray
    velocity: FloatArray
    acceleration: FloatArray
    jerk: FloatArray
    tracking_error: FloatArray
    joints_at: tuple[int, ...]
    stream_age_s: Mapping[str, float]
    boxes: tuple[WorkspaceBox, ...]
    profile: RobotProfile
    settings: Mapping[str, Any]
    effort: float = np.nan
    frame: str = ""
    takes_trajectories: bool = False

    @property
    def is_position(self) -> bool:
        """Values are positions."""
        return self.kind in (CommandKind.JOINT_POSITION, CommandKind.GRIPPER)

    @property
    def is_tool_twist(self) -> bool:
        """Values are twists of the tool."""
        return self.kind is CommandKind.EE_TWIST

    @property
    def braking_s(self) -> float:
        """Longest stop of any axis from its full speed, whatever acceleration is under way: ramp out of one
        acceleration, ramp into the other, ramp out again, and the speed that the first ramp adds.
        """
        ramp_s = self.acceleration / self.jerk
        peak = self.velocity + 0.5 * self.acceleration * ramp_s
        return float(np.max(peak / self.acceleration + 3.0 * ramp_s)) + 4.0 * self.period_s

    def number(self, name: str) -> float:
        """One numeric setting."""
        return float(self.settings[name])

    def sources(self, name: str) -> tuple[str, ...]:
        """A setting that names sources; blank = none."""
        return tuple(word for word in self.settings[name] if word)


def shipped_settings() -> dict[str, Any]:
    """Parameters of config/supervisor.yaml."""
    (node,) = read_yaml(share_folder() / "config" / "supervisor.yaml").values()
    return dict(node["ros__parameters"])


def bounds_of(profile: RobotProfile, channel: str, settings: Mapping[str, Any]) -> Bounds:
    """Bounds of a channel.

    Args:
        profile: robot.
        channel: name; empty = the default one.
        settings: all parameters of the supervisor, by name.
    """
    own, limits = profile.channel(channel), limits_of_channel(profile, channel)
    share, reserve = own.command_share, own.position_reserve_rad
    joints = profile.joint_names
    errors = [profile.joints[name].tracking_error_rad for name in own.joints]
    velocity = share * limits.velocity
    if own.kind is CommandKind.EE_TWIST:
        # In any direction: three parts, each with the share that all of them may have.
        velocity[:3] = np.minimum(velocity[:3], settings["tool_speed_mps"] / np.sqrt(3.0))
    return Bounds(
        kind=own.kind,
        names=limits.names,
        period_s=1.0 / own.rate_hz,
        lower=limits.lower + reserve,
        upper=limits.upper - reserve,
        velocity=velocity,
        acceleration=share * limits.acceleration,
        jerk=share * limits.jerk,
        tracking_error=np.array(errors or [np.inf] * len(limits.names)),
        joints_at=tuple(joints.index(name) for name in own.joints),
        stream_age_s={name: stream.max_age_s for name, stream in profile.streams.items()},
        boxes=profile.tool_boxes if own.kind in MOVE_THE_TOOL else (),
        profile=profile,
        settings=settings,
        effort=np.nan if own.effort_nm is None else own.effort_nm,
        frame=own.twist.frame if own.twist is not None else "",
        takes_trajectories=own.message == "trajectory_msgs/JointTrajectory"
        and own.kind is CommandKind.JOINT_POSITION,
    )
