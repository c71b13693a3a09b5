"""The limits that the oracle holds the physics against: from the robot profile and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.robots.channels import OpeningLimits, TwistLimits
from noetra_ros.robots.profile import BaseLimits, RobotProfile
from noetra_ros.robots.urdf import position_units

TOOL_AXES = ("vx", "vy", "vz", "wx", "wy", "wz")


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
    """All axes of a robot: its joints, the twist of its base, or both."""
    if profile.joints and profile.base is not None:
        return _joined(_joint_limits(profile), _base_limits(profile.base))
    if profile.joints:
        return _joint_limits(profile)
    if profile.base is None:
        raise ValueError(f"robot {profile.name} has neither joints nor a base: nothing to judge")
    return _base_limits(profile.base)


def _joined(first: AxisLimits, second: AxisLimits) -> AxisLimits:
    columns = ("lower", "upper", "velocity", "acceleration", "jerk")
    arrays = (np.concatenate([getattr(first, name), getattr(second, name)]) for name in columns)
    units = (*first.position_unit, *second.position_unit)
    return AxisLimits((*first.names, *second.names), *arrays, units)


def limits_of_channel(profile: RobotProfile, name: str = "") -> AxisLimits:
    """The axes that a command channel moves; `name` empty = the default one."""
    channel = profile.channel(name)
    if channel.twist is not None:
        return _tool_limits(channel.twist)
    if channel.opening is not None:
        return _opening_limits(channel.joints, channel.opening)
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
        position_units(profile.urdf_path, profile.joint_names),
    )


def _opening_limits(names: tuple[str, ...], own: OpeningLimits) -> AxisLimits:
    rows = (own.lower_m, own.upper_m, own.velocity_mps, own.acceleration_mps2, own.jerk_mps3)
    return AxisLimits(names, *(np.array([value]) for value in rows), ("m",))


def _tool_limits(own: TwistLimits) -> AxisLimits:
    """Of each part of a twist: three of them together have the length that the profile allows."""
    linear = (own.linear_mps, own.linear_mps2, own.linear_mps3)
    angular = (own.angular_radps, own.angular_radps2, own.angular_radps3)
    rows = np.array([linear] * 3 + [angular] * 3).T / np.sqrt(3.0)
    free = np.full(6, np.inf)
    return AxisLimits(TOOL_AXES, -free, free, *rows, ("m",) * 3 + ("rad",) * 3)


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
