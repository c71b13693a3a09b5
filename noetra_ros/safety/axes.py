"""Limits of the axes of one command channel, from the robot profile."""

from __future__ import annotations

import math

from noetra_ros.core.errors import ConfigError, Fault
from noetra_ros.core.types import CommandKind
from noetra_ros.robots.channels import Channel, OpeningLimits, TwistLimits
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.robots.urdf import position_units
from noetra_ros.safety.axis_limits import AxisLimits

TWIST_AXES = ("vx", "vy", "wz")
TOOL_AXES = ("vx", "vy", "vz", "wx", "wy", "wz")


def axes_of(profile: RobotProfile, channel: Channel) -> tuple[AxisLimits, ...]:
    """Axes of a channel, message order; rates and positions at what commands may use of them.

    Raises:
        ConfigError: a twist without its limits.
    """
    if channel.kind is CommandKind.BASE_TWIST:
        return _base_axes(profile, channel)
    if channel.kind is CommandKind.EE_TWIST:
        return _tool_axes(profile, channel)
    if channel.opening is not None:
        return _opening_axes(channel, channel.opening)
    return _joint_axes(profile, channel)


def _joint_axes(profile: RobotProfile, channel: Channel) -> tuple[AxisLimits, ...]:
    units = dict(zip(channel.joints, position_units(profile.urdf_path, channel.joints), strict=True))
    return tuple(
        AxisLimits(
            name=name,
            unit=units[name],
            lower=limits.lower_rad + channel.position_reserve_rad,
            upper=limits.upper_rad - channel.position_reserve_rad,
            velocity=channel.command_share * limits.velocity_radps,
            acceleration=channel.command_share * limits.acceleration_radps2,
            jerk=channel.command_share * limits.jerk_radps3,
            tracking_error=limits.tracking_error_rad,
        )
        for name, limits in ((name, profile.joints[name]) for name in channel.joints)
    )


def _opening_axes(channel: Channel, limits: OpeningLimits) -> tuple[AxisLimits, ...]:
    share, (name,) = channel.command_share, channel.joints
    return (
        AxisLimits(
            name=name,
            unit="m",
            lower=limits.lower_m,
            upper=limits.upper_m,
            velocity=share * limits.velocity_mps,
            acceleration=share * limits.acceleration_mps2,
            jerk=share * limits.jerk_mps3,
            tracking_error=limits.tracking_error_m,
        ),
    )


def _base_axes(profile: RobotProfile, channel: Channel) -> tuple[AxisLimits, ...]:
    base = profile.base
    if base is None:
        raise ConfigError(f"robot {profile.name}", [Fault("base", "nothing", "limits of the base")])
    speeds = (base.linear_mps, base.lateral_mps, base.angular_radps)
    accelerations = (base.linear_mps2, base.linear_mps2, base.angular_radps2)
    jerks = (base.linear_mps3, base.linear_mps3, base.angular_radps3)
    share = channel.command_share
    return tuple(
        AxisLimits(name, unit, -math.inf, math.inf, share * speed, share * acceleration, share * jerk)
        for name, unit, speed, acceleration, jerk in zip(
            TWIST_AXES, ("m", "m", "rad"), speeds, accelerations, jerks, strict=True
        )
    )


def _tool_axes(profile: RobotProfile, channel: Channel) -> tuple[AxisLimits, ...]:
    """Each part of a vector gets the share of its limit with which three of them together keep it: on the
    safe side, a tool that goes along one axis has 58 % of what the profile allows.
    """
    limits = channel.twist
    if limits is None:
        fault = Fault("twist", "nothing", "frame and limits of the tool")
        raise ConfigError(f"robot {profile.name}", [fault])
    rates = _parts(channel, limits)
    return tuple(
        AxisLimits(name, unit, -math.inf, math.inf, *rates[unit])
        for name, unit in zip(TOOL_AXES, ("m",) * 3 + ("rad",) * 3, strict=True)
    )


def _parts(channel: Channel, limits: TwistLimits) -> dict[str, tuple[float, float, float]]:
    """Velocity, acceleration and jerk of each part, by unit."""

    def part(limit: float) -> float:
        return channel.command_share * (limit / math.sqrt(3.0))

    return {
        "m": (part(limits.linear_mps), part(limits.linear_mps2), part(limits.linear_mps3)),
        "rad": (part(limits.angular_radps), part(limits.angular_radps2), part(limits.angular_radps3)),
    }
