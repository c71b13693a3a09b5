"""A small motion to be stopped: one joint swings towards the middle of its range, or a base drives gently."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import CommandKind, FloatArray
from noetra_ros.robots.profile import Channel, RobotProfile

SPEED_SHARE = 0.5  # of the axis' own limit
MOST_RADPS, MOST_MPS = 0.5, 0.2
RISE_S = 0.8  # until a speed that is commanded has its full value


@dataclass(frozen=True)
class EstopMotion:
    """Commands by time, (d,) in the order of the channel.

    Attributes:
        start: (d,) positions at time 0; zeros where speeds are commanded.
        column: of the axis that moves.
        speed: largest, signed, rad/s or m/s; reached at `press_s`.
        is_position: the commands are positions.
        end: position that the moving joint is not sent beyond, rad; not looked at for speeds.
    """

    start: FloatArray
    column: int
    speed: float
    is_position: bool
    end: float = math.nan

    @property
    def press_s(self) -> float:
        """When the motion is fastest."""
        return RISE_S

    def at(self, time_s: float) -> FloatArray:
        """The command of an instant: the speed rises to its full value and stays there."""
        turn = 0.5 * math.pi / RISE_S  # rad/s of a sine whose first quarter is the rise
        rising_s = min(time_s, RISE_S)
        values = self.start.copy()
        if self.is_position:
            way = self.speed * ((1.0 - math.cos(turn * rising_s)) / turn + time_s - rising_s)
            far = abs(self.end - self.start[self.column])
            values[self.column] += math.copysign(min(abs(way), far), self.speed)
        else:
            values[self.column] = self.speed * math.sin(turn * rising_s)
        return values


def motion_of(
    profile: RobotProfile, channel: Channel, joint: str, here: FloatArray, sign: int
) -> EstopMotion:
    """The motion of one press.

    Args:
        profile, channel: what is moved.
        joint: which one; empty = the first of the channel. Not asked for where a base is moved.
        here: (d,) measured positions of the channel's joints, rad; not looked at for a base.
        sign: direction of a base or of commanded joint speeds, +1 or -1.

    Raises:
        ConfigError: the channel has no such joint, or is of a tool or a gripper.
    """
    if channel.kind in (CommandKind.EE_TWIST, CommandKind.GRIPPER):
        expected = "a channel of joints or of a base"
        raise single_fault("noetra estop-test", "--channel", channel.kind.value, expected)
    if channel.kind is CommandKind.BASE_TWIST:
        assert profile.base is not None, "a channel of twists has a base"
        speed = min(SPEED_SHARE * profile.base.linear_mps, MOST_MPS)
        return EstopMotion(np.zeros(3), 0, sign * speed, False)
    name = joint or channel.joints[0]
    if name not in channel.joints:
        raise single_fault("noetra estop-test", "--joint", repr(name), f"one of {', '.join(channel.joints)}")
    column, limits = channel.joints.index(name), profile.joints[name]
    speed = min(SPEED_SHARE * channel.command_share * limits.velocity_radps, MOST_RADPS)
    if channel.kind is CommandKind.JOINT_VELOCITY:
        return EstopMotion(np.zeros(len(channel.joints)), column, sign * speed, False)
    middle = 0.5 * (limits.lower_rad + limits.upper_rad)
    signed = math.copysign(speed, middle - here[column])
    return EstopMotion(
        here.copy(), column, signed, True, limits.upper_rad if signed > 0 else limits.lower_rad
    )
