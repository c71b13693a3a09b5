"""What a setpoint stream may do: range of its values and bounds of their first three derivatives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from noetra_ros.core.types import CommandKind, FloatArray
from noetra_ros.robots.profile import Channel, RobotProfile

TWIST_NAMES = ("vx", "vy", "wz")


@dataclass(frozen=True)
class StreamLimits:
    """Bounds of a stream of values (positions or speeds), by column.

    Attributes:
        names: (d) joint names, or vx, vy, wz.
        lower, upper: (d,) range of the values.
        first, second, third: (d,) bounds of the derivatives' size: unit/s, unit/s2, unit/s3. A column that
            may not move at all (sideways speed of a differential drive) has lower = upper.
    """

    names: tuple[str, ...]
    lower: FloatArray
    upper: FloatArray
    first: FloatArray
    second: FloatArray
    third: FloatArray


def channel_limits(profile: RobotProfile, channel: Channel, fraction: float, period_s: float) -> StreamLimits:
    """Limits of one channel; derivatives at `fraction` of what commands may use: none is left to be clamped.

    A stream of speeds has acceleration and jerk as its first two derivatives; its third may change the jerk
    fully within one period, because the profile bounds nothing beyond.

    Args:
        profile: the robot.
        channel: one of its command channels.
        fraction: 0..1.
        period_s: s between setpoints.
    """
    fraction *= channel.command_share
    if channel.kind is CommandKind.BASE_TWIST:
        return _twist_limits(profile, fraction, period_s)
    joints = [profile.joints[name] for name in channel.joints]
    velocity = fraction * np.array([j.velocity_radps for j in joints])
    acceleration = fraction * np.array([j.acceleration_radps2 for j in joints])
    jerk = fraction * np.array([j.jerk_radps3 for j in joints])
    if channel.kind is CommandKind.JOINT_VELOCITY:
        return StreamLimits(channel.joints, -velocity, velocity, acceleration, jerk, jerk / period_s)
    lower = np.array([j.lower_rad for j in joints]) + channel.position_reserve_rad
    upper = np.array([j.upper_rad for j in joints]) - channel.position_reserve_rad
    return StreamLimits(channel.joints, lower, upper, velocity, acceleration, jerk)


def _twist_limits(profile: RobotProfile, fraction: float, period_s: float) -> StreamLimits:
    base = profile.base
    assert base is not None, "the profile loader refuses a twist channel without base limits"
    speed = fraction * np.array([base.linear_mps, base.lateral_mps, base.angular_radps])
    acceleration = fraction * np.array([base.linear_mps2, base.linear_mps2, base.angular_radps2])
    jerk = fraction * np.array([base.linear_mps3, base.linear_mps3, base.angular_radps3])
    return StreamLimits(TWIST_NAMES, -speed, speed, acceleration, jerk, jerk / period_s)
