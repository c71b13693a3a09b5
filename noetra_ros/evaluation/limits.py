"""The limits that the oracle holds the physics against: from the robot profile and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.robots.profile import BaseLimits, RobotProfile


@dataclass(frozen=True)
class AxisLimits:
    """Limits of every axis of a robot, one array each.

    Attributes:
        names: (d) joints in profile order, or ``vx``, ``vy``, ``wz`` of a base.
        lower: (d,) rad; -inf where an axis has no position limit.
        upper: (d,) rad; +inf likewise.
        velocity: (d,) rad/s or m/s.
        acceleration: (d,) rad/s2 or m/s2.
        jerk: (d,) rad/s3 or m/s3.
        position_unit: (d) ``rad`` or ``m``; velocity and acceleration units follow from it.
    """

    names: tuple[str, ...]
    lower: FloatArray
    upper: FloatArray
    velocity: FloatArray
    acceleration: FloatArray
    jerk: FloatArray
    position_unit: tuple[str, ...]

    @property
    def braking_time_s(self) -> float:
        """Longest time that any axis needs from full speed to rest within its own limits, s.

        Trapezoidal acceleration: v / a + a / j.
        """
        return float(np.max(self.velocity / self.acceleration + self.acceleration / self.jerk))

    def target_unit(self, axis: int) -> str:
        """Unit of the controller's target: a position where the axis has a position limit, else a speed."""
        return self.position_unit[axis] + ("" if np.isfinite(self.upper[axis]) else "/s")

    def select(self, names: tuple[str, ...]) -> AxisLimits:
        """The limits of some axes, in that order."""
        index = [self.names.index(name) for name in names]
        return AxisLimits(
            names,
            *(a[index] for a in (self.lower, self.upper, self.velocity, self.acceleration, self.jerk)),
            tuple(self.position_unit[i] for i in index),
        )


def limits_of(profile: RobotProfile) -> AxisLimits:
    """All axes of a robot: its joints, or the twist of its base where it has no joints."""
    if profile.joints:
        return _joint_limits(profile)
    if profile.base is None:
        raise ValueError(f"robot {profile.name} has neither joints nor a base: nothing to judge")
    return _base_limits(profile.base)


def limits_of_channel(profile: RobotProfile, name: str = "") -> AxisLimits:
    """The axes that a command channel moves; `name` empty = the default one."""
    channel = profile.channel(name)
    if channel.joints:
        return _joint_limits(profile).select(channel.joints)
    if profile.base is None:
        raise ValueError(f"robot {profile.name} has no base, but channel {name or profile.default_channel}")
    return _base_limits(profile.base)


def _joint_limits(profile: RobotProfile) -> AxisLimits:
    rows = list(profile.joints.values())
    return AxisLimits(
        profile.joint_names,
        np.array([r.lower_rad for r in rows]),
        np.array([r.upper_rad for r in rows]),
        np.array([r.velocity_radps for r in rows]),
        np.array([r.acceleration_radps2 for r in rows]),
        np.array([r.jerk_radps3 for r in rows]),
        ("rad",) * len(rows),
    )


def _base_limits(base: BaseLimits) -> AxisLimits:
    linear, angular = (base.linear_mps2, base.linear_mps3), (base.angular_radps2, base.angular_radps3)
    acceleration, jerk = np.array([linear, linear, angular]).T
    return AxisLimits(
        ("vx", "vy", "wz"),
        np.full(3, -np.inf),
        np.full(3, np.inf),
        np.array([base.linear_mps, base.lateral_mps, base.angular_radps]),
        acceleration,
        jerk,
        ("m", "m", "rad"),
    )
